import { type ResourcePolicy, SHARED } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const rollingUpdate: ResourcePolicy = {
  id: "rolling-update",
  area: "workloads",
  pack: "reliability",
  standards: ["NIST CP-2", "SRE Workbook: Canarying Releases"],
  scope: "resource",
  title: "An update of a workload leaves some of its pods running.",
  why: "With Recreate, or maxUnavailable 100%, every deployment is an outage, and a broken version is a long one.",
  fix: "set strategy.rollingUpdate.maxUnavailable to 1 or 25% (for a StatefulSet and a DaemonSet: updateStrategy)",
  severity: "medium",
  levels: SHARED,
  types: [TYPES.deployment, TYPES.statefulSet, TYPES.daemonSet],
  check: ({ type, properties }) =>
    judge(() => {
      const spec = properties.at("spec");
      const strategy = spec.at(type === TYPES.deployment ? "strategy" : "updateStrategy");
      const isSingle = type === TYPES.deployment && (spec.at("replicas").number() ?? 1) < 2;
      if (isSingle) return undefined;
      if (strategy.at("type").is("Recreate")) return "an update stops every pod first";
      return strategy.at("rollingUpdate", "maxUnavailable").text() === "100%"
        ? "an update may stop every pod at once"
        : undefined;
    }),
};
