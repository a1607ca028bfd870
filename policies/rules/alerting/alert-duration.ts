import { DURATION_PATTERN, seconds, withUnit } from "../../../components/core/duration.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judgeAlerts } from "./rules.ts";

const SETTINGS = {
  shortest: {
    type: "string",
    // Two evaluations of the slowest usual interval: one failed scrape must not be an alert.
    default: "1m",
    description: "The shortest for of an alert whose expression covers no time of its own.",
  },
  longest: {
    type: "string",
    default: "1d",
    description: "The longest for of an alert that is not critical.",
  },
  longestPage: { type: "string", default: "15m", description: "The longest for of a critical alert." },
  longestForecast: {
    type: "string",
    default: "1h",
    description:
      "The longest for of a critical alert that forecasts (predict_linear, deriv): it leaves hours.",
  },
} as const;
const { shortest, longest, longestPage, longestForecast } = SETTINGS;

export const alertDuration: ResourcePolicy = {
  id: "alert-duration",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Alerting on SLOs"],
  scope: "resource",
  title: `The \`for\` of an alert is ${shortest.default} to ${longestPage.default} for critical alerts (a forecast: to ${longestForecast.default}) and to ${longest.default} for others.`,
  why: "An alert that fires on one sample fires at every restart; with a long `for`, users report the problem before the alert does.",
  fix: `set for between ${shortest.default} and ${longestPage.default} (critical) or ${longest.default}; an expression over a range, such as rate(x[5m]), or of the time since something needs no for`,
  severity: "medium",
  levels: ALWAYS,
  types: [TYPES.prometheusRule],
  settings: SETTINGS,
  check: (resource, context) => {
    const limits = settingsOf(SETTINGS, context);
    return judgeAlerts(resource, (alert, name) => {
      const severity = alert.at("labels", "severity").text();
      if (severity === "none") return undefined;
      const stated = withUnit(alert.at("for").text() ?? "0s");
      if (!DURATION_PATTERN.test(stated)) return `the for of alert ${name} is no duration`;
      const wait = seconds(stated);
      const expression = () => alert.at("expr").text() ?? "";
      const most = severity !== "critical" ? limits.longest : limits.longestPage;
      if (
        wait > seconds(most) &&
        !(severity === "critical" && isForecast(expression()) && wait <= seconds(limits.longestForecast))
      )
        return `alert ${name} has a for longer than ${most}`;
      if (wait < seconds(limits.shortest) && !hasLookback(expression()) && !measuresTime(expression()))
        return `alert ${name} fires on a single sample`;
      return undefined;
    });
  },
};

/** Whether an expression tells of what will be, so that there is time left. */
function isForecast(expression: string): boolean {
  return (
    /\b(?:predict_linear|deriv|double_exponential_smoothing|holt_winters)\s*\(/.test(expression) ||
    // What is compared with an earlier stretch of time is a trend.
    /\]\s*offset\b/.test(expression)
  );
}

/** Whether an expression measures the time since something or until something, so that one sample is no other than the next. */
function measuresTime(expression: string): boolean {
  return /\btime\(\)\s*-|-\s*time\(\)|\w+_ttl_seconds\b/.test(expression);
}

/** Whether an expression covers a stretch of time by itself: a range selector, or a recorded ratio that covers one. */
function hasLookback(expression: string): boolean {
  return (
    /\[\s*\d+(?:ms|[smhdwy])/.test(expression) || /:\w*(?:rate|ratio|increase)_?\w*\d+[smhd]/.test(expression)
  );
}
