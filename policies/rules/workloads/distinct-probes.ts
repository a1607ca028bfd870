import { containerName, runningContainers } from "../pods.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judgeEach } from "../violation.ts";

export const distinctProbes: ResourcePolicy = {
  id: "distinct-probes",
  area: "workloads",
  pack: "reliability",
  standards: ["SRE Workbook: Managing Load"],
  scope: "resource",
  title:
    "Every container with a port has a readiness probe, and its liveness probe fails later than the readiness probe.",
  why: "Without a readiness probe a pod gets requests before it can answer. An equally strict liveness probe restarts pods that are only overloaded.",
  fix: "add a readinessProbe, and give the livenessProbe another path or a longer time (failureThreshold × periodSeconds)",
  severity: "medium",
  levels: ALWAYS,
  types: [TYPES.deployment, TYPES.statefulSet, TYPES.daemonSet],
  check: (resource) =>
    judgeEach(runningContainers(resource), (container) => {
      const readiness = container.at("readinessProbe");
      const liveness = container.at("livenessProbe");
      const serves = container.at("ports").items().length > 0;
      if (serves && !readiness.exists && resource.type !== TYPES.daemonSet)
        return `${containerName(container)} has a port and no readinessProbe`;
      if (readiness.exists && sameTarget(readiness, liveness))
        if (patience(liveness) <= patience(readiness))
          return `${containerName(container)} is restarted as soon as it is not ready: both probes are the same`;
      return undefined;
    }),
};

function sameTarget(a: Value, b: Value): boolean {
  return ["httpGet", "tcpSocket", "exec", "grpc"].every((handler) => a.at(handler).equals(b.at(handler)));
}

/** Seconds of failure until a probe acts, with the defaults of Kubernetes: three failures, ten seconds apart. */
function patience(probe: Value): number {
  return (probe.at("failureThreshold").number() ?? 3) * (probe.at("periodSeconds").number() ?? 10);
}
