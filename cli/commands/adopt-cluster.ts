import { oneOf } from "../command-line/checks.ts";
import { type Check, subcommand } from "../command-line/subcommand.ts";

/** Loaded when it is asked for, as the other lists of checks are. */
const isTierOfEnvironment: Check = async (value) => {
  const { TIERS } = await import("../../stacks/environment.ts");
  return oneOf(value, TIERS);
};

export const adoptCluster = subcommand({
  name: "adopt-cluster",
  summary: "print the environment of a cluster that exists, and what would clash with what runs there",
  description:
    "Reads a cluster through a context of a kubeconfig and prints the file of an environment, on standard output: beside the operator, the " +
    "Prometheus and the exporters that are there. What was found, and what would clash, is printed on standard error. Changes " +
    "nothing and reads no Secret.",
  arguments: [{ name: "name", summary: "the name of the new environment" }],
  flags: {
    context: { type: "text", value: "<context>", summary: "the context of the kubeconfig", required: true },
    kubeconfig: {
      type: "text",
      value: "<path>",
      summary: "the kubeconfig; default: KUBECONFIG, then ~/.kube/config",
    },
    tier: {
      type: "text",
      value: "<tier>",
      summary: "production, staging, development or local; default: development",
      check: isTierOfEnvironment,
    },
    owner: {
      type: "text",
      value: "<team>",
      summary: "the team that is notified of the platform's alerts; default: platform",
    },
  },
  examples: [
    {
      line: "adopt-cluster trial --context shop > stacks/Pulumi.trial.yaml",
      summary: "Writes the environment of the cluster that the context shop leads to.",
    },
  ],
  exits: { 0: "nothing clashes", 1: "the file is printed, and something would clash" },
  run: {
    repository: async ([name = ""], flags, surroundings) => {
      const { printAdoptedCluster } = await import("../repository/adopt-cluster.ts");
      return printAdoptedCluster(name, flags, surroundings);
    },
  },
});
