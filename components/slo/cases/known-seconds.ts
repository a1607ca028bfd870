import { seconds } from "../../core/duration.ts";
import { LOOKBACK_SECONDS } from "../../core/rules.ts";
import { type Looks, looksOf } from "../known-time.ts";
import type { Slo } from "../model.ts";
import type { Timeline } from "./timeline.ts";

/** When records exist. */
interface Recorded {
  /** The time from one evaluation to the next, in seconds. */
  readonly unit: number;
  /** The number of the first evaluation with a record. The evaluation at the time 0 has the number 0. */
  readonly first: number;
  /** Whether a later evaluation has a record. Default: each has. */
  readonly isRecorded?: (evaluation: number) => boolean;
}

/** The seconds of the period that are known at a moment, by looking at each of the rule's moments. */
export function knownSeconds(slo: Slo, at: number, recorded: Recorded): number {
  return Math.max(0, ...looksOf(slo).map((looks) => foundBy(looks, at, recorded)));
}

function foundBy(looks: Looks, at: number, { unit, first, isRecorded = () => true }: Recorded): number {
  const step = seconds(looks.step);
  const length = seconds(looks.length);
  let found = 0;
  for (let moment = Math.floor(at / step) * step; moment > at - length; moment -= step) {
    const evaluation = Math.floor(moment / unit);
    if (evaluation < first) break;
    if (isRecorded(evaluation) && moment - evaluation * unit < LOOKBACK_SECONDS) found++;
  }
  if (found === 0) return 0;
  return Math.min(length, (length * (step * (found - 1) + (at % step))) / (length - step));
}

/** The seconds of the period that are known at an evaluation of a timeline. */
export function knownAt(slo: Slo, timeline: Timeline, at: number): number {
  const unit = seconds(timeline.unit);
  const first = timeline.unseen > 0 ? timeline.unseen + 1 : firstRecord(slo);
  // Between evaluations of hours and days, windows forget what was before.
  const eachCounts = hasEventsAlways(slo) && unit >= seconds("1h");
  const isRecorded = (evaluation: number) =>
    !(eachCounts && timeline.after(evaluation - 1, evaluation).all === 0);
  return knownSeconds(slo, at * unit, { unit, first, isRecorded });
}

/** The first evaluation with a record in the cases. The buckets of a histogram say at the first scrape that there were no events yet. */
export function firstRecord({ signal: { total } }: Slo): number {
  return "kind" in total && total.kind === "timed" ? 0 : 1;
}

/** Whether there is no record without events: each scrape or each second is an event. */
function hasEventsAlways({ signal: { total, eventsPerScrape } }: Slo): boolean {
  return eventsPerScrape !== undefined || ("kind" in total && total.kind === "known seconds");
}
