import type { Duration } from "../core/duration.ts";
import type { ExampleSeries } from "../signals/ratio.ts";
import { pairsOf } from "./alerts.ts";
import { CountingExporter } from "./cases/counting-exporter.ts";
import { Proof } from "./cases/proof.ts";
import { Stories } from "./cases/stories.ts";
import type { CaseContext, SloTestCase } from "./cases/test-case.ts";
import { isRolling, type Slo } from "./model.ts";
import type { WindowPair } from "./windows.ts";

export type { CaseContext, SloTestCase } from "./cases/test-case.ts";

/** How far beside a limit the cases lie: near enough to catch a limit or a window that is off by a quarter. */
const ABOVE = 1.15;
const BELOW = 0.85;

/** The cases of one SLO that are evaluated once in so long: promtool has one interval for each file. */
export interface SloTests {
  readonly evaluated: Duration;
  readonly cases: readonly SloTestCase[];
}

/**
 * The proof of an SLO: its alerts fire and stay silent, and its records hold what happened, from series as an exporter reports
 * them. What takes days is evaluated hour by hour or day by day, with as many scrapes as it takes to count each time.
 */
export function sloTests(slo: Slo, context: CaseContext): readonly SloTests[] {
  const every = context.scrapeInterval;
  const { examples } = context;
  if (examples === undefined)
    return [{ evaluated: every, cases: [new Proof(slo, context, NONE).noSeries()] }];
  const proof = new Proof(slo, context, examples);
  const [steep, flat] = pairsOf("ticket") as [WindowPair, WindowPair];
  // What happens by the hour and by the day ends in a month that it began in, or in the next: the month has a proof of its own.
  if (!isRolling(slo) || !weighsEvents(slo, examples))
    return [{ evaluated: every, cases: [...evenly(proof), ...always(proof)] }];
  const stories = new Stories(slo, context, new CountingExporter(examples));
  return [
    {
      evaluated: every,
      cases: [
        ...pairsOf("page").map((pair) => stories.pair("page", pair, every)),
        stories.ending(),
        ...stories.fewErrors(),
        stories.lostScrapes(),
        ...always(proof),
      ],
    },
    {
      evaluated: "1h",
      cases: [
        stories.pair("ticket", steep, "1h"),
        stories.pair("ticket", flat, "1h"),
        ...stories.fewErrorsOfHours(),
      ],
    },
    { evaluated: "1d", cases: [stories.days()] },
  ];
}

const NONE = { good: [], bad: [] };

/** Whether a busy scrape counts for more than a quiet one. */
function weighsEvents({ signal: { total } }: Slo, { sampled }: ExampleSeries): boolean {
  return sampled === undefined && !("kind" in total && total.kind === "known seconds");
}

/** Rates that hold for as long as a window, where no flood of events drowns what was before. */
function evenly(proof: Proof): readonly SloTestCase[] {
  const [pageSteep, pageFlat] = pairsOf("page") as [WindowPair, WindowPair];
  const [ticketSteep, ticketFlat] = pairsOf("ticket") as [WindowPair, WindowPair];
  return [
    // A burst that fills the hour and leaves the pair of six hours calm, then rates that fill every window alike.
    proof.burst("page", pageSteep, ABOVE),
    proof.burst("page", pageSteep, BELOW),
    proof.steady("page", pageFlat, ABOVE, pageFlat),
    proof.steady("page", pageFlat, BELOW),
    proof.steady("ticket", ticketSteep, ABOVE, ticketSteep),
    proof.steady("ticket", ticketSteep, BELOW, ticketFlat),
    proof.steady("ticket", ticketFlat, ABOVE, ticketFlat),
    proof.steady("ticket", ticketFlat, BELOW),
    proof.recovered(),
    ...proof.fewErrors(pageSteep),
  ];
}

/** What is asked of every SLO. */
function always(proof: Proof): readonly SloTestCase[] {
  const [steep] = pairsOf("page") as [WindowPair, WindowPair];
  return [
    proof.totalOutage(steep),
    ...proof.noTraffic(),
    proof.noSeries(),
    ...SPENT.map((percent) => proof.spent(percent)),
  ];
}

/** Percent of the budget, on either side of each limit. */
const SPENT = [45, 57, 85, 95, 108];
