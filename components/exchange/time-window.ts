import { seconds } from "../core/duration.ts";
import { ROLLING_PERIODS, type RollingPeriod } from "../slo/windows.ts";

/** Days in each unit of OpenSLO's durations, as its own library counts a rolling month, quarter and year. */
const DAYS = { m: 1 / 1440, h: 1 / 24, d: 1, w: 7, M: 30, Q: 90, Y: 365 } as const;

/** A period of ours, and whether it is as long as what the file says. */
export interface NearestPeriod {
  readonly period: RollingPeriod;
  readonly isExact: boolean;
}

/** The period nearest to a duration of OpenSLO, such as `4w`; of two that are as near, the longer. */
export function nearestPeriod(duration: string): NearestPeriod {
  const days = Number.parseInt(duration, 10) * DAYS[duration.slice(-1) as keyof typeof DAYS];
  const distance = (period: RollingPeriod) => Math.abs(seconds(period) / seconds("1d") - days);
  const period = ROLLING_PERIODS.reduce<RollingPeriod>(
    (best, each) => (distance(each) <= distance(best) ? each : best),
    "7d",
  );
  return { period, isExact: distance(period) === 0 };
}
