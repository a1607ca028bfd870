import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const prometheusAlerting: ResourcePolicy = {
  id: "prometheus-alerting",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring", "NIST IR-6"],
  scope: "resource",
  title: "Every Prometheus sends its alerts to an Alertmanager.",
  why: "Without one alerts send no notification.",
  fix: "set spec.alerting.alertmanagers to the Service of the Alertmanager, or spec.additionalAlertManagerConfigs",
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.prometheus],
  check: ({ properties }) =>
    judge(() => {
      const spec = properties.at("spec");
      return spec.at("alerting", "alertmanagers").items().length > 0 ||
        spec.at("additionalAlertManagerConfigs").exists
        ? undefined
        : "it sends its alerts nowhere";
    }),
};
