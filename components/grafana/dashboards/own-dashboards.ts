import { isJson, type Json, objectsIn } from "../../core/json.ts";
import { dashboardFilesOf, isPrometheusVariable, type Service, takenDashboard } from "../../service/model.ts";
import { shortUid } from "../../signals/panels.ts";
import type { DataSource } from "../data-sources.ts";
import type { DashboardJson } from "../json.ts";

/** A dashboard that a team exported from a Grafana. */
export interface OwnDashboard {
  /** That of the file. */
  readonly exportedUid: string;
  /** Ends with the environment, because several can share an organisation: docs/decisions/0009-dashboards-by-environment-and-service.md. */
  readonly uid: string;
  readonly title: string;
  readonly json: Json;
}

/** The dashboards in a service's files, as they are in an environment. Their links to one another lead to those of the environment. */
export function ownDashboardsOf(service: Service, environment: string): readonly OwnDashboard[] {
  const taken = dashboardFilesOf(service).flatMap(({ dashboard }) => takenDashboard(dashboard) ?? []);
  const uids = new Map(taken.map(({ uid }) => [uid, shortUid(`${uid}-${environment}`)]));
  return taken.map(({ uid: exportedUid, title, json }) => {
    const uid = uids.get(exportedUid) ?? exportedUid;
    return { exportedUid, uid, title, json: { ...(linked(json, uids) as Json), uid } };
  });
}

/** A link to a dashboard by its uid, in any text. */
const LINK = /(\/d\/)([A-Za-z0-9_-]+)/g;

function linked(value: unknown, uids: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string")
    return value.replace(LINK, (_, before: string, uid: string) => `${before}${uids.get(uid) ?? uid}`);
  if (Array.isArray(value)) return value.map((each) => linked(each, uids));
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, linked(each, uids)]));
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
