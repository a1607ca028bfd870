import { SEVERITIES } from "../../../components/signals/severity.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judgeAlerts } from "./rules.ts";

const SETTINGS = {
  severities: {
    type: "strings",
    default: SEVERITIES,
    description: "The values of the label severity that routes know.",
  },
} as const;

export const alertSeverity: ResourcePolicy = {
  id: "alert-severity",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Alerting on SLOs", "NIST IR-5"],
  scope: "resource",
  title: `Every alert has a severity: ${SEVERITIES.join(", ")}.`,
  why: "Alertmanager routes by severity. An alert with another value goes to the fallback receiver, which pages no team.",
  fix: `set the label severity to one of ${SEVERITIES.join(", ")}`,
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.prometheusRule],
  settings: SETTINGS,
  check: (resource, context) =>
    judgeAlerts(resource, (alert, name) => {
      const severity = alert.at("labels", "severity");
      if (!severity.exists) return `alert ${name} has no severity`;
      return settingsOf(SETTINGS, context).severities.some((word) => severity.is(word))
        ? undefined
        : `alert ${name} has a severity that no route matches`;
    }),
};
