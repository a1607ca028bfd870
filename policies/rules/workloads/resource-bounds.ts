import { containerName, isOperated, podSpec, runningContainers, WORKLOAD_TYPES } from "../pods.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import type { Value } from "../value.ts";
import { judge, judgeEach } from "../violation.ts";

export const resourceBounds: ResourcePolicy = {
  id: "resource-bounds",
  area: "workloads",
  pack: "reliability",
  standards: ["NIST SC-6", "NSA/CISA Network separation and hardening"],
  scope: "resource",
  title: "Every container requests CPU and memory and has a memory limit.",
  why: "Pods without requests are evicted first. A container without a memory limit can exhaust the memory of its node.",
  fix: "set resources.requests.cpu, resources.requests.memory and resources.limits.memory",
  severity: "high",
  levels: ALWAYS,
  types: WORKLOAD_TYPES,
  check: (resource) =>
    isOperated(resource)
      ? judge(() => missing(podSpec(resource).at("resources"), "the server"))
      : judgeEach(runningContainers(resource), (container) =>
          missing(container.at("resources"), containerName(container)),
        ),
};

/** Left out, or a quantity of nothing, which Kubernetes takes as if it were left out. */
function isNothing(quantity: Value): boolean {
  return !quantity.exists || (quantity.known && /^0+(?:\.0+)?[a-zA-Z]*$/.test(quantity.text() ?? ""));
}

function missing(resources: Value, subject: string): string | undefined {
  const absent = (
    [
      ["requests", "cpu"],
      ["requests", "memory"],
      ["limits", "memory"],
    ] as const
  ).filter((path) => isNothing(resources.at(...path)));
  if (absent.length === 0) return undefined;
  return `${subject} has no ${absent.map((path) => `resources.${path.join(".")}`).join(", ")}`;
}
