import { type Duration, seconds } from "../core/duration.ts";
import {
  clampMax,
  countOfTimes,
  dividedBy,
  type InstantVector,
  instant,
  labelled,
  max,
  minus,
  or,
  plus,
  type Scalar,
  scalar,
  sum,
  times,
} from "../signals/promql.ts";
import { secondsSinceMultipleOf } from "../signals/promql-time.ts";
import { historyOf, RECORDS, recordOf } from "./conventions.ts";
import { keptFor, type Slo } from "./model.ts";

// How much of a period has records. The error budget of a period that is known in part counts the unknown part as traffic that goes on
// without errors: an hour of errors on the first day of a service is an hour of thirty days.

/** Looks at the record of a window at the multiples of `step`, within the last `length`. */
export interface Looks {
  readonly window: Duration;
  readonly step: Duration;
  /** The longest known time that they find. */
  readonly length: Duration;
}

/** Looks at every hour of the period, or three hours of a long one; and at every five minutes of the last six hours. */
export function looksOf({ period }: Pick<Slo, "period">): readonly [coarse: Looks, fine: Looks] {
  const length = keptFor(period);
  return [
    { window: "1h", step: seconds(length) > seconds("31d") ? "3h" : "1h", length },
    { window: "5m", step: "5m", length: "6h" },
  ];
}

/** Samples that {@link knownShare} reads. */
export function samplesOfKnownTime(slo: Pick<Slo, "period">): number {
  return looksOf(slo).reduce((all, looks) => all + seconds(looks.length) / seconds(looks.step), 0);
}

/** The share of `length` that has records, from 0 to 1: the time since the first look that found one, without gaps. */
export function knownShare(slo: Slo, length: Scalar): InstantVector {
  const [coarse, fine] = looksOf(slo).map((looks) => labelled(knownSeconds(slo, looks), "looks", looks.step));
  const known = dividedBy(clampMax(max(or(coarse as InstantVector, fine as InstantVector)), length), length);
  return or(known, times(scalar(0), sum(instant(recordOf(slo, RECORDS.total("1h"))))));
}

function knownSeconds(slo: Slo, looks: Looks): InstantVector {
  const { window, step } = looks;
  const length = seconds(looks.length);
  // One series, also in the time after a change of the owner, when there is one of each.
  const found = countOfTimes(max(instant(historyOf(slo, RECORDS.total(window)))), looks.length, step);
  const until = times(scalar(seconds(step)), minus(found, scalar(1)));
  // Between the first and the last of the looks lies one step less than the range, however long the history is.
  const first = plus(until, secondsSinceMultipleOf(step));
  return clampMax(dividedBy(times(scalar(length), first), scalar(length - seconds(step))), scalar(length));
}
