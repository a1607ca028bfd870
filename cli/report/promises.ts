import type { Detection, Moment, SloPromises } from "../../components/slo/promises.ts";
import { periodText } from "../../components/slo/windows.ts";
import { grouped } from "./numbers.ts";

/** One objective of a service and when its alerts fire, in words. */
export interface PromiseRow {
  readonly about: string;
  readonly objective: string;
  /** For each error ratio, in the order of the columns. */
  readonly told: readonly string[];
  readonly withoutPods: string;
  readonly traffic: string;
  readonly cost: string;
}

export const PROMISE_INTRO =
  "When an alert fires, at the latest, and the error budget spent by then. With less traffic than the minimum it takes longer. " +
  "Requests that no pod answers are not counted: then ServiceHasNoAvailablePods fires.";

export const PROMISE_COLUMNS = [
  "Objective",
  "Target",
  "All requests return errors",
  "1 in 10 returns an error",
  "1 in 100 returns an error",
  "No pod is available",
  "Minimum traffic",
] as const;

export function promiseRow({ service, slo, objective, period, ...promises }: SloPromises): PromiseRow {
  const { pages, detection, minimumTraffic, steadyTraffic, cost, withoutPods } = promises;
  return {
    about: `${service} ${slo}`,
    objective: `${objective}% over ${periodText(period)}`,
    told: detection.map((each) => noticeInWords(each, pages)),
    withoutPods:
      withoutPods === undefined
        ? "not watched"
        : `${withoutPods.severity === "critical" ? "page" : "ticket"} in ${lengthInWords(withoutPods.seconds)}`,
    traffic:
      steadyTraffic === undefined
        ? `${grouped(minimumTraffic)} an hour`
        : `none, ${grouped(steadyTraffic)} checks an hour`,
    cost: `${cost.records} series and ${cost.records + cost.alerts} rules, which read ${grouped(cost.samplesOfRecords)} samples, ${cost.samplesPerSeries} of each scraped series and ${cost.samplesPerErrorSeries} more of those of errors`,
  };
}

export function promiseCells({
  about,
  objective,
  told,
  withoutPods,
  traffic,
}: PromiseRow): readonly string[] {
  return [about, objective, ...told, withoutPods, traffic];
}

function noticeInWords({ fastBurn, slowBurn }: Detection, pages: boolean): string {
  if (fastBurn !== undefined) return `${pages ? "page" : "ticket"} in ${momentInWords(fastBurn.atTheLatest)}`;
  if (slowBurn !== undefined) return `ticket in ${momentInWords(slowBurn.atTheLatest)}`;
  return "no alert";
}

function momentInWords({ seconds, budgetSpent }: Moment): string {
  return `${lengthInWords(seconds)}, ${Number((budgetSpent * 100).toPrecision(2))}% spent`;
}

/** Rounded up, so that the alert does not fire later than the text says. */
function lengthInWords(seconds: number): string {
  if (seconds < 3600) return `${(Math.ceil(seconds / 6) / 10).toFixed(1)} min`;
  return `${(Math.ceil(seconds / 360) / 10).toFixed(1)} h`;
}
