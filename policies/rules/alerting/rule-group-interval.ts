import { DURATION_PATTERN, seconds } from "../../../components/core/duration.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import type { Value } from "../value.ts";
import { judge, judgeEach } from "../violation.ts";

const SETTINGS = {
  // A sample is valid for five minutes: Prometheus' --query.lookback-delta.
  longest: { type: "string", default: "5m", description: "The longest interval of a rule group." },
} as const;

export const ruleGroupInterval: ResourcePolicy = {
  id: "rule-group-interval",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring"],
  scope: "resource",
  title:
    "Rule groups are evaluated every five minutes or more often, and at least twice within the for of each alert.",
  why: "A recorded series of a slower group has gaps between its samples. An alert with a for of one interval fires a whole interval late.",
  fix: "shorten interval of the group, or move the rule to a faster group",
  severity: "medium",
  levels: ALWAYS,
  types: [TYPES.prometheusRule],
  settings: SETTINGS,
  check: ({ properties }, context) => {
    const groups: Value[] = [];
    return [
      ...judge(() => void groups.push(...properties.at("spec", "groups").items())),
      ...judgeEach(groups, (group) => {
        const interval = group.at("interval").text();
        if (interval === undefined || !DURATION_PATTERN.test(interval)) return undefined;
        const { longest } = settingsOf(SETTINGS, context);
        const name = group.at("name").text() ?? group.path;
        if (seconds(interval) > seconds(longest)) return `group ${name} is evaluated only every ${interval}`;
        return group
          .at("rules")
          .items()
          .filter((rule) => {
            const wait = rule.at("for").text();
            return (
              wait !== undefined &&
              DURATION_PATTERN.test(wait) &&
              seconds(wait) > 0 &&
              seconds(wait) < seconds(interval)
            );
          })
          .map(
            (rule) =>
              `alert ${rule.at("alert").text()} has a for shorter than the interval of its group, ${interval}`,
          );
      }),
    ];
  },
};
