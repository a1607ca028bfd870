import { type Duration, seconds } from "../../core/duration.ts";
import type { ExampleSeries } from "../../signals/ratio.ts";
import { RECORDS } from "../conventions.ts";
import { toNumber } from "../fraction.ts";
import { errorBudget, type Slo } from "../model.ts";
import type { Exporter } from "./exporter.ts";
import { eventsEach, singleExporterOf } from "./exporters.ts";
import { otherObjectivesOf } from "./other-objectives.ts";
import { recordsOf } from "./recorded.ts";
import type { CaseContext, SloTestCase } from "./test-case.ts";
import { QUIET, Timeline } from "./timeline.ts";

/** What happens in one evaluation of a history: so many events, of which this share is bad. */
type Happens = readonly [events: number, errorShare: number];

/** Cases about what is recorded of hours, of days and of a whole period. */
export class History {
  private readonly slo: Slo;
  private readonly scrapeInterval: Duration;
  private readonly exporter: Exporter;
  /** Set where each evaluation is as many events as any other. */
  private readonly eventsEach: number | undefined;

  constructor(slo: Slo, { scrapeInterval }: CaseContext, examples: ExampleSeries) {
    this.slo = slo;
    this.scrapeInterval = scrapeInterval;
    this.exporter = singleExporterOf(slo, examples, scrapeInterval);
    this.eventsEach = eventsEach(slo, examples, scrapeInterval);
  }

  /** A day and an hour. */
  hours(): SloTestCase {
    const timeline = this.timeline("1h", 0, 25);
    return withRecords(
      this.case("are right for each hour of a day", timeline),
      this.slo,
      timeline,
      this.scrapeInterval,
    );
  }

  /** The days of a whole period and some more, or those of a January and one more. */
  days(): SloTestCase {
    const { period } = this.slo;
    const isMonth = period === "month";
    const length = isMonth ? 31 : new Timeline("1d").lengthOf(period);
    const timeline = this.timeline("1d", 0, isMonth ? length + 1 : length + 4);
    const title = `are right for each day of ${isMonth ? "a month" : `the last ${period}`}`;
    const earlier = isMonth ? length : Math.ceil(length / 2) + 1;
    const found = withRecords(this.case(title, timeline), this.slo, timeline, this.scrapeInterval);
    const once = recordsOf(this.slo, timeline, earlier, this.scrapeInterval);
    return { ...found, promql_expr_test: [...once, ...(found.promql_expr_test ?? [])] };
  }

  /** The first hour of a February, whose windows hold nothing of the day before. */
  turnOfMonth(): SloTestCase {
    const timeline = this.timeline("1h", 30 * 24, 25);
    return {
      ...this.case("begin again with a new month", timeline),
      promql_expr_test: recordsOf(this.slo, timeline, timeline.now, this.scrapeInterval),
    };
  }

  private timeline(unit: Duration, unseen: number, evaluations: number): Timeline {
    const timeline = new Timeline(unit);
    if (unseen > 0) timeline.passesUnseen(unseen);
    for (let evaluation = 0; evaluation < evaluations; evaluation++)
      timeline.passes(1, ...this.happens(evaluation, evaluations - 1));
    return timeline;
  }

  private happens(evaluation: number, last: number): Happens {
    // All is well in one of seven, and in none of the newest, which are tiles of their own.
    if (this.eventsEach !== undefined) return [this.eventsEach, (last - evaluation) % 7 === 6 ? 0 : 1];
    // No two alike.
    const budget = toNumber(errorBudget(this.slo.objective));
    const busy = 1 + ((evaluation * 7) % 11);
    return [busy * QUIET, Math.min(0.5, (budget * (1 + ((evaluation * 5) % 13))) / 7)];
  }

  private case(title: string, timeline: Timeline): SloTestCase {
    return {
      name: `The records of ${this.slo.service} ${this.slo.name} ${title}`,
      interval: this.scrapeInterval,
      input_series: this.exporter.traffic(timeline.scrapes(this.scrapeInterval)),
      alert_rule_test: [],
    };
  }
}

/** A case that also holds what is recorded at an evaluation, by default the last, beside others that record as well. */
export function withRecords(
  found: SloTestCase,
  slo: Slo,
  timeline: Timeline,
  scrapeInterval: Duration,
  at = timeline.now,
): SloTestCase {
  const apart = Math.round(seconds(timeline.unit) / seconds(scrapeInterval));
  const records = readBy(timeline.unit);
  const others = otherObjectivesOf(slo, { evaluations: timeline.now, apart, ...(records && { records }) });
  return {
    ...found,
    input_series: [...found.input_series, ...others],
    promql_expr_test: recordsOf(slo, timeline, at, scrapeInterval),
  };
}

const STEPS = [
  RECORDS.totalStep,
  RECORDS.errorsStep,
  RECORDS.totalOddMonths,
  RECORDS.errorsOddMonths,
] as const;

/** The records that longer ones are made of and that a timeline of such units is the one to tell apart; by default all. */
function readBy(unit: Duration): readonly string[] | undefined {
  const windows: Readonly<Record<string, readonly Duration[]>> = {
    "1h": ["1h", "6h"],
    "1d": ["1h", "1d", "3d"],
  };
  const read = windows[unit]?.flatMap((window) => [
    RECORDS.total(window),
    RECORDS.errors(window),
    RECORDS.totalInMonth(window),
    RECORDS.errorsInMonth(window),
  ]);
  return read && unit === "1h" ? [...STEPS, ...read] : read;
}
