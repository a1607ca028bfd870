import type { PanelJson, TargetJson } from "../../components/grafana/json.ts";
import { RECORDS } from "../../components/slo/conventions.ts";
import { legendOf, type PanelData, type PictureSource, POINTS, type Series } from "./data.ts";
import { examplesFor, tellsOutcomes } from "./examples.ts";

// Series that fit a panel's queries: labels that its legend or its columns name, values of its unit and its kind, and within its limit,
// so that a reviewer sees the line that an alert draws. The same panel has the same series each time.

/** What a value of a unit is like where no limit says it. */
const TYPICAL: Readonly<Record<string, number>> = {
  percentunit: 0.3,
  bytes: 6 * 2 ** 30,
  Bps: 4 * 2 ** 20,
  s: 0.08,
  ms: 80,
  reqps: 120,
  cps: 40,
  pps: 0.2,
  short: 4,
};

/** What a query of some metrics yields, whatever its unit. */
const TYPICAL_OF: readonly (readonly [pattern: RegExp, level: number])[] = [
  [/prometheus_tsdb_head_series\{/, 180_000],
  [/head_samples_appended_total/, 6000],
  [/head_series_created_total/, 40],
  [/86400 \* 2/, 1.5 * 2 ** 30],
  [/scrape_samples_scraped.* - /, 60],
  [/sum_over_time\(scrape_series_added/, 900],
  [/scrape_samples_post_metric_relabeling.*\/ 300/, 1800],
  [/scrape_samples_post_metric_relabeling/, 54_000],
  [/__name__=~"slo:/, 260],
  [/^sum by .*count_over_time\(ALERTS\{/, 5400],
];

/** Synthetic series for previews without a Prometheus. */
export const SYNTHETIC: PictureSource = {
  label: "A preview: the series are synthetic and fit the queries",
  read: (panel) => syntheticData(panel),
};

function syntheticData(panel: PanelJson): PanelData {
  return { series: panel.targets.flatMap((target, query) => seriesOf(panel, target, query)) };
}

function seriesOf(panel: PanelJson, target: TargetJson, query: number): Series[] {
  const isTable = panel.type === "table";
  const labels = isTable ? columnsOf(panel) : named(target.legendFormat ?? "");
  const examples = examplesFor(target.expr, labels);
  const series = Array.from({ length: countOf(labels, target.expr) }, (_, index) => {
    const values = Object.fromEntries(labels.map((label) => [label, pick(examples[label] ?? [], index)]));
    return {
      name: legendOf(target, values),
      labels: values,
      query,
      values: course(panel, target.expr, query, index, tellsOutcomes(labels)),
    };
  });
  const keyOf = (one: Series) => (isTable ? JSON.stringify(one.labels) : one.name);
  return series.filter((one, index) => series.findIndex((other) => keyOf(other) === keyOf(one)) === index);
}

/** One series where one thing is chosen, three where there may be many. */
function countOf(labels: readonly string[], expr: string): number {
  const isChosen =
    expr.includes('slo=~"$slo"') && labels.every((label) => ["service", "slo"].includes(label));
  return labels.length === 0 || isChosen ? 1 : 3;
}

function named(legend: string): string[] {
  return [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = ""]) => label);
}

/** The labels that a table shows: what its last transformation renames, but for values. */
function columnsOf(panel: PanelJson): string[] {
  const organize = panel.transformations?.find(({ id }) => id === "organize")?.options as
    | { readonly renameByName?: Readonly<Record<string, string>> }
    | undefined;
  return Object.keys(organize?.renameByName ?? {}).filter((field) => !field.startsWith("Value"));
}

function pick(values: readonly string[], index: number): string {
  return values[index % values.length] ?? "";
}

/** What a query counts is whole; a rate, a share and a duration are not. */
const BROKEN = /\b(?:i?rate|avg|histogram_quantile)\s*(?:by [^(]*)?\(|\/|seconds/;

function course(
  panel: PanelJson,
  expr: string,
  query: number,
  index: number,
  isOutcome: boolean,
): readonly number[] {
  const random = generator(`${panel.id} ${query} ${index}`);
  const { unit, limit, isBadBelow } = scaleOf(panel, query);
  const constant = (value: number) => new Array<number>(POINTS).fill(value);
  if (OBJECTIVE.test(expr)) return constant(0.999);
  const isWhole = unit === "short" && !BROKEN.test(expr);
  const isTrouble = limit === undefined ? TROUBLE.test(expr) : isWhole && limit === 1 && !isBadBelow;
  if (panel.type === "state-timeline" || (isTrouble && panel.type !== "stat" && !expr.includes(" / "))) {
    // All is well but for a short while, in the first series alone.
    const from = index === 0 ? Math.floor(random() * (POINTS - 8)) : POINTS;
    const bad = unit === "short" || panel.type === "state-timeline" ? 1 : 0.2;
    return constant(0).map((_, at) => (at >= from && at < from + 5 ? bad : 0));
  }
  if (isWhole && isBadBelow && limit !== undefined && panel.type !== "stat")
    return constant(Math.ceil(limit * 2) + index);
  const firing = /^count\(ALERTS\{[^}]*severity="(critical|warning)"/.exec(expr)?.[1];
  // As many as a table of what fires lists beside it.
  if (firing !== undefined) return constant(firing === "critical" ? 1 : 2);
  if (panel.type === "stat" && isWhole && limit === 1) return constant(isBadBelow ? 1 : 0);

  const level = sizeOf(expr, index, isOutcome, isBadBelow) * levelOf(expr, limit, isBadBelow, unit);
  const swell = 0.1 + 0.1 * random();
  // Quantiles of one thing rise and fall together, and never cross.
  const shift = 6 * (QUANTILE.test(expr) ? generator(`${panel.id} ${index}`)() : random());
  const most = unit === "percentunit" ? 1 : Number.POSITIVE_INFINITY;
  return constant(0).map((_, at) => {
    const value = level * (1 + swell * Math.sin(at / 7 + shift) + 0.05 * (random() - 0.5));
    const kept = Math.min(most, isBadBelow && limit !== undefined ? Math.max(value, limit * 1.1) : value);
    return isWhole ? Math.round(kept) : Number(kept.toPrecision(4));
  });
}

/** What a query counts of failures: none, on most days. */
const TROUBLE =
  /_(?:failed|failures|missed|rejected|exceeded|errors|dropped|out_of_order|oom_events)\w*_total|_waiting_reason|status_failed|OOMKilled/;

/** The unit and the limit of what a query fills: of a table, its column's. */
function scaleOf(panel: PanelJson, query: number) {
  const { thresholds: own, unit: ownUnit = "short" } = panel.fieldConfig.defaults;
  const columns = panel.fieldConfig.overrides.filter(({ properties }) =>
    properties.some(({ id }) => id === "unit"),
  );
  const column = panel.type === "table" ? columns[query]?.properties : undefined;
  const setting = (wanted: string) => column?.find(({ id }) => id === wanted)?.value;
  const unit = setting("unit");
  const thresholds = (setting("thresholds") ?? own) as typeof own;
  return {
    unit: typeof unit === "string" ? unit : ownUnit,
    limit: thresholds?.steps[1]?.value ?? undefined,
    isBadBelow: thresholds?.steps[0]?.color === "red",
  };
}

/** A query for what an objective promises. */
const OBJECTIVE = new RegExp(`^max by \\([^)]*\\) \\(${RECORDS.objective}`);
const QUANTILE = /^histogram_quantile\((0\.\d+)/;
/** Of all events, those that went wrong, as a rate and not as a share. */
const WRONG = new RegExp(`^[^/]*${RECORDS.errors("5m")}[^/]*$`);

/** How large one series is beside the others of its panel. */
function sizeOf(expr: string, index: number, isOutcome: boolean, isBadBelow: boolean): number {
  if (isOutcome) return [1, 0.04, 0.003][index] ?? 0.003;
  const quantile = Number(QUANTILE.exec(expr)?.[1] ?? 1);
  const ofQuantile = quantile > 0.95 || quantile < 0.5 ? 1 : quantile > 0.75 ? 0.6 : 0.3;
  return ofQuantile * (WRONG.test(expr) ? 0.002 : 1) * (isBadBelow ? 1 + 0.1 * index : 1 - 0.18 * index);
}

function levelOf(expr: string, limit: number | undefined, isBadBelow: boolean, unit: string): number {
  const known = TYPICAL_OF.find(([pattern]) => pattern.test(expr))?.[1];
  const typical = known ?? TYPICAL[unit] ?? TYPICAL["short"] ?? 1;
  if (limit === undefined) return typical;
  if (isBadBelow) return unit === "percentunit" ? 0.5 + limit / 2 : limit === 0 ? typical : limit * 1.6;
  return limit === 1 && unit === "short" ? 0.35 : limit * 0.6;
}

/** Numbers from 0 to 1 that look random and are the same for the same seed: mulberry32 over FNV-1a. */
function generator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
