import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judge } from "../violation.ts";

const SETTINGS = {
  fewest: { type: "number", default: 2, description: "The fewest replicas that an autoscaler may leave." },
} as const;

export const autoscalerBounds: ResourcePolicy = {
  id: "autoscaler-bounds",
  area: "workloads",
  pack: "reliability",
  standards: ["NIST CP-2", "NIST SC-5"],
  scope: "resource",
  title: "An autoscaler leaves two replicas or more, and has room to add some.",
  why: "With a minimum of one every drained node is an outage; with the maximum at the minimum nothing is scaled.",
  fix: "set spec.minReplicas to 2 or more, and spec.maxReplicas above it",
  severity: "medium",
  levels: FROM_STAGING,
  types: [TYPES.autoscaler, "kubernetes:autoscaling/v1:HorizontalPodAutoscaler"],
  settings: SETTINGS,
  check: ({ properties }, context) =>
    judge(() => {
      const spec = properties.at("spec");
      const least = spec.at("minReplicas").number() ?? 1;
      const most = spec.at("maxReplicas").number() ?? least;
      if (least < settingsOf(SETTINGS, context).fewest) return `the autoscaler leaves ${least} replicas`;
      return most > least ? undefined : "the autoscaler can add no replica";
    }),
};
