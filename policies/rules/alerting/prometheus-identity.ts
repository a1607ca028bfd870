import { type ResourcePolicy, SHARED } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judge } from "../violation.ts";

const SETTINGS = {
  labels: {
    type: "strings",
    default: ["cluster"],
    description: "The external labels that every Prometheus has.",
  },
} as const;

export const prometheusIdentity: ResourcePolicy = {
  id: "prometheus-identity",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring", "NIST AU-3"],
  scope: "resource",
  title: "Every Prometheus says in external labels which cluster it watches.",
  why: "A page that reaches an engineer from one of several clusters must say which; series of two clusters in one store must differ.",
  fix: "set spec.externalLabels.cluster",
  severity: "medium",
  levels: SHARED,
  types: [TYPES.prometheus],
  settings: SETTINGS,
  check: ({ properties }, context) =>
    judge(() => {
      const labels = properties.at("spec", "externalLabels");
      const missing = settingsOf(SETTINGS, context).labels.filter((label) => !labels.at(label).exists);
      return missing.length > 0 ? `it has no external label ${missing.join(", ")}` : undefined;
    }),
};
