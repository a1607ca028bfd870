import { DURATION_PATTERN, seconds } from "../../../components/core/duration.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judgeAlerts } from "./rules.ts";

/** The longest wait that a forecast of a few hours leaves time for; what is broken already must page far sooner. */
const LONGEST_CRITICAL = "1h";
const LONGEST = "1d";
/** Two evaluations of the slowest usual interval: one failed scrape must not be an alert. */
const SHORTEST = "1m";

export const alertDuration: ResourcePolicy = {
  id: "alert-duration",
  area: "alerting",
  scope: "resource",
  title: `The \`for\` of an alert is ${SHORTEST} to ${LONGEST_CRITICAL} for critical alerts and ${SHORTEST} to ${LONGEST} for others.`,
  why: "An alert that fires on one sample fires at every restart; with a long `for`, users report the problem before the alert does.",
  fix: `set for between ${SHORTEST} and ${LONGEST_CRITICAL} (critical) or ${LONGEST}; an expression over a range, such as rate(x[5m]), needs no for`,
  severity: "medium",
  levels: ALWAYS,
  types: [TYPES.prometheusRule],
  check: (resource) =>
    judgeAlerts(resource, (alert, name) => {
      const severity = alert.at("labels", "severity").text();
      if (severity === "none") return undefined;
      const stated = alert.at("for").text() ?? "0s";
      if (!DURATION_PATTERN.test(stated)) return `the for of alert ${name} is no duration`;
      const wait = seconds(stated);
      const longest = severity === "critical" ? LONGEST_CRITICAL : LONGEST;
      if (wait > seconds(longest)) return `alert ${name} has a for longer than ${longest}`;
      if (wait < seconds(SHORTEST) && !hasLookback(alert.at("expr").text() ?? ""))
        return `alert ${name} fires on a single sample`;
      return undefined;
    }),
};

/** Whether an expression covers a stretch of time by itself: a range selector, or a recorded ratio that covers one. */
function hasLookback(expression: string): boolean {
  return (
    /\[\s*\d+(?:ms|[smhdwy])/.test(expression) || /:\w*(?:rate|ratio|increase)_?\w*\d+[smhd]/.test(expression)
  );
}
