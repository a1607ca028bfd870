import { DURATION_PATTERN, seconds } from "../../../components/core/duration.ts";
import { ALWAYS, type StackPolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judgeResources } from "../violation.ts";

const SETTINGS = {
  rulesPerSecond: {
    type: "number",
    // The rules of a group run one after the other; a range over some thousand series takes a tenth of a second.
    default: 10,
    description: "How many rules of one group a Prometheus evaluates in a second.",
  },
} as const;

/** Prometheus' own, where nothing is set; the operator writes it into the configuration. */
const DEFAULT_INTERVAL = "30s";

export const ruleGroupSize: StackPolicy = {
  id: "rule-group-size",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring"],
  scope: "stack",
  title: "No rule group has more rules than are evaluated within its interval.",
  why: "The rules of a group run one after the other. Where they take longer than the interval, evaluations are left out and alerts are late.",
  fix: "split the group, whose parts then run side by side, or lengthen its interval",
  severity: "medium",
  levels: ALWAYS,
  settings: SETTINGS,
  check: (resources, context) => {
    const { rulesPerSecond } = settingsOf(SETTINGS, context);
    const server = resources.find(({ type }) => type === TYPES.prometheus);
    return judgeResources(
      resources.filter(({ type }) => type === TYPES.prometheusRule),
      ({ properties }) =>
        properties
          .at("spec", "groups")
          .items()
          .flatMap((group) => {
            const interval =
              group.at("interval").text() ??
              server?.properties.at("spec", "evaluationInterval").text() ??
              DEFAULT_INTERVAL;
            if (!DURATION_PATTERN.test(interval)) return [];
            const rules = group.at("rules").items().length;
            return rules > rulesPerSecond * seconds(interval)
              ? [
                  `group ${group.at("name").text() ?? group.path} has ${rules} rules, more than run in its interval of ${interval}`,
                ]
              : [];
          }),
    );
  },
};
