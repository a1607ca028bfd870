import { memoize } from "./memoize.ts";

/** A Prometheus duration of one or more parts, largest unit first: `30s`, `5m`, `1h30m`, `15d`. */
export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d" | "w" | "y"}`;

/** Prometheus' own grammar: each unit at most once, from years down to milliseconds; a lone `0` is not taken. */
export const DURATION_PATTERN =
  /^(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m(?!s))?(?:\d+s)?(?:\d+ms)?$/;

/** A duration as rule files have it: Prometheus takes a lone `0` there. */
export function withUnit(duration: string): string {
  return duration === "0" ? "0s" : duration;
}

/** Seconds per unit, as Prometheus counts them: a day has 24 hours, a year 365 days. */
const SECONDS = { y: 31_536_000, w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1, ms: 0.001 } as const;

/** The length of a duration in seconds. Throws a RangeError for text that is no duration. */
export const seconds: (duration: string) => number = memoize(secondsOf, { most: 1_000 });

function secondsOf(duration: string): number {
  if (!DURATION_PATTERN.test(duration)) throw new RangeError(`${JSON.stringify(duration)} is no duration`);
  return [...duration.matchAll(/(\d+)(ms|[ywdhms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * SECONDS[unit as keyof typeof SECONDS],
    0,
  );
}

/** The shortest single-unit or two-unit form of a number of seconds: 5400 is `1h30m`, 86400 is `1d`. */
export function duration(totalSeconds: number): Duration {
  let rest = Math.round(totalSeconds * 1000);
  const parts: string[] = [];
  for (const unit of ["d", "h", "m", "s", "ms"] as const) {
    const size = SECONDS[unit] * 1000;
    const amount = Math.floor(rest / size);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * size;
  }
  return (parts.join("") || "0s") as Duration;
}
