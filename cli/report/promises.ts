import type { Detection, Moment, SloPromises } from "../../components/slo/promises.ts";
import { periodText } from "../../components/slo/windows.ts";

/** One objective of a service, and what stands behind it, in words. */
export interface PromiseRow {
  readonly about: string;
  readonly objective: string;
  /** For each rate of errors, in the order of the columns. */
  readonly told: readonly string[];
  readonly traffic: string;
  readonly cost: string;
}

export const PROMISE_INTRO =
  "How soon somebody is told of errors that set in at once, and how much of the error budget is spent by then, at the latest. " +
  "With less than the traffic named, telling waits for more errors.";

export const PROMISE_COLUMNS = [
  "Objective",
  "Promises",
  "All requests fail",
  "One in ten",
  "One in a hundred",
  "From a traffic of",
  "Costs",
] as const;

export function promiseRow({ service, slo, objective, period, ...promises }: SloPromises): PromiseRow {
  const { detection, minimumTraffic, steadyTraffic, cost } = promises;
  return {
    about: `${service} ${slo}`,
    objective: `${objective}% over ${periodText(period)}`,
    told: detection.map(toldInWords),
    traffic:
      steadyTraffic === undefined
        ? `${grouped(minimumTraffic)} an hour`
        : `any: it is looked at ${grouped(steadyTraffic)} times an hour`,
    cost: `${cost.records} records and ${cost.alerts} alerts; ${grouped(cost.samplesOfRecords)} samples an evaluation, and ${cost.samplesPerSeries} of each series`,
  };
}

export function promiseCells({ about, objective, told, traffic, cost }: PromiseRow): readonly string[] {
  return [about, objective, ...told, traffic, cost];
}

function toldInWords({ fastBurn, slowBurn }: Detection): string {
  if (fastBurn !== undefined) return `page in ${momentInWords(fastBurn.atTheLatest)}`;
  if (slowBurn !== undefined) return `ticket in ${momentInWords(slowBurn.atTheLatest)}`;
  return "nobody is told";
}

function momentInWords({ seconds, budgetSpent }: Moment): string {
  return `${lengthInWords(seconds)}, ${Number((budgetSpent * 100).toPrecision(2))}% spent`;
}

/** Rounded up: a promise is not made better than it is. */
function lengthInWords(seconds: number): string {
  if (seconds < 3600) return `${(Math.ceil(seconds / 6) / 10).toFixed(1)} min`;
  return `${(Math.ceil(seconds / 360) / 10).toFixed(1)} h`;
}

/** With commas between thousands, whatever the machine's own habit is. */
function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ",");
}
