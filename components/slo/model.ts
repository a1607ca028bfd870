import type { Duration } from "../core/duration.ts";
import { memoizeByObject } from "../core/memoize.ts";
import { joinPath, type Problem, shown } from "../core/problems.ts";
import { choice, integer, text } from "../core/schema.ts";
import type { Arrival } from "../signals/counted-steps.ts";
import type { RatioSignal } from "../signals/ratio.ts";
import { compare, decimal, dividedBy, type Fraction, fraction, minus, ratio, times } from "./fraction.ts";
import { PERIODS, type Period, periodText, type RollingPeriod, steepest } from "./windows.ts";

/** One objective of one service, complete. */
export interface Slo {
  readonly service: string;
  /** Names that the service had before, under which its records are. Left out: none. */
  readonly formerly?: readonly string[];
  /** The team that is notified. */
  readonly team: string;
  /** The objective's name within the service, such as `availability`. */
  readonly name: string;
  /** Percent of events that must go well, as a decimal: `99.9`. */
  readonly objective: string;
  /** The period that the budget is for. */
  readonly period: Period;
  /**
   * Errors that a burning window must hold before anybody is told. Without a floor, one failed request pages whenever
   * fewer than 1 / (14.4 × budget) requests come in an hour: 69 of them at 99.9%.
   */
  readonly minimumErrors: number;
  /** Whether a fast burn pages. Left out: it does. */
  readonly page?: boolean;
  /** How the counters come. Left out: they are scraped. */
  readonly arrival?: Arrival;
  readonly signal: RatioSignal;
}

export { periodText } from "./windows.ts";

/** An objective whose period ends now, and not with a month. */
export type RollingSlo = Slo & { readonly period: RollingPeriod };

export function isRolling(slo: Slo): slo is RollingSlo {
  return slo.period !== "month";
}

export const DEFAULT_PERIOD: Period = "30d";

/** A handful: five failures in an hour are worth a page where the rate agrees, one is not. */
export const DEFAULT_MINIMUM_ERRORS = 5;

/**
 * Where each scrape is an event, a single one may be unlucky and two may be one pod that moves; a minute and a half at an interval
 * of thirty seconds is neither.
 */
export const MINIMUM_BAD_CHECKS = 3;

/** An objective in percent, in quotes, because 99.90 and 99.9 are one number and floats are not decimals. */
export const objectivePercent = () =>
  text(/^\d{1,2}(?:\.\d{1,4})?$/, 'a percentage in quotes with up to four decimals, such as "99.9"');

export const objectivePeriod = () => choice(PERIODS);

export const errorFloor = () => integer(0, 10_000);

/** How long samples have to be kept for a period to be known whole. The longest month has 31 days. */
export function keptFor(period: Period): Duration {
  return period === "month" ? "31d" : period;
}

/** The share of events that may go wrong: 0.001 for 99.9. */
export function errorBudget(objective: string): Fraction {
  return minus(ratio(1, 1), dividedBy(fraction(objective), ratio(100, 1)));
}

/**
 * What is wrong with an objective for its period: a budget of nothing, or one so large that an alert's limit would lie at
 * 100% errors or beyond, where it could never fire.
 */
export function objectiveProblems(objective: string, period: Period, path: string): readonly Problem[] {
  const budget = errorBudget(objective);
  const factor = steepest(period);
  if (compare(times(factor, budget), ratio(1, 1)) < 0) return [];
  return [
    {
      path,
      found: shown(objective),
      allowed: `more than ${lowestObjective(factor)}: an outage has to burn the budget of ${periodText(period)} ${decimal(factor)} times too fast, which a budget of ${decimal(times(budget, ratio(100, 1)))}% cannot`,
      fix: "raise the objective, or watch the service by an alert instead",
    },
  ];
}

/** The objective, rounded up to two decimals, that the steepest factor needs. */
function lowestObjective(factor: Fraction): string {
  const share = minus(ratio(1, 1), dividedBy(ratio(1, 1), factor));
  const hundredths = (share.numerator * 10_000n + share.denominator - 1n) / share.denominator;
  return decimal({ numerator: hundredths, denominator: 100n });
}

/** The labels that every record and alert of an SLO carries. */
export const sloLabels = memoizeByObject(
  ({ service, name, team }: Slo): Readonly<Record<string, string>> => ({ service, slo: name, team }),
);

/** The path of an objective below a service's, for problems. */
export function objectivePath(path: string, name: string): string {
  return joinPath(path, ["objectives", name]);
}
