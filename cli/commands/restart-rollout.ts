import { isEnvironment } from "../command-line/checks.ts";
import { CONTEXT, DRY_RUN, PATIENCE, SNAPSHOT, STACKS, YES } from "../command-line/flags.ts";
import { type Check, subcommand } from "../command-line/subcommand.ts";

const KINDS = ["deployment", "statefulset", "daemonset"];

/** Alerts and `kubectl describe` write kinds with capitals. */
const plain = (workload: string) => workload.replace(/\/[A-Za-z]+\//, (kind) => kind.toLowerCase());

const isWorkload: Check = (value) =>
  new RegExp(`^[a-z0-9.-]+/(${KINDS.join("|")})/[a-z0-9.-]+$`).test(plain(value))
    ? undefined
    : {
        allowed: `<namespace>/<kind>/<name>, with the kind ${KINDS.join(", ")}`,
        fix: "write it such as shop/deployment/checkout",
      };

export const restartRollout = subcommand({
  name: "restart-rollout",
  summary: "replace the pods of a workload, within its disruption budgets",
  description:
    "Shows which pods of a Deployment, StatefulSet or DaemonSet are stuck and why, and compares its rollout with the disruption budgets of its pods. " +
    "Then its controller replaces every pod; pods whose template belongs to an operator, such as those of Prometheus, are evicted one after the other. " +
    "It prints every step before it asks whether to do them, and continues a restart that was interrupted if it is run again.",
  arguments: [
    { name: "environment", summary: "the environment whose cluster it is", check: isEnvironment },
    {
      name: "workload",
      summary: "<namespace>/<kind>/<name>, such as shop/deployment/checkout",
      check: isWorkload,
    },
  ],
  flags: {
    context: CONTEXT,
    timeout: { ...PATIENCE, summary: "how long the pods may take; default: 15m" },
    snapshot: SNAPSHOT,
    "dry-run": DRY_RUN,
    yes: YES,
    stacks: STACKS,
  },
  examples: [
    {
      line: "restart-rollout prod shop/deployment/checkout --dry-run",
      summary: "Prints what is stuck, and the steps.",
    },
    {
      line: "restart-rollout prod monitoring/statefulset/prometheus-prometheus --snapshot",
      summary: "Takes snapshots of the volumes, then restarts one Prometheus after the other.",
    },
  ],
  exits: {
    0: "every pod is replaced and available",
    1: "not every pod is: it takes too long, a request is refused, or the steps are only printed",
  },
  run: {
    repository: async ([environment = "", workload = ""], flags, surroundings) => {
      const { restartRolloutOf } = await import("../repository/restart-rollout.ts");
      return restartRolloutOf(environment, plain(workload), flags, surroundings);
    },
  },
});
