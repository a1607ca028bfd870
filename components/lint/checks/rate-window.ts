import { type Expression, type SelectorExpression, within } from "../../promql/expression.ts";
import { type Check, nameOf, once, type World } from "../check.ts";
import { jobsExporting } from "../metrics.ts";
import type { Recorded } from "../recorded.ts";
import { jobsOf, namesJob } from "../scraping.ts";
import { printSeconds, SCRAPES_IN_A_RANGE, type Surroundings } from "../surroundings.ts";

export const rateWindow: Check = {
  id: "rate-window",
  title: `The range of a rate is at least ${SCRAPES_IN_A_RANGE} scrape intervals of its job.`,
  why: "A rate needs two samples. With a shorter range, one or two missed scrapes leave no result, and the alert resolves.",
  fix: "lengthen the range, or scrape the job more often",
  judge: ({ expression }, world) =>
    once(
      within(expression).flatMap((part) => {
        if (part.kind !== "call" || !NEEDS_SAMPLES.has(part.name)) return [];
        return part.args.flatMap((arg) => tooShort(part.name, arg, world));
      }),
    ),
};

/** Functions that compare samples with each other, and answer nothing for a single one. */
const NEEDS_SAMPLES: ReadonlySet<string> = new Set([
  "rate",
  "increase",
  "irate",
  "delta",
  "idelta",
  "deriv",
  "predict_linear",
]);

function tooShort(name: string, arg: Expression, { recorded, surroundings }: World): string[] {
  if (arg.kind === "subquery") {
    const step = arg.step ?? surroundings.evaluationInterval;
    return arg.length >= SCRAPES_IN_A_RANGE * step
      ? []
      : [`has a ${name} over ${printSeconds(arg.length)} of a subquery that steps by ${printSeconds(step)}`];
  }
  if (arg.kind !== "range") return [];
  const interval = sampleIntervalOf(arg.of, recorded, surroundings);
  if (arg.length >= SCRAPES_IN_A_RANGE * interval) return [];
  return [
    `has a ${name} over ${printSeconds(arg.length)} of ${nameOf(arg.of)}, which has a sample every ${printSeconds(interval)}: ${printSeconds(SCRAPES_IN_A_RANGE * interval)} is the least`,
  ];
}

/** Seconds between two samples of a series: of the slowest job that is meant, or of the fastest where any may be. */
function sampleIntervalOf(
  selector: SelectorExpression,
  recorded: Recorded,
  surroundings: Surroundings,
): number {
  const producers = recorded.producersOf(selector);
  if (producers.length > 0)
    return Math.max(...producers.map(({ group }) => group.interval ?? surroundings.evaluationInterval));
  const intervals = jobsOf(selector, surroundings).map(({ interval }) => interval);
  if (intervals.length === 0) return surroundings.scrapeInterval;
  const isMeant = namesJob(selector) || jobsExporting(selector.metric ?? "") !== undefined;
  return isMeant ? Math.max(...intervals) : Math.min(...intervals);
}
