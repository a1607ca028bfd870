import type { StackResource } from "../resource.ts";
import { TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { against, judge, judgeResources, type Violation } from "../violation.ts";
import { type Destination, type Routing, routingOf } from "./routing.ts";
import { alertLabels, alertName, alertsOf } from "./rules.ts";

/** One end of a critical alert's way: where it is told, and how. */
interface Page {
  readonly name: string;
  readonly alert: Value;
  readonly rule: StackResource;
  readonly ends: readonly Destination[];
  readonly routing: Routing;
}

/** The settings of policies about pages. */
export const PAGE_SEVERITIES = {
  type: "strings",
  default: ["critical"],
  description: "The values of the label severity of alerts that page.",
} as const;

export const PAGERS = {
  type: "strings",
  default: ["pagerduty", "opsgenie", "victorops", "incidentio", "rootly", "pushover", "sns", "webhook"],
  description: "The kinds of receivers that page: the word before _configs.",
} as const;

/**
 * Judges each alert that pages, with its way through each Alertmanager of the stack whose configuration is known. Without a configuration,
 * or without a route in it, nothing is said: alert-routes does.
 */
export function judgePages(
  resources: readonly StackResource[],
  severities: readonly string[],
  verdict: (page: Page) => string | undefined,
): Violation[] {
  const rules = resources.filter(({ type }) => type === TYPES.prometheusRule);
  return judgeResources(
    resources.filter(({ type }) => type === TYPES.alertmanager),
    (alertmanager) => {
      const routing = routingOf(alertmanager, resources);
      if (routing === undefined) return [];
      return rules.flatMap((rule) =>
        alertsOf(rule).flatMap((alert) =>
          judge(() => {
            const labels = alertLabels(alert);
            if (!severities.includes(labels["severity"] ?? "")) return [];
            const ends = routing.destinations(labels);
            if (ends.length === 0) return [];
            const what = verdict({ name: alertName(alert), alert, rule, ends, routing });
            return what === undefined ? [] : [against(rule, what)];
          }, rule),
        ),
      );
    },
  );
}
