import type { DashboardJson } from "../../components/grafana/json.ts";
import type { DashboardWorld } from "../../components/grafana/lint/check.ts";
import { Recorded } from "../../components/lint/recorded.ts";
import { readGroups } from "../../components/lint/rule.ts";
import { groupsOf } from "../../policies/rules/alerting/rule-lint.ts";
import { surroundingsOf } from "../../policies/rules/alerting/surroundings.ts";
import { Value } from "../../policies/rules/value.ts";
import { type EnvironmentName, files, graph } from "./previews.ts";

/** Everything that an environment's dashboards stand among, as its preview rendered it. */
export function dashboardWorld(environment: EnvironmentName): DashboardWorld {
  const resources = graph(environment).map(({ inputs, ...resource }) => ({
    ...resource,
    properties: new Value(inputs),
    sources: {},
  }));
  const written = groupsOf(resources).groups;
  const { groups } = readGroups(written);
  return {
    groups,
    recorded: new Recorded(groups),
    surroundings: surroundingsOf(resources).surroundings,
    dashboards: Object.values(files(environment, "dashboards")).map(
      (text) => JSON.parse(text) as DashboardJson,
    ),
    alerts: written
      .flatMap(({ rules }) => rules)
      .flatMap(({ alert, expr, annotations }) =>
        alert === undefined ? [] : [{ name: alert, expr, dashboardUrl: annotations?.["dashboard_url"] }],
      ),
  };
}
