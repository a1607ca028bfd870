import { type Duration, seconds } from "../core/duration.ts";
import { atom, call, type InstantVector, PRECEDENCE, type Scalar, scalar } from "./promql.ts";

// Functions that compose PromQL about the time of the evaluation and about the calendar, in UTC.

/** The time of the evaluation, in seconds since 1970. */
export const now = (): Scalar => atom("scalar", "time()");

/** The seconds since the last multiple of `step` since 1970. */
export function secondsSinceMultipleOf(step: Duration): Scalar {
  return { kind: "scalar", text: `time() % ${seconds(step)}`, binds: PRECEDENCE["*"] };
}

/** The month, from 1 to 12 in UTC, of the time `ago` seconds before the evaluation, as one series without labels. */
export const monthOf = (ago: number): InstantVector => call("month", vectorAgo(ago));
/** The day of the month, from 1, at that time. */
const dayOfMonth = (ago: number): InstantVector => call("day_of_month", vectorAgo(ago));
/** The number of days of the month at that time. */
const daysInMonth = (ago: number): InstantVector => call("days_in_month", vectorAgo(ago));

function vectorAgo(ago: number): InstantVector {
  return atom("instant", `vector(${moment(ago).text})`);
}

/** 1 in months with an odd number, and 0 in the others. */
export function isOddMonth(ago: number): InstantVector {
  return { kind: "instant", text: `${monthOf(ago).text} % 2`, binds: PRECEDENCE["*"] };
}

/** Seconds from the begin of the month to the time `ago` seconds before the evaluation, in UTC. */
export function secondsOfMonth(ago: number): Scalar {
  const days = `scalar(${dayOfMonth(ago).text}) - 1`;
  return atom("scalar", `((${days}) * 86400 + (${moment(ago).text}) % 86400)`);
}

/** The seconds of the whole month at that time. */
export function secondsInMonth(ago: number): Scalar {
  return atom("scalar", `(scalar(${daysInMonth(ago).text}) * 86400)`);
}

function moment(ago: number): Scalar {
  return { kind: "scalar", text: `time() - ${scalar(ago).text}`, binds: PRECEDENCE["-"] };
}
