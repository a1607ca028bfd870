import { isAddress } from "../command-line/checks.ts";
import { ENVIRONMENT } from "../command-line/flags.ts";
import { subcommand } from "../command-line/subcommand.ts";

export const runbook = subcommand({
  name: "runbook",
  summary: "print the runbook of an alert with its labels filled in, and what changed last",
  description:
    "Prints the page of an alert with its labels in the commands and queries. With --prometheus, the labels and texts are those of the alert that fires " +
    "now, and the rollouts of the last day in its namespace are listed. With --environment, the owner, the receivers and the panel come from the last preview, " +
    "and the last deployments from pulumi stack history. Changes nothing. A token in the variable PROMETHEUS_TOKEN is sent as bearer token.",
  arguments: [{ name: "alert", summary: "the name of the alert, such as KubePodCrashLooping" }],
  flags: {
    labels: {
      type: "text",
      value: "<name=value,…>",
      summary:
        "labels of the alert, such as namespace=shop,pod=web-0; default: those of the alert that fires",
    },
    prometheus: {
      type: "text",
      value: "<URL>",
      summary: "the address of the Prometheus that evaluates the alert",
      check: isAddress,
    },
    environment: { ...ENVIRONMENT, summary: "the environment that the alert is of" },
  },
  examples: [
    {
      line: "runbook KubePodCrashLooping --labels namespace=shop,pod=web-0",
      summary: "Prints the page with this namespace and this pod.",
    },
    {
      line: "runbook SLOErrorBudgetBurnFast --prometheus http://localhost:9090 --environment prod",
      summary: "Prints the page of the alert that fires now, and what changed last.",
    },
  ],
  exits: { 0: "the page is printed" },
  run: {
    repository: async ([alert = ""], flags, surroundings) => {
      const { printRunbook } = await import("../repository/runbook.ts");
      return printRunbook(alert, flags, surroundings);
    },
  },
});
