import { isJson, type Json, objectsIn, withTexts } from "../../core/json.ts";
import { asSent } from "../../grafana/lint/check.ts";
import { parseQuery } from "../../promql/parse.ts";
import type { Input } from "./exported.ts";

// The data source of Prometheus has another uid in every Grafana: whatever an export names, its queries go to the platform's, through a
// variable, as those of the platform's own dashboards do. Data sources of other types are left as they are.

/** Types of data sources that read a Prometheus. */
const PROMETHEUS: ReadonlySet<unknown> = new Set(["prometheus", "grafana-amazonprometheus-datasource"]);

/** The name of the variable that is added where a dashboard has none. */
const VARIABLE = "datasource";

export function isPrometheusInput({ type, pluginId }: Input): boolean {
  return type === "datasource" && PROMETHEUS.has(pluginId);
}

/** A dashboard whose queries of Prometheus all use a variable for the data source, and whose other inputs have their values. */
export function withDataSourceVariable(dashboard: Json, inputs: readonly Input[]): Json {
  const declared = variablesIn(dashboard);
  const chosen = declared.find(isPrometheusVariable)?.["name"];
  const name = typeof chosen === "string" ? chosen : freeName(declared);
  const filled = withTexts(dashboard, (text) => withInputs(text, inputs, name)) as Json;
  const place = new Place(name, new Map(declared.map((variable) => [variable["name"], variable])));
  const { templating, annotations, panels } = filled;
  const list = variablesIn(filled).map((variable) => place.ofVariable(variable));
  return {
    ...filled,
    panels: objectsIn(panels).map((panel) => place.ofPanel(panel)),
    ...(isJson(annotations)
      ? {
          annotations: {
            ...annotations,
            list: objectsIn(annotations["list"]).map((one) => place.ofQuery(one)),
          },
        }
      : {}),
    templating: {
      ...(isJson(templating) ? templating : {}),
      list: chosen === undefined && place.isUsed ? [variableNamed(name), ...list] : list,
    },
  };
}

/** The variables of a dashboard that choose the Prometheus. */
export function isPrometheusVariable({ type, query }: Json): boolean {
  return type === "datasource" && PROMETHEUS.has(query);
}

function variablesIn({ templating }: Json): readonly Json[] {
  return isJson(templating) ? objectsIn(templating["list"]) : [];
}

function freeName(declared: readonly Json[]): string {
  return declared.some(({ name }) => name === VARIABLE) ? `prometheus_${VARIABLE}` : VARIABLE;
}

function variableNamed(name: string): Json {
  return {
    type: "datasource",
    name,
    label: "Data source",
    description: "The Prometheus to query.",
    query: "prometheus",
    hide: 0,
    multi: false,
    includeAll: false,
    refresh: 1,
  };
}

function withInputs(text: string, inputs: readonly Input[], variable: string): string {
  if (!text.includes("$")) return text;
  return inputs.reduce((filled, input) => {
    const value = isPrometheusInput(input) ? `\${${variable}}` : input.value;
    if (value === undefined) return filled;
    return filled.replaceAll(`\${${input.name}}`, () => value);
  }, text);
}

/** Where the references of one dashboard lead. */
class Place {
  /** Whether anything uses the variable. */
  isUsed = false;
  readonly #reference: Json;
  readonly #variables: ReadonlyMap<unknown, Json>;

  constructor(variable: string, variables: ReadonlyMap<unknown, Json>) {
    this.#reference = { type: "prometheus", uid: `\${${variable}}` };
    this.#variables = variables;
  }

  ofPanel(panel: Json): Json {
    const { targets, panels } = panel;
    const queries = objectsIn(targets);
    const own = queries.filter(({ datasource }) => datasource === undefined || datasource === null);
    const placed = this.#placed(panel, own);
    const of = placed["datasource"];
    return {
      ...placed,
      ...(Array.isArray(targets)
        ? {
            targets: queries.map((query) =>
              // A query without a data source has that of its panel, unless that says nothing either.
              own.includes(query) && of !== undefined && of !== null && !isMixed(of)
                ? { ...query, datasource: of }
                : this.#placed(query, [query]),
            ),
          }
        : {}),
      ...(Array.isArray(panels) ? { panels: objectsIn(panels).map((inner) => this.ofPanel(inner)) } : {}),
    };
  }

  ofVariable(variable: Json): Json {
    const { type, query, definition } = variable;
    if (type !== "query" && type !== "adhoc" && type !== "groupby") return variable;
    const text = isJson(query) ? query["query"] : query;
    const asks = /^\s*(?:label_values|label_names|metrics|query_result)\(/.test(String(definition || text));
    return this.#set(variable, this.#isPrometheus(variable["datasource"]) ?? asks);
  }

  ofQuery(query: Json): Json {
    return this.#placed(query, [query]);
  }

  /** Something with a data source, which is told by its queries where it does not say its type. */
  #placed(holder: Json, queries: readonly Json[]): Json {
    const { datasource } = holder;
    return this.#set(
      holder,
      this.#isPrometheus(datasource) ?? (queries.length > 0 && queries.every(({ expr }) => isPromql(expr))),
    );
  }

  #set(holder: Json, isPrometheus: boolean): Json {
    if (!isPrometheus) return holder;
    const variable = variableOf(holder["datasource"]);
    if (variable !== undefined && this.#variables.has(variable)) return holder;
    this.isUsed = true;
    return { ...holder, datasource: this.#reference };
  }

  /** Whether a reference is to a Prometheus; undefined if it does not say. */
  #isPrometheus(reference: unknown): boolean | undefined {
    if (isSpecial(reference)) return false;
    const declared = this.#variables.get(variableOf(reference));
    if (declared !== undefined) return isPrometheusVariable(declared);
    const type = isJson(reference) ? reference["type"] : undefined;
    return typeof type === "string" ? PROMETHEUS.has(type) : undefined;
  }
}

function variableOf(reference: unknown): string | undefined {
  const uid = uidOf(reference);
  return uid === undefined ? undefined : /^\$(?:\{([^}:]+)[^}]*\}|(\w+))$/.exec(uid)?.slice(1).find(Boolean);
}

function uidOf(reference: unknown): string | undefined {
  const uid = isJson(reference) ? reference["uid"] : reference;
  return typeof uid === "string" ? uid : undefined;
}

/** Grafana's own, such as "-- Grafana --", and what stands for those of the queries. */
function isSpecial(reference: unknown): boolean {
  const type = isJson(reference) ? reference["type"] : undefined;
  return (
    type === "grafana" ||
    type === "datasource" ||
    type === "__expr__" ||
    /^-- .* --$|^grafana$/.test(uidOf(reference) ?? "")
  );
}

function isMixed(reference: unknown): boolean {
  return uidOf(reference) === "-- Mixed --";
}

function isPromql(expr: unknown): boolean {
  if (typeof expr !== "string" || expr.trim() === "") return false;
  try {
    parseQuery(asSent(expr));
    return true;
  } catch {
    return false;
  }
}
