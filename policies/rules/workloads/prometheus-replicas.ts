import { replicas } from "../pods.ts";
import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const prometheusReplicas: ResourcePolicy = {
  id: "prometheus-replicas",
  area: "workloads",
  scope: "resource",
  title: "Two Prometheus servers or more scrape everything.",
  why: "While the only server restarts, which takes minutes with a long write-ahead log, nothing is recorded and nobody is paged.",
  fix: "set prometheus.replicas to 2 or more in the environment",
  severity: "high",
  levels: FROM_STAGING,
  types: [TYPES.prometheus],
  check: (resource) =>
    judge(() => (replicas(resource) >= 2 ? undefined : "one Prometheus server does all the work")),
};
