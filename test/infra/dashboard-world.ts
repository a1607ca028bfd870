import type { DashboardWorld } from "../../components/grafana/lint/check.ts";
import { dashboardsOf } from "../../policies/rules/alerting/dashboards.ts";
import { Value } from "../../policies/rules/value.ts";
import { type EnvironmentName, graph } from "./previews.ts";

/** The dashboards of an environment among its rules, monitors and alerts, as the policies see them. */
export function dashboardWorld(environment: EnvironmentName): DashboardWorld {
  const { world, problems } = dashboardsOf(
    graph(environment).map(({ inputs, provider: _, ...resource }) => ({
      ...resource,
      properties: new Value(inputs),
      sources: {},
    })),
  );
  if (problems.length > 0) throw new Error(problems.map(({ what }) => what).join("\n"));
  return world;
}
