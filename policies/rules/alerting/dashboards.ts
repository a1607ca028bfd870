import type { DashboardJson } from "../../../components/grafana/json.ts";
import type { DashboardWorld } from "../../../components/grafana/lint/check.ts";
import { readDashboard } from "../../../components/grafana/lint/read.ts";
import { alikeRules } from "../../../components/lint/alike.ts";
import { Recorded } from "../../../components/lint/recorded.ts";
import { readGroups } from "../../../components/lint/rule.ts";
import { type ResourceView, type StackResource, TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { against, judge, type Violation } from "../violation.ts";
import { groupsOf } from "./rule-lint.ts";
import { surroundingsOf } from "./surroundings.ts";

/** The label of a ConfigMap that holds dashboards, by which Grafana's sidecar finds it. */
const DASHBOARD_LABEL = "grafana_dashboard";

/** The dashboards of a stack among its rules, monitors and alerts. */
export interface StackDashboards {
  readonly world: DashboardWorld;
  /** The URN of the resource of each dashboard. */
  readonly urns: ReadonlyMap<DashboardJson, string>;
  /** Texts that are no dashboard, and what is known only after the deployment. */
  readonly problems: readonly Violation[];
}

export function dashboardsOf(resources: readonly StackResource[]): StackDashboards {
  const urns = new Map<DashboardJson, string>();
  const problems = resources.flatMap((resource) =>
    judge(
      () => textsIn(resource).flatMap(([name, text]) => readText(name, text.text() ?? "", resource, urns)),
      resource,
    ),
  );
  const written = groupsOf(resources).groups;
  const { surroundings, undecided } = surroundingsOf(resources);
  const alike = alikeRules(written, surroundings);
  const { groups } = readGroups(written, alike.sources);
  return {
    world: {
      groups,
      recorded: new Recorded(groups),
      alike,
      surroundings: { ...surroundings, complete: surroundings.complete && undecided.length === 0 },
      dashboards: [...urns.keys()],
      alerts: written
        .flatMap(({ rules }) => rules)
        .flatMap(({ alert, expr, annotations }) =>
          alert === undefined ? [] : [{ name: alert, expr, dashboardUrl: annotations?.["dashboard_url"] }],
        ),
    },
    urns,
    problems,
  };
}

/** The texts of a resource that are dashboards. */
function textsIn({ type, properties }: ResourceView): readonly (readonly [name: string, text: Value])[] {
  if (type === TYPES.grafanaDashboard) return [["configJson", properties.at("configJson")]];
  if (type !== TYPES.configMap || !properties.at("metadata", "labels", DASHBOARD_LABEL).exists) return [];
  return properties
    .at("data")
    .fields()
    .filter(([file]) => file.endsWith(".json"));
}

function readText(
  name: string,
  text: string,
  resource: ResourceView,
  urns: Map<DashboardJson, string>,
): Violation[] {
  try {
    const dashboard = readDashboard(JSON.parse(text));
    if (dashboard === undefined)
      return [against(resource, `${name} is no dashboard of Grafana's classic schema`)];
    urns.set(dashboard, resource.urn);
    return [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [against(resource, `${name} is no JSON`)];
  }
}
