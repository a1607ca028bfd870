import { labelSetKey } from "../../components/core/label-set.ts";
import { type Connection, QueryRefused } from "../verify/connection.ts";
import { type LoadedAlert, ruleFinder } from "./rules.ts";

/** One alert that fired, in Unix seconds. */
export interface RecordedFiring {
  /** Without `__name__` and `alertstate`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: no rule that is loaded wrote it. */
  readonly rule: LoadedAlert | undefined;
  readonly from: number;
  /** The first evaluation at which it did not fire any more. */
  readonly to: number;
  /** It fired before the period began: `from` is where the period begins. */
  readonly isCutBefore: boolean;
  /** It still fired when the period ended. */
  readonly isOpen: boolean;
}

const DAY = 86_400;
/** A stretch that is refused although it is so short is refused for another reason than its size. */
const SHORTEST = 900;
/** Severity none is the heartbeat, which fires always. */
const FIRING = 'ALERTS{alertstate="firing", severity!="none"}';

/** A series and the moments at which it has a sample, in order. */
interface Samples {
  readonly labels: Readonly<Record<string, string>>;
  readonly at: number[];
}

/**
 * Every firing from `from` to `to`, both in Unix seconds, by the samples of the series ALERTS as they were written: one at each evaluation
 * at which the alert fired. Where an evaluation is missing, the firing ended.
 */
export async function recordedFirings(
  connection: Connection,
  rules: readonly LoadedAlert[],
  from: number,
  to: number,
): Promise<readonly RecordedFiring[]> {
  const ruleOf = ruleFinder(rules);
  const series = await samplesOf(connection, FIRING, from, to);
  return series
    .flatMap(({ labels, at }) => {
      const rule = ruleOf(labels);
      const interval = rule?.interval ?? leastStep(at);
      return runsOf(at, interval).map(([first, last]): RecordedFiring => {
        const isCutBefore = first - from <= interval;
        const isOpen = to - last < interval;
        return {
          labels,
          rule,
          from: isCutBefore ? Math.max(from, first) : first,
          to: isOpen ? to : last + interval,
          isCutBefore,
          isOpen,
        };
      });
    })
    .sort((a, b) => a.from - b.from);
}

/** Samples as they are stored, day by day, with the labels that tell alerts apart. */
async function samplesOf(
  { ask }: Connection,
  selector: string,
  from: number,
  to: number,
): Promise<readonly Samples[]> {
  const found = new Map<string, Samples>();
  let most = DAY;
  for (let start = from; start < to; ) {
    const length = Math.max(1, Math.ceil(Math.min(most, to - start)));
    const end = Math.min(to, start + length);
    try {
      const { result } = await ask<{
        readonly result: readonly {
          readonly metric: Readonly<Record<string, string>>;
          readonly values?: readonly (readonly [number, string])[];
        }[];
      }>("query", { query: `${selector}[${length}s]`, time: end.toFixed(3) });
      for (const { metric, values = [] } of result) {
        const { __name__: _, alertstate: __, ...labels } = metric;
        const key = labelSetKey(labels);
        const series = found.get(key) ?? { labels, at: [] };
        found.set(key, series);
        // A sample at the edge of two stretches is in both of them, before Prometheus 3.
        for (const [time] of values) if (time >= from && time > (series.at.at(-1) ?? 0)) series.at.push(time);
      }
    } catch (error) {
      if (!(error instanceof QueryRefused) || length <= SHORTEST) throw error;
      most = length / 4;
      continue;
    }
    start = end;
  }
  return [...found.values()];
}

/** First and last moment of each run of evaluations without a gap. */
function runsOf(at: readonly number[], interval: number): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const time of at) {
    const last = runs.at(-1);
    // Evaluations are that far apart; a little more is a late one, and twice as much a missing one.
    if (last !== undefined && time - last[1] < 1.5 * interval) last[1] = time;
    else runs.push([time, time]);
  }
  return runs;
}

/** Of a rule that is gone: its evaluations can be no closer than its samples. */
function leastStep(at: readonly number[]): number {
  const steps = at.slice(1).map((time, index) => time - (at[index] ?? time));
  return steps.length === 0 ? 30 : Math.min(...steps.slice(0, 10_000));
}
