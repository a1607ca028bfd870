import { encode, type RecordedPanel, type RecordedSeries } from "../../cli/pictures/recording-format.ts";
import type { DashboardJson, PanelJson, TargetJson } from "../../components/grafana/json.ts";
import { panelsOf } from "../../components/grafana/lint/check.ts";
import type { PrometheusWithHistory } from "../support/prometheus.ts";
import { AS_OF, HOUR, NAMESPACE, ROLLED_BACK, ROLLED_OUT, SERVICE } from "./incident.ts";

// Every query of a dashboard, asked of the Prometheus that holds the hour as Grafana would ask it.

/** Series that are kept of one query: more than a picture draws, and all that its legend counts. */
const MOST = { lines: 9, rows: 16 } as const;

/** What is chosen where a dashboard lets its reader choose one alone; of everything else, all. */
const CHOSEN: Readonly<Record<string, string>> = {
  service: SERVICE,
  slo: "availability",
  namespace: NAMESPACE,
};

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  __rate_interval: "2m",
  __interval: "1m",
  __range: "1h",
  __range_s: "3600",
};

/** What the panels of a dashboard showed, by their ids. `start` is that of the hour, in Unix seconds. */
export async function recordedPanels(
  server: PrometheusWithHistory,
  board: DashboardJson,
  start: number,
): Promise<Readonly<Record<string, RecordedPanel>>> {
  const single = new Set(
    (board.templating?.list ?? [])
      .filter((variable) => (variable as { includeAll?: boolean }).includeAll !== true)
      .map(({ name }) => name),
  );
  const panels: [string, RecordedPanel][] = [];
  for (const panel of panelsOf(board)) {
    const series = await Promise.all(
      panel.targets.map(async (target, query) => answers(server, panel, target, query, single, start)),
    );
    panels.push([String(panel.id), { queries: panel.targets.length, series: series.flat() }]);
  }
  return Object.fromEntries(panels);
}

async function answers(
  server: PrometheusWithHistory,
  panel: PanelJson,
  target: TargetJson,
  query: number,
  single: ReadonlySet<string>,
  start: number,
): Promise<RecordedSeries[]> {
  const expr = sent(target, single);
  if (target.instant === true || panel.type === "stat" || panel.type === "table") {
    const { answers: found } = await server.query(expr, start + AS_OF * 60);
    return found
      .filter(({ value }) => !Number.isNaN(value))
      .slice(0, MOST.rows)
      .map(({ labels, value }) => [query, withoutName(labels), encode([rounded(value)])]);
  }
  const courses = await server.course(expr, start, start + HOUR * 60, 60);
  return courses
    .map(({ labels, points }) => {
      const values = new Map(points.map(([at, value]) => [Math.round((at - start) / 60), rounded(value)]));
      const all = Array.from({ length: HOUR + 1 }, (_, minute) => values.get(minute) ?? null);
      return { labels, values: all };
    })
    .filter(({ values }) => values.some((value) => value !== null))
    .sort((a, b) => weight(b.values) - weight(a.values))
    .slice(0, MOST.lines)
    .map(({ labels, values }) => [query, withoutName(labels), encode(values)]);
}

/**
 * What the incident shows comes first, so that it is among what is drawn: series that are there during it alone, and then by how much they
 * move, in tenths of what they are at most. Last come those that are there now and then, such as a query for the ten largest has.
 */
function weight(values: readonly (number | null)[]): number {
  const known = values.flatMap((value, minute) => (value === null ? [] : [{ value, minute }]));
  if (known.every(({ minute }) => minute > ROLLED_OUT && minute < ROLLED_BACK + SEEN_LATER)) return 20;
  const most = Math.max(...known.map(({ value }) => Math.abs(value)));
  const least = Math.min(...known.map(({ value }) => Math.abs(value)));
  const moves = most === 0 ? 0 : Math.round((10 * (most - least)) / most);
  return known.length < (HOUR + 1) / 4 ? moves - 20 : moves;
}

/** Minutes after the incident in which a range of a query still sees it. */
const SEEN_LATER = 6;

function withoutName({ __name__: _, ...labels }: Readonly<Record<string, string>>) {
  return labels;
}

/** Four digits: more than a picture can show. */
function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}

function sent({ expr }: TargetJson, single: ReadonlySet<string>): string {
  return expr.replaceAll(/\$(?:\{([a-zA-Z_]\w*)\}|([a-zA-Z_]\w*))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? "";
    return PLACEHOLDERS[name] ?? (single.has(name) ? CHOSEN[name] : undefined) ?? ".*";
  });
}
