import { replicas } from "../pods.ts";
import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judge } from "../violation.ts";

const SETTINGS = {
  replicas: { type: "number", default: 2, description: "The fewest replicas of a Prometheus." },
} as const;

export const prometheusReplicas: ResourcePolicy = {
  id: "prometheus-replicas",
  area: "workloads",
  pack: "observability",
  standards: ["NIST CP-2", "SRE Workbook: Monitoring"],
  scope: "resource",
  title: "Prometheus has two or more replicas.",
  why: "A restart takes minutes if the write-ahead log is long. With one replica there are no samples and no alerts meanwhile.",
  fix: "set spec.replicas to 2 or more (here: prometheus.replicas in the environment)",
  severity: "high",
  levels: FROM_STAGING,
  types: [TYPES.prometheus],
  settings: SETTINGS,
  check: (resource, context) =>
    judge(() => {
      const count = replicas(resource);
      if (count >= settingsOf(SETTINGS, context).replicas) return undefined;
      return count === 1 ? "Prometheus has one replica" : `Prometheus has ${count} replicas`;
    }),
};
