import { type Duration, duration, seconds } from "../../core/duration.ts";
import { printSelector } from "../../signals/promql.ts";
import { RECORDS, recordOf } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, type RollingSlo, type Slo, sloLabels } from "../model.ts";
import { beginningsOf, windowsOf } from "../windows.ts";
import type { Story } from "./story.ts";
import type { QueryTest } from "./test-case.ts";

/** By how much a record may differ from what was counted: what floats add up to. */
const NEARLY = 1e-9;

/** What the records of an SLO must say of a story at one of its evaluations. */
export function recordsOf(slo: RollingSlo, story: Story, at: number): readonly QueryTest[] {
  const { period } = slo;
  const nearly = (value: string, expected: number): QueryTest => ({
    expr: expected === 0 ? `${value} == bool 0` : `abs(${value} / ${expected} - 1) < bool ${NEARLY}`,
    eval_time: duration(at * seconds(story.unit)),
    exp_samples: [{ labels: labelsOf(slo), value: 1 }],
  });
  const series = (record: string) => printSelector(recordOf(slo, record));
  const ratio = story.share(period, at);
  return [
    ...windowsOf(period)
      // Between two evaluations of a slow story there is nothing to tell shorter windows apart by.
      .filter(({ length }) => seconds(length) >= seconds(story.unit))
      .flatMap(({ length }) => [
        nearly(series(RECORDS.total(length)), perSecond(story, length, at, "all")),
        nearly(series(RECORDS.errors(length)), perSecond(story, length, at, "bad")),
      ]),
    nearly(series(RECORDS.errorRatio(period)), ratio),
    nearly(series(RECORDS.budgetSpent), ratio / toNumber(errorBudget(slo.objective))),
    ...historyCovered(slo, story, at).map((share) => nearly(series(RECORDS.historyCovered), share)),
  ];
}

/**
 * Events per second over a window. It is the mean of its steps, of which a slow story records one for each evaluation: that step
 * is as much as all that happened since the one before.
 */
function perSecond(story: Story, window: Duration, at: number, which: "all" | "bad"): number {
  return story.within(window, at)[which] / (story.lengthOf(window) * seconds(story.unit));
}

/**
 * The share of the period's tiles at whose beginning something was known. At the very first scrape some signals know that nothing has
 * happened yet, and others know nothing: where a tile begins there, nothing is said.
 */
function historyCovered({ period }: RollingSlo, story: Story, at: number): readonly number[] {
  const beginnings = beginningsOf(period).map((ago) => at * seconds(story.unit) - seconds(ago));
  if (beginnings.includes(0)) return [];
  return [beginnings.filter((moment) => moment > 0).length / beginnings.length];
}

/** The labels of a record as promtool writes them. */
export function labelsOf(slo: Slo): string {
  const labels = Object.entries(sloLabels(slo)).sort(([a], [b]) => a.localeCompare(b));
  return `{${labels.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(",")}}`;
}
