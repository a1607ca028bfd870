import { type ResourceView, TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judge, type Verdict, type Violation } from "../violation.ts";

/** The alerts of a PrometheusRule; recording rules are none. */
export function alertsOf(resource: ResourceView): Value[] {
  if (resource.type !== TYPES.prometheusRule) return [];
  return resource.properties
    .at("spec", "groups")
    .items()
    .flatMap((group) => group.at("rules").items())
    .filter((rule) => rule.at("alert").exists);
}

/** What to call an alert in a message. */
export function alertName(alert: Value): string {
  const name = alert.at("alert");
  return name.known ? (name.text() ?? alert.path) : alert.path;
}

/** Judges each alert of a PrometheusRule on its own. */
export function judgeAlerts(
  resource: ResourceView,
  verdict: (alert: Value, name: string) => Verdict,
): Violation[] {
  return alertsOf(resource).flatMap((alert) => judge(() => verdict(alert, alertName(alert))));
}

/** The labels of an alert as Alertmanager gets them, as far as the rule says: its own, and its name. */
export function alertLabels(alert: Value): Record<string, string> {
  return { ...alert.at("labels").texts(), alertname: alert.at("alert").text() ?? "" };
}
