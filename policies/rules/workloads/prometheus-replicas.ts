import { replicas } from "../pods.ts";
import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const prometheusReplicas: ResourcePolicy = {
  id: "prometheus-replicas",
  area: "workloads",
  scope: "resource",
  title: "Prometheus has two or more replicas.",
  why: "A restart takes minutes if the write-ahead log is long. With one replica there are no samples and no alerts meanwhile.",
  fix: "set prometheus.replicas to 2 or more in the environment",
  severity: "high",
  levels: FROM_STAGING,
  types: [TYPES.prometheus],
  check: (resource) => judge(() => (replicas(resource) >= 2 ? undefined : "Prometheus has one replica")),
};
