import type { PromtoolSeries } from "../../core/promtool.ts";
import { MONTH_WINDOWS } from "../calendar-month.ts";
import { RECORDS } from "../conventions.ts";
import type { Slo } from "../model.ts";
import { windowsOf } from "../windows.ts";
import { seriesOf } from "./recorded.ts";

/** Events per second of a other objective, which no timeline comes near to over an hour and more. */
const BUSY = 1e13;

/** What of the others is there, and when. */
interface Presence {
  /** Records by name; by default all. */
  readonly records?: readonly string[];
  /** Evaluations that they are there for. */
  readonly evaluations: number;
  /** Scrapes from one evaluation to the next. Default: 1. */
  readonly apart?: number;
  /** The share of the budget that is spent. Default: 0.7. */
  readonly budgetSpent?: number;
}

function heldOfMonth(): readonly (readonly [name: string, value: number])[] {
  const tiles = new Set(MONTH_WINDOWS.map(({ tile }) => tile));
  return [
    [RECORDS.totalOddMonths, BUSY],
    [RECORDS.errorsOddMonths, BUSY / 2],
    ...[...tiles].flatMap((tile) => [
      [RECORDS.totalInMonth(tile), BUSY] as const,
      [RECORDS.errorsInMonth(tile), BUSY / 2] as const,
    ]),
    [RECORDS.totalOf("month"), BUSY],
    [RECORDS.errorsOf("month"), BUSY / 2],
  ];
}

/**
 * The records of another service and of another objective, each with values of its own: where a rule or an alert reads them too,
 * it comes out differently.
 */
export function otherObjectivesOf(
  slo: Slo,
  { records, evaluations, apart = 1, budgetSpent = 0.7 }: Presence,
): readonly PromtoolSeries[] {
  const { period } = slo;
  const held: (readonly [name: string, value: number])[] = [
    [RECORDS.totalStep, BUSY],
    [RECORDS.errorsStep, BUSY / 2],
    [RECORDS.unclassifiedStep, BUSY / 4],
    ...windowsOf(period).flatMap(({ length }) => [
      [RECORDS.total(length), BUSY] as const,
      [RECORDS.errors(length), BUSY / 2] as const,
    ]),
    ...(period === "month" ? heldOfMonth() : []),
    [RECORDS.errorRatio(period), 0.5],
    [RECORDS.budgetSpent, budgetSpent],
    [RECORDS.historyCovered, 0.5],
  ];
  const beside = (which: string): readonly Slo[] => [
    { ...slo, service: `${which}-${slo.service}` },
    { ...slo, name: `${which}-${slo.name}` },
  ];
  // Where series are counted, one other objective would be as many as the objective itself.
  const counted = ([name]: (typeof held)[number]) => name === RECORDS.total("1h");
  return [
    ...beside("another").map((other) => [other, held] as const),
    ...beside("yet-another").map((other) => [other, held.filter(counted)] as const),
  ].flatMap(([other, all]) =>
    all
      .filter(([name]) => records?.includes(name) ?? true)
      .map(([name, value]) => ({
        series: seriesOf(other, name),
        values:
          apart === 1
            ? `${value}x${evaluations}`
            : `${value}${` _x${apart - 1} ${value}`.repeat(evaluations)}`,
      })),
  );
}
