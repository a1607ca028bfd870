import { SEVERITIES } from "../../../components/signals/severity.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judgeAlerts } from "./rules.ts";

export const alertSeverity: ResourcePolicy = {
  id: "alert-severity",
  area: "alerting",
  scope: "resource",
  title: `Every alert has a severity: ${SEVERITIES.join(", ")}.`,
  why: "Alertmanager routes by severity. An alert with another value goes to the fallback receiver, which pages no team.",
  fix: `set the label severity to one of ${SEVERITIES.join(", ")}`,
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.prometheusRule],
  check: (resource) =>
    judgeAlerts(resource, (alert, name) => {
      const severity = alert.at("labels", "severity");
      if (!severity.exists) return `alert ${name} has no severity`;
      return SEVERITIES.some((word) => severity.is(word))
        ? undefined
        : `alert ${name} has a severity that no route matches`;
    }),
};
