import { ALWAYS, type StackPolicy } from "../policy.ts";
import { unseenSecrets } from "../related-resources.ts";
import { objectNamespace, type StackResource, TYPES } from "../resource.ts";
import { NotVisible, type Value } from "../value.ts";
import { against, judge, judgeResources, type Violation } from "../violation.ts";
import { type Routing, routingOf } from "./routing.ts";
import { alertLabels, alertName, alertsOf } from "./rules.ts";

/** Severities that somebody must be told of; the others are context for people who are looking already. */
const TOLD = ["critical", "warning"];

export const alertRoutes: StackPolicy = {
  id: "alert-routes",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: On-Call", "NIST IR-6"],
  scope: "stack",
  title:
    "Every critical and warning alert matches a route below the root whose receiver sends notifications.",
  why: "Different teams write rules and routes. An alert that no route matches fires without a notification.",
  fix: "add a route that matches the alert's labels, to a receiver that is defined and sends notifications (here: alertmanager.teams in the environment)",
  severity: "critical",
  levels: ALWAYS,
  check: (resources) => {
    const rules = resources.filter(({ type }) => type === TYPES.prometheusRule);
    return judgeResources(
      resources.filter(({ type }) => type === TYPES.alertmanager),
      (alertmanager) => {
        const routing = routingOf(alertmanager, resources);
        if (routing === undefined) {
          const unseen = unseenSecrets(resources, objectNamespace(alertmanager));
          if (unseen !== undefined) throw new NotVisible(`${unseen} may contain its configuration`);
          return "no Secret of this stack contains its configuration";
        }
        return rules.flatMap((rule) =>
          alertsOf(rule).flatMap((alert) => routeViolations(alert, rule, routing)),
        );
      },
    );
  },
};

function routeViolations(alert: Value, rule: StackResource, routing: Routing): Violation[] {
  return judge(() => {
    const labels = alertLabels(alert);
    if (!TOLD.includes(labels["severity"] ?? "")) return [];
    const name = alertName(alert);
    const ends = routing.destinations(labels);
    if (ends.every(({ depth }) => depth === 0))
      return [against(rule, `alert ${name} matches no route below the root`)];
    return ends
      .filter(({ receiver }) => routing.receivers.get(receiver) !== true)
      .map(({ receiver }) =>
        against(
          rule,
          routing.receivers.has(receiver)
            ? `alert ${name} ends at receiver ${receiver}, which sends no notifications`
            : `alert ${name} ends at receiver ${receiver}, which is not defined`,
        ),
      );
  }, rule);
}
