import { type Duration, duration, seconds } from "../../core/duration.ts";
import type { PromtoolQueryTest, PromtoolSeries } from "../../core/promtool.ts";
import { printSelector } from "../../signals/promql.ts";
import { MONTH_WINDOWS } from "../calendar-month.ts";
import { RECORDS, recordOf } from "../conventions.ts";
import type { Slo } from "../model.ts";
import { BRIDGE, offsets, windowsOf } from "../windows.ts";
import { labelsOf, seriesOf } from "./recorded.ts";
import type { SloTestCase } from "./test-case.ts";

/** How long ago the newest record of a tile is: within what is bridged, and beyond it. Half or twice as long a bridge tells them apart. */
const WITHIN = (seconds(BRIDGE) * 2) / 3;
const BEYOND = (seconds(BRIDGE) * 3) / 2;

/** Of what the samples' moments are multiples. */
const STEP: Duration = "5m";

/** A window whose tiles are looked for some way back. */
interface Bridged {
  readonly tiles: readonly Duration[];
  /** What is recorded of totals and of errors, and the tiles that it is made of. */
  readonly sides: readonly { readonly tile: string; readonly recorded: string }[];
  /** What the sum of the tiles is divided by. */
  readonly divisor: number;
}

/** A window, and the days after which its tiles have gaps that are bridged, and gaps that are not. */
interface CheckedWindow extends Bridged {
  readonly within: number;
  readonly beyond: number;
}

/**
 * What windows of hours and days make of gaps in what is recorded. It begins with records alone and no counter: what else writes
 * none for half an hour and then some takes days to happen.
 */
export function gapsInRecords(slo: Slo, scrapeInterval: Duration): SloTestCase {
  const checked =
    slo.period === "month" ? checkedOfMonth(slo, scrapeInterval) : oneAfterTheOther(bridgedOf(slo));
  const samples = new Map<string, Map<number, number>>();
  for (const { tiles, sides, within, beyond } of checked)
    for (const { tile } of sides)
      for (const [day, gap] of [
        [within, WITHIN],
        [beyond, BEYOND],
      ] as const)
        for (const [number, offset] of tiles.entries()) {
          const at = day * seconds("1d") - seconds(offset) - gap;
          const found = samples.get(tile) ?? new Map<number, number>();
          samples.set(tile, found.set(at, number + 1));
        }
  return {
    name: `The records of ${slo.service} ${slo.name} continue over gaps of up to ${BRIDGE} in the records that they read`,
    interval: STEP,
    input_series: [...samples].map(([tile, found]) => notation(seriesOf(slo, tile), found)),
    alert_rule_test: [],
    promql_expr_test: checked.flatMap((window) => questions(slo, window)),
  };
}

function questions(
  slo: Slo,
  { tiles, sides, divisor, within, beyond }: CheckedWindow,
): readonly PromtoolQueryTest[] {
  const sum = (tiles.length * (tiles.length + 1)) / 2;
  return sides.flatMap(({ recorded }) => {
    const value = printSelector(recordOf(slo, recorded));
    return [
      {
        expr: `abs(${value} / ${sum / divisor} - 1) < bool 1e-9`,
        eval_time: duration(within * seconds("1d")),
        exp_samples: [{ labels: labelsOf(slo), value: 1 }],
      },
      { expr: value, eval_time: duration(beyond * seconds("1d")), exp_samples: [] },
    ];
  });
}

function bridgedOf({
  period,
}: Slo): readonly (Bridged & { readonly tile: Duration; readonly length: Duration })[] {
  return windowsOf(period).flatMap(({ length, source }) =>
    source.kind === "tiles" && source.bridged
      ? [
          {
            length,
            tile: source.tile,
            tiles: source.offsets,
            sides: [
              { tile: RECORDS.total(source.tile), recorded: RECORDS.total(length) },
              { tile: RECORDS.errors(source.tile), recorded: RECORDS.errors(length) },
            ],
            divisor: source.offsets.length,
          },
        ]
      : [],
  );
}

/** Windows of which each is looked at when what the one before recorded has left its tiles. */
function oneAfterTheOther(windows: ReturnType<typeof bridgedOf>): readonly CheckedWindow[] {
  const days = (length: Duration) => Math.ceil(seconds(length) / seconds("1d"));
  let free = 0;
  return windows.map((window) => {
    const within = free + days(window.length);
    // The first day on which no tile ends where one did.
    let apart = 1;
    while ((apart * seconds("1d")) % seconds(window.tile) === 0 && apart < days(window.length)) apart++;
    const beyond = within + apart;
    // What is recorded of a window is seen by the next for as long as its own tiles are.
    free = beyond + days(window.length);
    return { ...window, within, beyond };
  });
}

/** The last day of a January and of a March, on which every tile of a month is of that month; and days of February. */
const MONTH_DAYS: Readonly<Record<string, readonly [within: number, beyond: number]>> = {
  "1d": [33, 34],
  "3d": [39, 42],
};
const WHOLE_MONTH = [31, 90] as const;

function checkedOfMonth(slo: Slo, scrapeInterval: Duration): readonly CheckedWindow[] {
  const checked = (length: Duration, window: Bridged): CheckedWindow => {
    const [within, beyond] = MONTH_DAYS[length] ?? WHOLE_MONTH;
    return { ...window, within, beyond };
  };
  const elapsed = seconds("31d") - seconds(scrapeInterval) / 2;
  return [
    ...bridgedOf(slo).map((window) => checked(window.length, window)),
    ...MONTH_WINDOWS.filter(({ bridged }) => bridged).map(({ length, tile }) => {
      const tiles = offsets(length, tile);
      const isWhole = !Object.hasOwn(MONTH_DAYS, length);
      return checked(length, {
        tiles,
        sides: isWhole
          ? [
              { tile: RECORDS.totalInMonth(tile), recorded: RECORDS.totalOf("month") },
              { tile: RECORDS.errorsInMonth(tile), recorded: RECORDS.errorsOf("month") },
            ]
          : [
              { tile: RECORDS.totalInMonth(tile), recorded: RECORDS.totalInMonth(length) },
              { tile: RECORDS.errorsInMonth(tile), recorded: RECORDS.errorsInMonth(length) },
            ],
        divisor: isWhole ? elapsed / seconds(tile) : tiles.length,
      });
    }),
  ];
}

/** A series that holds a few values at multiples of the step, and nothing between them. */
function notation(series: string, values: ReadonlyMap<number, number>): PromtoolSeries {
  const parts: string[] = [];
  let next = 0;
  for (const [at, value] of [...values].sort(([one], [other]) => one - other)) {
    const step = at / seconds(STEP);
    if (step > next) parts.push(`_x${step - next}`);
    parts.push(String(value));
    next = step + 1;
  }
  return { series, values: parts.join(" ") };
}
