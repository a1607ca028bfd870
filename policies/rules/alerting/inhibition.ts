import { ALWAYS, type StackPolicy } from "../policy.ts";
import { type StackResource, TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import type { Value } from "../value.ts";
import { judge, judgeResources } from "../violation.ts";
import { type Labels, matchersOf, matches } from "./matchers.ts";
import { PAGE_SEVERITIES } from "./pages.ts";
import { routingOf } from "./routing.ts";
import { alertLabels, alertsOf } from "./rules.ts";

const SETTINGS = {
  severities: PAGE_SEVERITIES,
  shared: {
    type: "strings",
    default: ["cluster", "environment", "region", "prometheus", "prometheus_replica"],
    description: "Labels that every alert of one Prometheus has with the same value.",
  },
} as const;

/** An alert of the stack, as Alertmanager sees it as far as its rule says. */
interface StackAlert {
  readonly labels: Labels;
  /** Whether its expression always has a result. */
  readonly always: boolean;
}

export const inhibition: StackPolicy = {
  id: "inhibition",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Alerting on SLOs", "NIST SI-4"],
  scope: "stack",
  title:
    "No inhibition rule mutes every alert, a page by an alert that always fires, or a page by a lesser one.",
  why: "An inhibited alert sends no notification, and only the page of Alertmanager shows it.",
  fix: "name in source_matchers the alert that is the cause, in target_matchers the alerts that it explains, and in equal the labels that connect them",
  severity: "critical",
  levels: ALWAYS,
  settings: SETTINGS,
  check: (resources, context) => {
    const settings = settingsOf(SETTINGS, context);
    return judgeResources(
      resources.filter(({ type }) => type === TYPES.alertmanager),
      (alertmanager) => {
        const rules = routingOf(alertmanager, resources)?.inhibitions ?? [];
        if (rules.length === 0) return [];
        const alerts = resources.flatMap(stackAlerts);
        return rules.flatMap((rule) =>
          judge(() => verdict(rule, alerts, settings.severities, settings.shared), alertmanager),
        );
      },
    );
  },
};

function verdict(
  rule: Value,
  alerts: readonly StackAlert[],
  severities: readonly string[],
  shared: readonly string[],
): string | undefined {
  const source = matchersOf(rule, "source_");
  const target = matchersOf(rule, "target_");
  const takes = (side: typeof source, labels: Labels) => side.every((matcher) => matches(matcher, labels));
  const equal = rule
    .at("equal")
    .items()
    .flatMap((label) => label.text() ?? []);
  const isNarrow = equal.some((label) => !shared.includes(label));
  if (!isNarrow && PROBES.every((probe) => takes(target, probe)))
    return `${rule.path} mutes every alert, because its target matches each`;
  if (PROBES.every((probe) => takes(source, probe)) && !isNarrow)
    return `${rule.path} lets any alert mute its target, because its source matches each`;
  const pages = alerts.filter(
    ({ labels }) => severities.includes(labels["severity"] ?? "") && takes(target, labels),
  );
  // Labels that the source has not can only be equal where the target has none, which a rule's own text does not say.
  const connects = (from: StackAlert, to: StackAlert) =>
    equal.every((label) => shared.includes(label) || (from.labels[label] ?? "") === (to.labels[label] ?? ""));
  for (const from of alerts.filter(({ labels }) => takes(source, labels))) {
    const muted = pages.find(
      (to) => connects(from, to) && !(takes(source, to.labels) && takes(target, from.labels)),
    );
    if (muted === undefined) continue;
    const names = `${from.labels["alertname"]} mutes the page ${muted.labels["alertname"]}`;
    if (from.always) return `${rule.path}: ${names}, and always fires`;
    if (["warning", "info", "none"].includes(from.labels["severity"] ?? "") && equal.length === 0)
      return `${rule.path}: ${names}, and is no page itself`;
  }
  return undefined;
}

/** Alerts that no rule names, one of each severity: what takes them takes all. */
const PROBES: readonly Labels[] = ["critical", "warning", "info", "none"].map((severity) => ({
  alertname: `Unheard-of ${severity} alert`,
  severity,
  team: "any",
}));

function stackAlerts(resource: StackResource): StackAlert[] {
  return alertsOf(resource).flatMap((alert) => {
    const read: StackAlert[] = [];
    // What is known only later is left out: alert-routes says so.
    judge(() => {
      const expression = alert.at("expr").text()?.replace(/\s/g, "") ?? "";
      const always = /^(?:vector\([^)]*\)|\d+(?:\.\d+)?)$/.test(expression);
      read.push({ labels: alertLabels(alert), always });
      return undefined;
    });
    return read;
  });
}
