import { isJson, type Json, objectsIn } from "../../core/json.ts";
import type { DashboardJson } from "../json.ts";

// Dashboards as anyone may write them, in the form that the checks read: Grafana leaves out what has its default, and older versions wrote
// data sources and variables differently.

/** Panels without a query. */
const WITHOUT_QUERY = "text";

/** The dashboard in a JSON value, also in an export that wraps it; undefined for what is no dashboard of the classic schema. */
export function readDashboard(value: unknown): DashboardJson | undefined {
  if (!isJson(value)) return undefined;
  const { dashboard, apiVersion, spec, metadata } = value;
  const isResource = typeof apiVersion === "string" && isJson(spec);
  const name = isJson(metadata) ? metadata["name"] : undefined;
  const raw = isJson(dashboard) ? dashboard : isResource ? { uid: name, ...spec } : value;
  const { title, panels, annotations, templating } = raw;
  if (!Array.isArray(panels) || typeof title !== "string") return undefined;
  return {
    ...raw,
    uid: typeof raw["uid"] === "string" ? raw["uid"] : "",
    panels: objectsIn(panels).map(panelOf),
    annotations: { list: listIn(annotations).map(withDataSource) },
    templating: { list: listIn(templating).map(variableOf) },
  } as unknown as DashboardJson;
}

function panelOf(panel: Json): Json {
  const { id, fieldConfig, targets, panels } = panel;
  const all = objectsIn(targets);
  const queries = all.filter(({ expr }) => typeof expr === "string");
  const { defaults, overrides } = isJson(fieldConfig) ? fieldConfig : {};
  return {
    ...withDataSource(panel),
    id: typeof id === "number" ? id : 0,
    // A panel of another data source has no query that can be checked.
    ...(all.length > 0 && queries.length === 0 ? { type: WITHOUT_QUERY } : {}),
    targets: queries.map(withDataSource),
    fieldConfig: {
      defaults: isJson(defaults) ? defaults : {},
      overrides: Array.isArray(overrides) ? overrides : [],
    },
    // A collapsed row contains its panels.
    ...(Array.isArray(panels) ? { panels: objectsIn(panels).map(panelOf) } : {}),
  };
}

/** Until version 8 a data source was a name, and `$datasource` is the same as `${datasource}`. */
function withDataSource(value: Json): Json {
  const { datasource } = value;
  if (typeof datasource === "string") return { ...value, datasource: { uid: braced(datasource) } };
  if (!isJson(datasource) || typeof datasource["uid"] !== "string") return value;
  return { ...value, datasource: { ...datasource, uid: braced(datasource["uid"]) } };
}

function braced(uid: string): string {
  return uid.replace(/^\$(\w+)$/, (_, name) => `\${${name}}`);
}

function variableOf(variable: Json): Json {
  const { definition, query } = variable;
  const text = isJson(query) ? query["query"] : query;
  return { ...variable, definition: definition || text };
}

function listIn(value: unknown): readonly Json[] {
  return isJson(value) ? objectsIn(value["list"]) : [];
}
