import { isAddress, oneOf } from "../command-line/checks.ts";
import { ENVIRONMENT, STACKS } from "../command-line/flags.ts";
import { subcommand } from "../command-line/subcommand.ts";

export const silences = subcommand({
  name: "silences",
  summary: "make Alertmanager have the silences of stacks/silences.yaml",
  description:
    "apply compares stacks/silences.yaml with the silences of an Alertmanager, and prints what it would create, change and remove; with --yes it does it. Silences " +
    "that people made are left alone. A silence has an owner, a reason and an end at most 30 days after its start, and one that hides alerts of every kind, or the heartbeat, is refused. A token in " +
    "the variable ALERTMANAGER_TOKEN is sent as bearer token.",
  arguments: [{ name: "action", summary: "apply", check: (value) => oneOf(value, ["apply"]) }],
  flags: {
    alertmanager: {
      type: "text",
      value: "<URL>",
      summary: "the address of one Alertmanager of the environment; it gives the silences to the others",
      required: true,
      check: isAddress,
    },
    environment: { ...ENVIRONMENT, summary: "the environment that it is of; must be given" },
    stacks: STACKS,
    yes: { type: "switch", summary: "do it; default: only show what would be done" },
  },
  examples: [
    {
      line: "silences apply --environment prod --alertmanager http://localhost:9093",
      summary: "Shows what would change.",
    },
    {
      line: "silences apply --environment prod --alertmanager http://localhost:9093 --yes",
      summary: "Changes it.",
    },
  ],
  check: (_, { environment }) =>
    environment === undefined
      ? [
          {
            path: "--environment",
            found: "nothing",
            allowed: "the environment of the Alertmanager",
            fix: "add it, such as --environment prod",
          },
        ]
      : [],
  exits: {
    0: "Alertmanager has the silences of the file",
    1: "something would change, and --yes was not given",
  },
  run: {
    repository: async (_, { alertmanager = "", environment = "", ...flags }, surroundings) => {
      const { applySilences } = await import("../repository/silences.ts");
      return applySilences({ alertmanager, environment, ...flags }, surroundings);
    },
  },
});
