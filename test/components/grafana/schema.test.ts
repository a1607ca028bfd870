import { Ajv } from "ajv";
import { beforeAll, describe, expect, it } from "vitest";
import { dashboardsIn, renderContent } from "../../../components/grafana/content.ts";
import type { DashboardJson } from "../../../components/grafana/json.ts";
import { CONTENT, IN_CLUSTER } from "./samples.ts";
import { schemaOfType } from "./schema-of-type.ts";

let problemsOf: (dashboard: unknown) => readonly string[];

beforeAll(() => {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(
    schemaOfType("components/grafana/json.ts", "DashboardJson"),
  );
  problemsOf = (dashboard) => {
    validate(dashboard);
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message, JSON.stringify(params)].join(" "),
    );
  };
});

const dashboards = dashboardsIn(renderContent({ ...CONTENT, settings: IN_CLUSTER })).map(({ json }) => json);

/** The first panel of a kind, in a copy of the first dashboard that has one. */
function copyWithPanel(type: string) {
  for (const dashboard of dashboards) {
    // biome-ignore lint/suspicious/noExplicitAny: a copy that is about to be spoilt.
    const copy: any = structuredClone(dashboard);
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    const panel = copy.panels.find((one: any) => one.type === type);
    if (panel) return { copy, panel };
  }
  throw new Error(`no panel of type ${type}`);
}

describe("Grafana's own types, as a schema", () => {
  it.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as [string, DashboardJson]))(
    "accept %s",
    (_, dashboard) => {
      expect(problemsOf(dashboard)).toEqual([]);
    },
  );

  it.each([
    [
      "a field of the dashboard that does not exist",
      "stat",
      ({ copy }) => Object.assign(copy, { timeZone: "utc" }),
    ],
    ["a panel without an id", "stat", ({ panel }) => Reflect.deleteProperty(panel, "id")],
    ["a kind of panel that we do not draw", "stat", ({ panel }) => Object.assign(panel, { type: "graph" })],
    ["an option of another kind", "stat", ({ panel }) => Object.assign(panel.options, { legend: {} })],
    [
      "a word that an option does not know",
      "timeseries",
      ({ panel }) => Object.assign(panel.options.legend, { placement: "top" }),
    ],
    [
      "a misspelt setting of the lines",
      "timeseries",
      ({ panel }) => Object.assign(panel.fieldConfig.defaults.custom, { lineWith: 1 }),
    ],
    [
      "a height of a row that is no number",
      "state-timeline",
      ({ panel }) => Object.assign(panel.options, { rowHeight: "tall" }),
    ],
    [
      "a query's field that does not exist",
      "table",
      ({ panel }) => Object.assign(panel.targets[0], { query: "up" }),
    ],
    ["a time range without its end", "stat", ({ copy }) => Object.assign(copy, { time: { from: "now-1h" } })],
    // biome-ignore lint/suspicious/noExplicitAny: what is spoilt has no type.
  ] as [string, string, (spoilt: { copy: any; panel: any }) => void][])("refuse %s", (_, type, spoil) => {
    const spoilt = copyWithPanel(type);
    spoil(spoilt);
    expect(problemsOf(spoilt.copy)).not.toEqual([]);
  });
});
