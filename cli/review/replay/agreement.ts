import { labelSetKey } from "../../../components/core/label-set.ts";
import type { Connection } from "../../verify/connection.ts";
import { type Grid, gridWithin, type Presence, presenceOf } from "./history.ts";
import type { Replay } from "./result.ts";
import { printed, type ReplayedRule } from "./rules.ts";
import type { seriesOf } from "./side.ts";

/** What was replayed of one alerting rule of the base. */
export interface ReplayedBase {
  readonly rule: ReplayedRule;
  readonly about: string;
  readonly grid: Grid;
  readonly series: ReturnType<typeof seriesOf>;
}

const HOUR = 3600;
/** So many alerts that agree least are named. */
const NAMED = 5;

/**
 * Holds the replay of the base against the series ALERTS that Prometheus wrote when its rules fired, from the first hour on that has any.
 * `external` are labels that a server may have added to all series.
 */
export async function agreementOf(
  connection: Connection,
  replayed: readonly ReplayedBase[],
  external: ReadonlySet<string>,
  from: number,
  to: number,
): Promise<Replay["agreement"]> {
  const since = await firstAlerts(connection, from, to);
  if (since === undefined) return null;
  const without = new Set([...external, "__name__", "alertname", "alertstate"]);
  const byKey = new Map<string, ReplayedBase[]>();
  for (const each of replayed) {
    const key = printed(each.rule);
    byKey.set(key, [...(byKey.get(key) ?? []), each]);
  }
  const rows: { readonly about: string; readonly both: number; readonly either: number }[] = [];
  for (const alike of byKey.values()) {
    const [first] = alike;
    if (first === undefined) continue;
    const { rule, grid, about } = first;
    const earliest = Math.ceil((since - grid.start) / grid.step);
    const recorded = await presenceOf(connection, printed(rule, { alertstate: "firing" }), grid, without);
    const was = moments(recorded, earliest, grid.count);
    const is = moments(
      alike.flatMap(({ series }) => series.map(asPresence(without))),
      earliest,
      grid.count,
    );
    const both = [...was].filter((each) => is.has(each)).length;
    rows.push({ about, both, either: was.size + is.size - both });
  }
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0);
  const evaluations = sum(({ either }) => either);
  if (evaluations === 0) return null;
  return {
    share: sum(({ both }) => both) / evaluations,
    evaluations,
    since: new Date(since * 1000).toISOString(),
    least: rows
      .filter(({ both, either }) => both < either)
      .map(({ about, both, either }) => ({ about, share: both / either }))
      .sort((a, b) => a.share - b.share || (a.about < b.about ? -1 : 1))
      .slice(0, NAMED),
  };
}

/** What fires, in the form of what a query gives. */
function asPresence(without: ReadonlySet<string>) {
  return ({ labels, spans }: ReplayedBase["series"][number]): Presence => ({
    labels: Object.fromEntries(Object.entries(labels).filter(([name]) => !without.has(name))),
    ranges: spans.map(([from, to]) => [from, to - 1]),
  });
}

function moments(presences: readonly Presence[], earliest: number, count: number): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { labels, ranges } of presences) {
    const key = labelSetKey(labels);
    for (const [first, last] of ranges)
      for (let at = Math.max(first, earliest); at <= Math.min(last, count - 1); at++)
        found.add(`${key}${at}`);
  }
  return found;
}

/** The first hour that has the series ALERTS at all: the rules were not evaluated before. */
async function firstAlerts(connection: Connection, from: number, to: number): Promise<number | undefined> {
  const grid = gridWithin(from, to, HOUR, 0);
  const [found] = await presenceOf(connection, "count(ALERTS)", grid);
  const first = found?.ranges[0]?.[0];
  return first === undefined ? undefined : first === 0 ? from : grid.start + first * grid.step;
}
