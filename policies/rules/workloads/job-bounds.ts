import { type ResourcePolicy, SHARED } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const jobBounds: ResourcePolicy = {
  id: "job-bounds",
  area: "workloads",
  pack: "reliability",
  standards: ["NIST SC-5", "NIST SC-6"],
  scope: "resource",
  title: "A CronJob does not run beside itself, and a job ends at some time.",
  why: "A job that hangs is started again at each turn, until the nodes are full of it.",
  fix: "set spec.concurrencyPolicy to Forbid or Replace, and activeDeadlineSeconds of the job",
  severity: "low",
  levels: SHARED,
  types: [TYPES.cronJob],
  check: ({ properties }) => {
    const spec = properties.at("spec");
    return [
      ...judge(() =>
        spec.at("concurrencyPolicy").is("Forbid") || spec.at("concurrencyPolicy").is("Replace")
          ? undefined
          : "a run may start beside one that hangs",
      ),
      ...judge(() =>
        spec.at("jobTemplate", "spec", "activeDeadlineSeconds").exists ||
        spec.at("jobTemplate", "spec", "template", "spec", "activeDeadlineSeconds").exists
          ? undefined
          : "a run that hangs is never ended",
      ),
    ];
  },
};
