import type { DashboardRef } from "../signals/panels.ts";
import type { FieldOverrideJson, ThresholdsJson, TooltipJson, VisualisationJson } from "./json.ts";
import { pathOf } from "./link.ts";

/** The threshold of an alert: a line in a chart, or the colour of a number. */
export interface Limit {
  /** In the panel's unit. */
  readonly value: number;
  /** Which side of the threshold is bad. */
  readonly bad: "above" | "below";
}

/** A column of a table with the values of one of the panel's queries. */
interface ValueColumn {
  readonly heading: string;
  /** A Grafana unit. */
  readonly unit: string;
  readonly limit?: Limit;
}

/** A link of the cells of a column: a dashboard whose variables are set from cells of the same row. */
interface CellLink {
  readonly title: string;
  readonly to: DashboardRef;
  /** Variable to heading. */
  readonly values: Readonly<Record<string, string>>;
}

/** How a panel shows its series. */
export type View =
  /** Lines over time, with the threshold as a dashed line. */
  | { readonly kind: "lines"; readonly limit?: Limit }
  /** The latest value as a number in the colour of the threshold, with a sparkline; `instant`: an instant query, no sparkline. */
  | { readonly kind: "number"; readonly limit?: Limit; readonly instant?: true }
  /** A state timeline per series: 0 is good, 1 is bad. */
  | { readonly kind: "states"; readonly good: string; readonly bad: string }
  /** The latest series as rows of a table. */
  | {
      readonly kind: "rows";
      /** Labels as columns: label to heading. */
      readonly columns: Readonly<Record<string, string>>;
      /** One column for each query, after the labels. Series with the same labels share a row. Default: no values. */
      readonly values?: readonly ValueColumn[];
      /** Links by the heading of their column. */
      readonly cellLinks?: Readonly<Record<string, CellLink>>;
      /** Heading of the column by which rows are sorted, in descending order. */
      readonly sortBy?: string;
    };

// Grafana has a shade of each named colour for its light and its dark theme.
const GOOD = "green";
const BAD = "red";
const PLAIN = "text";

/** The tooltip lists the highest series first. */
const TOOLTIP: TooltipJson = { mode: "multi", sort: "desc" };

/** The view as a Grafana visualisation with options and field settings. */
export function visualisation(view: View, unit: string, environment: string): VisualisationJson {
  switch (view.kind) {
    case "lines":
      return lines(view.limit, unit);
    case "number":
      return number(view, unit);
    case "states":
      return states(view.good, view.bad, unit);
    case "rows":
      return rows(view, unit, environment);
  }
}

function lines(limit: Limit | undefined, unit: string): VisualisationJson {
  // The axis includes the threshold, so that the chart shows the distance to it.
  const axis = limit ? { axisSoftMin: 0, axisSoftMax: limit.value * 1.25 } : { axisSoftMin: 0 };
  return {
    type: "timeseries",
    options: {
      legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
      tooltip: TOOLTIP,
    },
    fieldConfig: {
      defaults: {
        unit,
        color: { mode: "palette-classic" },
        thresholds: thresholds(limit),
        custom: {
          drawStyle: "line",
          lineInterpolation: "linear",
          lineWidth: 1,
          fillOpacity: 8,
          showPoints: "never",
          // Gaps show missing scrapes.
          spanNulls: false,
          ...axis,
          thresholdsStyle: { mode: limit ? "dashed" : "off" },
        },
      },
      overrides: [],
    },
  };
}

function number({ limit, instant }: Extract<View, { kind: "number" }>, unit: string): VisualisationJson {
  return {
    type: "stat",
    options: {
      colorMode: limit ? "background" : "value",
      graphMode: instant ? "none" : "area",
      justifyMode: "auto",
      textMode: "auto",
      wideLayout: true,
      showPercentChange: false,
      percentChangeColorMode: "standard",
      orientation: "auto",
      reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
    },
    fieldConfig: {
      defaults: { unit, color: { mode: "thresholds" }, thresholds: thresholds(limit) },
      overrides: [],
    },
  };
}

function states(good: string, bad: string, unit: string): VisualisationJson {
  return {
    type: "state-timeline",
    options: {
      showValue: "never",
      rowHeight: 0.8,
      mergeValues: true,
      alignValue: "left",
      legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
      tooltip: { mode: "single", sort: "none" },
    },
    fieldConfig: {
      defaults: {
        unit,
        color: { mode: "thresholds" },
        thresholds: thresholds({ value: 1, bad: "above" }),
        mappings: [
          {
            type: "value",
            options: { "0": { text: good, color: GOOD, index: 0 }, "1": { text: bad, color: BAD, index: 1 } },
          },
        ],
        custom: { lineWidth: 0, fillOpacity: 80, spanNulls: false },
      },
      overrides: [],
    },
  };
}

function rows(
  { columns, values = [], cellLinks = {}, sortBy }: Extract<View, { kind: "rows" }>,
  unit: string,
  environment: string,
): VisualisationJson {
  // Grafana adds the refId to the name of the value field if there are several queries.
  const fields = values.map((column, index) => ({
    field: values.length === 1 ? "Value" : `Value #${String.fromCharCode("A".charCodeAt(0) + index)}`,
    ...column,
  }));
  const headings = [
    ...Object.entries(columns),
    ...fields.map(({ field, heading }) => [field, heading] as const),
  ];
  return {
    type: "table",
    options: {
      frameIndex: 0,
      showHeader: true,
      cellHeight: "sm",
      ...(sortBy === undefined ? {} : { sortBy: [{ displayName: sortBy, desc: true }] }),
    },
    fieldConfig: {
      defaults: { unit, color: { mode: "thresholds" }, thresholds: thresholds(undefined), noValue: "–" },
      overrides: [
        ...fields.map(({ heading, unit: own, limit }) =>
          override(heading, {
            unit: own,
            thresholds: thresholds(limit),
            ...(limit ? { "custom.cellOptions": { type: "color-text" } } : {}),
          }),
        ),
        ...Object.entries(cellLinks).map(([heading, link]) =>
          override(heading, { links: [{ title: link.title, url: cellUrl(link, environment) }] }),
        ),
      ],
    },
    transformations: [
      ...(fields.length > 1 ? [{ id: "merge", options: {} }] : []),
      {
        id: "organize",
        options: {
          // Fields of the query that are not columns: its time, and the value if the table shows none.
          excludeByName: { Time: true, ...(fields.length === 0 ? { Value: true } : {}) },
          indexByName: Object.fromEntries(headings.map(([field], index) => [field, index])),
          renameByName: Object.fromEntries(headings),
        },
      },
    ],
  };
}

function override(heading: string, properties: Readonly<Record<string, unknown>>): FieldOverrideJson {
  return {
    matcher: { id: "byName", options: heading },
    properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
  };
}

function cellUrl({ title, to, values }: CellLink, environment: string): string {
  const cells = Object.entries(values).map(
    ([name, heading]) => [name, `\${__data.fields["${heading}"]}`] as const,
  );
  return pathOf({ title, to, values: Object.fromEntries(cells) }, environment);
}

function thresholds(limit: Limit | undefined): ThresholdsJson {
  if (limit === undefined) return { mode: "absolute", steps: [{ value: null, color: PLAIN }] };
  const [below, above] = limit.bad === "above" ? [GOOD, BAD] : [BAD, GOOD];
  return {
    mode: "absolute",
    steps: [
      { value: null, color: below },
      { value: limit.value, color: above },
    ],
  };
}
