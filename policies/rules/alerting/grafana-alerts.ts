import { parseQuery, UnreadableQuery } from "../../../components/promql/parse.ts";
import { ALWAYS, type StackPolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { against, judgeResources, type Violation } from "../violation.ts";
import { contactPointsOf, type GrafanaRule, grafanaRulesOf, hasNotificationPolicy } from "./grafana-rules.ts";

const ANNOTATIONS = ["summary", "description", "runbook_url"];
/** Grafana pages and tells by itself; context and the heartbeat are Prometheus' business. */
const SEVERITIES = ["critical", "warning"];

export const grafanaAlerts: StackPolicy = {
  id: "grafana-alerts",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: On-Call", "NIST IR-6"],
  scope: "stack",
  title: "Every alert rule of Grafana has a severity, a team, a runbook, valid PromQL and a contact point.",
  why: "These alerts report failures of Prometheus and Alertmanager. No other alert reports that they do not work.",
  fix: `set the labels severity (${SEVERITIES.join(", ")}) and team and the annotations ${ANNOTATIONS.join(", ")}; name a contact point of the stack, or manage the notification policy`,
  severity: "high",
  levels: ALWAYS,
  check: (resources) => {
    const known = resources.filter(({ type }) => RELEVANT.has(type));
    const contactPoints: string[] = [];
    let isManaged = false;
    const undecided = judgeResources(known, (resource) => {
      contactPoints.push(...contactPointsOf(resource));
      isManaged ||= hasNotificationPolicy(resource);
      return undefined;
    });
    // What is not known yet may be the contact point, or the policy, that a rule needs.
    const told: Told = (name) =>
      undecided.length > 0 || (name === undefined ? isManaged : contactPoints.includes(name));
    return [
      ...undecided,
      ...judgeResources(known, (resource) => grafanaRulesOf(resource).flatMap((rule) => faults(rule, told))),
    ];
  },
};

const RELEVANT: ReadonlySet<string> = new Set([
  TYPES.grafanaRules,
  TYPES.grafanaContactPoint,
  TYPES.grafanaNotificationPolicy,
  TYPES.configMap,
]);

/** Whether somebody hears of an alert that names this contact point, or none. */
type Told = (contactPoint: string | undefined) => boolean;

function faults(
  { resource, name, labels, annotations, models, contactPoint }: GrafanaRule,
  told: Told,
): Violation[] {
  const severity = labels.at("severity");
  const named = contactPoint.text();
  const all = [
    ...(SEVERITIES.some((word) => severity.is(word)) ? [] : ["has no severity critical or warning"]),
    ...(isEmpty(labels.at("team")) ? ["has no label team"] : []),
    ...ANNOTATIONS.filter((annotation) => isEmpty(annotations.at(annotation))).map(
      (annotation) => `has no ${annotation}`,
    ),
    ...models.flatMap((model) => unreadable(model)),
    ...(told(named)
      ? []
      : [
          named === undefined
            ? "has no contact point, and the stack has no notification policy"
            : "has a contact point without receivers",
        ]),
  ];
  return all.map((what) => against(resource, `Grafana's alert ${name} ${what}`));
}

function isEmpty(value: Value): boolean {
  return (value.text() ?? "").trim() === "";
}

/** A query that is no PromQL. */
function unreadable(model: Value): string[] {
  const expr = model.at("expr").text();
  if (expr === undefined) return [];
  try {
    parseQuery(expr);
    return [];
  } catch (error) {
    if (error instanceof UnreadableQuery) return ["has a query that is not PromQL"];
    throw error;
  }
}
