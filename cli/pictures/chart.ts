import type * as echarts from "echarts";
import { partsOf, roundStep } from "./axis.ts";
import { MOST_LINES, type PictureTime, type Series } from "./data.ts";
import { shown } from "./units.ts";

/** A chart to be drawn: lines over time, and the limit of an alert. */
export interface Chart {
  readonly series: readonly Series[];
  readonly unit: string;
  readonly limit: number | undefined;
  readonly time: PictureTime;
  /** In pixels of a page of 1280; a browser scales it. */
  readonly width: number;
  readonly height: number;
}

// Each colour stands out from white and from black alike; a browser chooses by its reader's theme. Grafana has colours of its own.
const LIGHT = ["#1f6f8b", "#b3541e", "#4b7f2c", "#7a4fa3", "#a13d63", "#5c5f66"];
const DARK = ["#6fc3df", "#f0a06a", "#9bd17b", "#c3a1ea", "#f08fb3", "#b5b8bf"];

const rules = (colours: readonly string[], ink: string, line: string, bad: string, band: string) =>
  [
    ...colours.map((colour, index) => `--s${index}:${colour}`),
    `--ink:${ink}`,
    `--line:${line}`,
    `--bad:${bad}`,
    `--band:${band}`,
  ].join(";");

const STYLE =
  `<style>svg{${rules(LIGHT, "#5a626c", "#e4e0d8", "#a3241f", "#f6e7e3")}}` +
  `@media(prefers-color-scheme:dark){svg{${rules(DARK, "#a4abb3", "#31373d", "#ff9f94", "#3a2a2b")}}}</style>`;

type ECharts = typeof echarts;
let library: Promise<ECharts> | undefined;

/** Loads what draws. Only where something has to be drawn: most of a preview's pictures are known already. */
function load(): Promise<ECharts> {
  library ??= import("echarts/dist/echarts.esm.min.mjs");
  return library;
}

/** The chart as SVG; `id` sets apart what it defines within itself. The same chart is the same text each time. */
export async function drawChart(chart: Chart, id: string): Promise<string> {
  const { init } = await load();
  const drawing = init(null, null, { renderer: "svg", ssr: true, width: chart.width, height: chart.height });
  try {
    drawing.setOption(optionOf(chart));
    return renamed(drawing.renderToSVGString(), id).replace(/(<svg[^>]*>)/, `$1${STYLE}`);
  } finally {
    drawing.dispose();
  }
}

/** ECharts counts what it names through the whole process, which would tell two renders apart, and mixes up what shares a page. */
function renamed(svg: string, id: string): string {
  const names = new Map<string, string>();
  return svg.replaceAll(/\bzr\d+-[a-z]+-?\d+/g, (name) => {
    const known = names.get(name) ?? `${id}-${names.size}`;
    names.set(name, known);
    return known;
  });
}

function optionOf({ series, unit, limit, time }: Chart): echarts.EChartsOption {
  const axisLabel = { color: "var(--ink)", fontSize: 10, fontFamily: "system-ui, sans-serif" };
  const line = { lineStyle: { color: "var(--line)" } };
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  const most = Math.max(0, ...values, (limit ?? 0) * 1.1);
  const step = roundStep(most, unit);
  const last = Math.max(1, ...series.map(({ values: one }) => one.length - 1));
  return {
    animation: false,
    grid: { left: 62, right: 12, top: 12, bottom: 24 },
    xAxis: {
      type: "value",
      min: 0,
      max: last,
      interval: last / (time.kind === "recorded" ? RECORDED_PARTS : partsOf(time.hours)),
      axisLabel: { ...axisLabel, formatter: (at: number) => moment(time, at / last) },
      axisLine: line,
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      splitNumber: 3,
      min: ({ min }: { min: number }) => Math.min(0, min),
      ...(step !== undefined
        ? { interval: step, max: Math.ceil(most / step) * step }
        : limit === undefined
          ? {}
          : { max: ({ max }: { max: number }) => Math.max(max, limit * 1.1) }),
      axisLabel: {
        ...axisLabel,
        formatter: (value: number) => shown(value, unit),
        showMaxLabel: limit === undefined || step !== undefined,
      },
      splitLine: line,
    },
    series: [
      ...(time.kind === "recorded" ? [band(time, last)] : []),
      ...series.slice(0, MOST_LINES).map(({ values }, index) => ({
        type: "line" as const,
        silent: true,
        showSymbol: false,
        connectNulls: false,
        lineStyle: { width: 1.5, color: `var(--s${index})` },
        data: values.map((value, at) => [at, value ?? "-"]),
      })),
      ...(limit === undefined
        ? []
        : [
            {
              type: "line" as const,
              silent: true,
              showSymbol: false,
              lineStyle: { width: 1.5, type: "dashed" as const, color: "var(--bad)" },
              data: [
                [0, limit],
                [last, limit],
              ],
            },
          ]),
    ],
  };
}

/** The time of the incident, behind the lines. */
function band({ minutes, incident: { from, to } }: Extract<PictureTime, { kind: "recorded" }>, last: number) {
  const at = (minute: number) => (minute / minutes) * last;
  return {
    type: "line" as const,
    silent: true,
    data: [],
    markArea: {
      silent: true,
      itemStyle: { color: "var(--band)" },
      data: [[{ xAxis: at(from) }, { xAxis: at(to) }]] as [{ xAxis: number }, { xAxis: number }][],
    },
  };
}

/** Parts of the recorded hour: the incident begins and ends where one does. */
const RECORDED_PARTS = 3;

function moment(time: PictureTime, share: number): string {
  if (time.kind === "recorded") return `${Math.round(share * time.minutes)} min`;
  const left = Math.round(time.hours * (1 - share));
  if (left === 0) return "now";
  return time.hours > 48 ? `-${Math.round(left / 24)} d` : `-${left} h`;
}
