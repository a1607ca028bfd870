import { isJson, type Json, objectsIn } from "../../core/json.ts";
import { dashboardFilesOf, isPrometheusVariable, type Service, takenDashboard } from "../../service/model.ts";
import type { DataSource } from "../data-sources.ts";
import type { DashboardJson } from "../json.ts";

/** A dashboard that a team exported from a Grafana. */
export interface OwnDashboard {
  readonly uid: string;
  readonly title: string;
  readonly json: Json;
}

/** The dashboards in a service's files. */
export function ownDashboardsOf(service: Service): readonly OwnDashboard[] {
  return dashboardFilesOf(service).flatMap(({ dashboard }) => takenDashboard(dashboard) ?? []);
}

/** The same dashboard on a data source: its variables for a Prometheus begin with that one. */
export function ownDashboardJson(
  { json }: OwnDashboard,
  { uid, name, type }: Pick<DataSource, "uid" | "name" | "type">,
): DashboardJson {
  const { templating } = json;
  const list = isJson(templating) ? objectsIn(templating["list"]) : [];
  return {
    ...json,
    templating: {
      ...(isJson(templating) ? templating : {}),
      list: list.map((variable) => {
        if (!isPrometheusVariable(variable)) return variable;
        // What it chose from before were the data sources of another Grafana.
        const { regex: _, options: __, ...rest } = variable;
        return { ...rest, query: type, current: { selected: true, text: name, value: uid } };
      }),
    },
  } as unknown as DashboardJson;
}
