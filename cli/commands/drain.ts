import { isEnvironment } from "../command-line/checks.ts";
import { CONTEXT, DRY_RUN, PATIENCE, SNAPSHOT, STACKS, YES } from "../command-line/flags.ts";
import { type Check, subcommand } from "../command-line/subcommand.ts";

const isNodeName: Check = (value) =>
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value)
    ? undefined
    : { allowed: "the name of a node", fix: "list them: kubectl get nodes" };

export const drain = subcommand({
  name: "drain",
  summary: "move the pods of a node to others, within their disruption budgets",
  description:
    "Cordons a node and evicts its pods one after the other. It refuses before anything is changed if a budget lets a pod not go, if a pod would not " +
    "start again, if the volume of a pod is in a zone without another node, or if too few servers of Prometheus or Alertmanager would be left. " +
    "It prints every step before it asks whether to do them. If it is interrupted or takes too long, it uncordons the node; if it is killed, it " +
    "continues when it is run again.",
  arguments: [
    { name: "environment", summary: "the environment whose cluster it is", check: isEnvironment },
    { name: "node", summary: "the name of the node, as kubectl get nodes lists it", check: isNodeName },
  ],
  flags: {
    context: CONTEXT,
    timeout: { ...PATIENCE, summary: "how long the pods may take to leave; default: 30m" },
    snapshot: SNAPSHOT,
    "dry-run": DRY_RUN,
    yes: YES,
    stacks: STACKS,
  },
  examples: [
    {
      line: "drain prod ip-10-40-0-10.eu-central-1.compute.internal --dry-run",
      summary: "Prints which pods leave, and what forbids it.",
    },
    {
      line: "drain prod ip-10-40-0-10.eu-central-1.compute.internal --snapshot --timeout 1h",
      summary: "Takes snapshots of the volumes of its pods first, and waits up to an hour.",
    },
  ],
  exits: {
    0: "no pod is left but those of DaemonSets and of the kubelet; the node stays cordoned",
    1: "pods are left: it is interrupted, it takes too long, a request is refused, or the steps are only printed",
  },
  run: {
    repository: async ([environment = "", node = ""], flags, surroundings) => {
      const { drainNodeOf } = await import("../repository/drain.ts");
      return drainNodeOf(environment, node, flags, surroundings);
    },
  },
});
