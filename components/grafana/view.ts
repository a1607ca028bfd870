import type { ThresholdsJson, TooltipJson, VisualisationJson } from "./json.ts";

/** The limit of an alert, as a panel shows it: a line in the chart, or the colour of a number. */
export interface Limit {
  /** In the panel's unit. */
  readonly value: number;
  /** On which side of the limit trouble is. */
  readonly bad: "above" | "below";
}

/** How a panel shows its series. */
export type View =
  /** Lines over time, with the limit as a dashed line. */
  | { readonly kind: "lines"; readonly limit?: Limit }
  /** The latest value, large, in the limit's colour. */
  | { readonly kind: "number"; readonly limit?: Limit }
  /** A bar per series that shows when it was 0, which is good, and when 1, which is bad. */
  | { readonly kind: "states"; readonly good: string; readonly bad: string }
  /** The latest series as rows of a table, with these labels as columns: label to heading. */
  | { readonly kind: "rows"; readonly columns: Readonly<Record<string, string>> };

// Colours by name: Grafana has a shade of each for its light and for its dark theme.
const GOOD = "green";
const BAD = "red";
const PLAIN = "text";

/** Whichever series is worst stands first when the mouse is over a chart. */
const TOOLTIP: TooltipJson = { mode: "multi", sort: "desc" };

/** The view as Grafana's own visualisation, its options and its field settings. */
export function visualisation(view: View, unit: string): VisualisationJson {
  switch (view.kind) {
    case "lines":
      return lines(view.limit, unit);
    case "number":
      return number(view.limit, unit);
    case "states":
      return states(view.good, view.bad, unit);
    case "rows":
      return rows(view.columns, unit);
  }
}

function lines(limit: Limit | undefined, unit: string): VisualisationJson {
  // The axis reaches past the limit, so that a chart far from trouble still shows how far.
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
          // A gap is a fact: nothing was scraped there.
          spanNulls: false,
          ...axis,
          thresholdsStyle: { mode: limit ? "dashed" : "off" },
        },
      },
      overrides: [],
    },
  };
}

function number(limit: Limit | undefined, unit: string): VisualisationJson {
  return {
    type: "stat",
    options: {
      colorMode: limit ? "background" : "value",
      graphMode: "area",
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

function rows(columns: Readonly<Record<string, string>>, unit: string): VisualisationJson {
  return {
    type: "table",
    options: { frameIndex: 0, showHeader: true, cellHeight: "sm" },
    fieldConfig: {
      defaults: { unit, color: { mode: "thresholds" }, thresholds: thresholds(undefined), noValue: "–" },
      overrides: [],
    },
    transformations: [
      {
        id: "organize",
        options: {
          // Whatever the query yields besides the columns: when it was asked, and a value that says nothing.
          excludeByName: { Time: true, Value: true },
          indexByName: Object.fromEntries(Object.keys(columns).map((label, index) => [label, index])),
          renameByName: columns,
        },
      },
    ],
  };
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
