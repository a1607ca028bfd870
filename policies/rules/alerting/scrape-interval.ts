import { DURATION_PATTERN, seconds } from "../../../components/core/duration.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import type { Value } from "../value.ts";
import { judge } from "../violation.ts";

const SETTINGS = {
  // Two samples must lie within the five minutes for which a sample is valid.
  longest: { type: "string", default: "2m", description: "The longest scrape interval." },
} as const;

export const scrapeInterval: ResourcePolicy = {
  id: "scrape-interval",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring"],
  scope: "resource",
  title: "Targets are scraped every two minutes or more often, and a scrape ends before the next begins.",
  why: "A sample is valid for five minutes: with a longer interval one failed scrape leaves a gap, and alerts resolve by themselves.",
  fix: "set interval to 1m or less, and scrapeTimeout below it",
  severity: "medium",
  levels: ALWAYS,
  types: [TYPES.serviceMonitor, TYPES.podMonitor, TYPES.probe, TYPES.prometheus, TYPES.scrapeConfig],
  settings: SETTINGS,
  check: ({ type, properties }, context) => {
    const { longest } = settingsOf(SETTINGS, context);
    return judge(() => {
      const spec = properties.at("spec");
      const places =
        type === TYPES.serviceMonitor
          ? spec.at("endpoints").items()
          : type === TYPES.podMonitor
            ? spec.at("podMetricsEndpoints").items()
            : [spec];
      const field = type === TYPES.prometheus || type === TYPES.scrapeConfig ? "scrapeInterval" : "interval";
      return places.flatMap((place) => verdict(place, field, longest));
    });
  },
};

function verdict(place: Value, field: string, longest: string): string[] {
  const interval = durationOf(place.at(field));
  const timeout = durationOf(place.at("scrapeTimeout"));
  if (interval !== undefined && interval > seconds(longest))
    return [`${place.path}.${field} is longer than ${longest}`];
  return interval !== undefined && timeout !== undefined && timeout > interval
    ? [`${place.path}.scrapeTimeout is longer than the interval`]
    : [];
}

function durationOf(value: Value): number | undefined {
  const text = value.text();
  return text === undefined || !DURATION_PATTERN.test(text) ? undefined : seconds(text);
}
