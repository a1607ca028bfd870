import { isEnvironment, oneOf } from "../command-line/checks.ts";
import { CONTEXT, DRY_RUN, STACKS, YES } from "../command-line/flags.ts";
import { type Check, subcommand } from "../command-line/subcommand.ts";

/** Loaded when it is asked for, as the other lists of checks are. */
const isVolumeOwner: Check = async (value) => {
  const { VOLUME_OWNERS } = await import("../../components/workloads/volumes.ts");
  return oneOf(value, Object.keys(VOLUME_OWNERS));
};

export const growVolumes = subcommand({
  name: "grow-volumes",
  summary: "give the existing volumes of an environment the sizes that its file states",
  description:
    "pulumi up creates volumes and changes none that exists. This command reads the sizes of the environment's file, grows the claims " +
    "of Prometheus, Alertmanager and Grafana one after the other, and then changes the claim templates and Prometheus' retentionSize. " +
    "No pod is deleted. It prints every step before it asks whether to do them, and continues where it stopped if it is " +
    "run again.",
  arguments: [
    { name: "environment", summary: "the environment whose file states the sizes", check: isEnvironment },
  ],
  flags: {
    component: {
      type: "text",
      value: "<name>",
      summary: "only this one: prometheus, alertmanager or grafana; default: all that have volumes",
      check: isVolumeOwner,
    },
    context: CONTEXT,
    "dry-run": DRY_RUN,
    yes: YES,
    stacks: STACKS,
  },
  examples: [
    { line: "grow-volumes prod --dry-run", summary: "Prints the steps for production." },
    {
      line: "grow-volumes prod --component prometheus",
      summary: "Grows only the volumes of Prometheus.",
    },
  ],
  exits: {
    0: "every volume has its size",
    1: "a volume does not have its size yet: the command is interrupted, a step is not reached, or steps are only printed",
  },
  run: {
    repository: async ([environment = ""], flags, surroundings) => {
      const { growVolumesOf } = await import("../repository/grow-volumes.ts");
      return growVolumesOf(environment, flags, surroundings);
    },
  },
});
