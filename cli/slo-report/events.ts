import { RECORDS } from "../../components/slo/conventions.ts";
import { PERIODS, type Period } from "../../components/slo/windows.ts";
import type { Connection } from "../verify/connection.ts";
import type { LoadedGroup } from "../verify/prometheus.ts";

/** An objective as a Prometheus records it. */
export interface RecordedObjective {
  readonly service: string;
  readonly slo: string;
  readonly team: string | null;
  /** Percent, such as 99.9. */
  readonly percent: number;
  /** Other values that it had in the month, in percent. */
  readonly others: readonly number[];
  readonly period: Period;
  /** Seconds between two evaluations: each record of a step is the events per second of so long. */
  readonly interval: number;
  /** What of the budget of its own period was spent when the month ended; null: there was no record. */
  readonly spentOfPeriod: number | null;
}

/** Events and errors of a stretch of time. */
export interface Events {
  readonly total: number;
  readonly errors: number;
}

export const NO_EVENTS: Events = { total: 0, errors: 0 };

/** An hour, or less at the end of a month that has not ended, and what was counted in it. */
export interface Hour extends Events {
  readonly from: number;
  readonly to: number;
}

const HOUR = 3600;
/** Hours that are asked for at once. */
const AT_ONCE = 24;

/** The key of an objective. */
export function keyOf({ service, slo }: { readonly service: string; readonly slo: string }): string {
  return JSON.stringify([service, slo]);
}

interface Answer {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** Every objective that was recorded between two moments. */
export async function recordedObjectives(
  connection: Connection,
  from: number,
  to: number,
): Promise<readonly RecordedObjective[]> {
  const length = `${to - from}s`;
  const by = async (query: string) =>
    new Map(
      (await instant(connection, query, to)).map(({ metric, value }) => [
        keyOf({ service: metric["service"] ?? "", slo: metric["slo"] ?? "" }),
        { metric, value: Number(value?.[1]) },
      ]),
    );
  const objective = `${RECORDS.objective}[${length}]`;
  const last = await by(`last_over_time(${objective})`);
  // A service that changed hands has a series for each team: the one that is there at the end counts.
  for (const [key, found] of await by(RECORDS.objective)) last.set(key, found);
  const [least, most] = [
    await by(`min by (service, slo) (min_over_time(${objective}))`),
    await by(`max by (service, slo) (max_over_time(${objective}))`),
  ];
  const spent = await by(`max by (service, slo) (${RECORDS.budgetSpent})`);
  const evaluated = await evaluatedRecords(connection);
  return [...last]
    .map(([key, { metric, value }]): RecordedObjective => {
      const percent = percentOf(value);
      const { interval = 30, period = "30d" } = evaluated.get(key) ?? {};
      const others = [least, most].map((each) => percentOf(each.get(key)?.value ?? value));
      return {
        service: metric["service"] ?? "",
        slo: metric["slo"] ?? "",
        team: metric["team"] ?? null,
        percent,
        others: [...new Set(others)].filter((other) => other !== percent),
        period,
        interval,
        spentOfPeriod: spent.get(key)?.value ?? null,
      };
    })
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** 0.999 is 99.9, and not 99.90000000000001. */
function percentOf(share: number): number {
  return Number((share * 100).toFixed(6));
}

const OF_PERIOD = new Map<string, Period>(PERIODS.map((period) => [RECORDS.errorRatio(period), period]));

/** How often each objective is evaluated, and over which period, by the rules that are loaded. */
async function evaluatedRecords({ ask }: Connection) {
  const { groups } = await ask<{ readonly groups: readonly LoadedGroup[] }>("rules", { type: "record" });
  const found = new Map<string, { readonly interval: number; readonly period: Period }>();
  for (const { interval, rules } of groups)
    for (const { name, labels = {} } of rules) {
      const period = OF_PERIOD.get(name);
      if (period === undefined) continue;
      found.set(keyOf({ service: labels["service"] ?? "", slo: labels["slo"] ?? "" }), { interval, period });
    }
  return found;
}

async function instant({ ask }: Connection, query: string, time: number): Promise<readonly Answer[]> {
  const { result } = await ask<{ readonly result: readonly Answer[] }>("query", {
    query,
    time: String(time),
  });
  return result;
}

/** What was counted in each hour, by objective. Each step between two scrapes is recorded once, so the sums are exact. */
export async function hoursOf(
  connection: Connection,
  objectives: readonly RecordedObjective[],
  from: number,
  to: number,
): Promise<ReadonlyMap<string, readonly Hour[]>> {
  const ends: number[] = [];
  for (let at = from + HOUR; at < to; at += HOUR) ends.push(at);
  ends.push(to);
  const [totals, errors] = [
    await sumsAt(connection, RECORDS.totalStep, ends, from),
    await sumsAt(connection, RECORDS.errorsStep, ends, from),
  ];
  return new Map(
    objectives.map((objective) => {
      const key = keyOf(objective);
      const hours = ends.map((end, index) => ({
        from: ends[index - 1] ?? from,
        to: end,
        total: (totals.get(key)?.get(end) ?? 0) * objective.interval,
        errors: (errors.get(key)?.get(end) ?? 0) * objective.interval,
      }));
      return [key, hours];
    }),
  );
}

/** The sums of a record's samples, from each moment back to the one before. */
async function sumsAt(
  connection: Connection,
  record: string,
  ends: readonly number[],
  from: number,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const sums = new Map<string, Map<number, number>>();
  const add = (metric: Answer["metric"], at: number, text: string) => {
    const key = keyOf({ service: metric["service"] ?? "", slo: metric["slo"] ?? "" });
    const own = sums.get(key) ?? new Map<number, number>();
    sums.set(key, own);
    own.set(at, Number(text));
  };
  const query = (length: number) => `sum by (service, slo) (sum_over_time(${record}[${length}s]))`;
  const whole = ends.filter((end, index) => end - (ends[index - 1] ?? from) === HOUR);
  for (let index = 0; index < whole.length; index += AT_ONCE) {
    const part = whole.slice(index, index + AT_ONCE);
    const { result } = await connection.ask<{ readonly result: readonly Answer[] }>("query_range", {
      query: query(HOUR),
      start: String(part[0]),
      end: String(part.at(-1)),
      step: String(HOUR),
    });
    for (const { metric, values = [] } of result) for (const [at, text] of values) add(metric, at, text);
  }
  const last = ends.at(-1);
  if (last !== undefined && !whole.includes(last))
    for (const { metric, value } of await instant(connection, query(last - (ends.at(-2) ?? from)), last))
      add(metric, last, value?.[1] ?? "0");
  return sums;
}

/** What was counted of an objective between two moments. */
export async function eventsBetween(
  connection: Connection,
  { service, slo, interval }: RecordedObjective,
  from: number,
  to: number,
): Promise<Events> {
  const selector = `{service=${JSON.stringify(service)}, slo=${JSON.stringify(slo)}}`;
  const sum = async (record: string) => {
    const query = `sum(sum_over_time(${record}${selector}[${Math.round((to - from) * 1000)}ms]))`;
    const [found] = await instant(connection, query, to);
    return Number(found?.value?.[1] ?? 0) * interval;
  };
  return { total: await sum(RECORDS.totalStep), errors: await sum(RECORDS.errorsStep) };
}

/** Every step of an objective from one moment to another, in order. */
export async function stepsBetween(
  connection: Connection,
  { service, slo }: RecordedObjective,
  from: number,
  to: number,
): Promise<readonly (Events & { readonly at: number })[]> {
  const selector = `{service=${JSON.stringify(service)}, slo=${JSON.stringify(slo)}}`;
  const samples = async (record: string) => {
    const [found] = await instant(connection, `${record}${selector}[${Math.ceil(to - from)}s]`, to);
    return found?.values ?? [];
  };
  const errors = new Map(await samples(RECORDS.errorsStep));
  return (await samples(RECORDS.totalStep)).map(([at, total]) => ({
    at,
    total: Number(total),
    errors: Number(errors.get(at) ?? 0),
  }));
}
