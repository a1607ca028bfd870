import type { Duration } from "../core/duration.ts";
import { pairsOf } from "./alerts.ts";
import { CalmStories } from "./cases/calm-stories.ts";
import { CountingExporter } from "./cases/counting-exporter.ts";
import { eventsEach } from "./cases/exporters.ts";
import { History } from "./cases/history.ts";
import { holesInRecords } from "./cases/holes.ts";
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
  const holes = holesInRecords(slo, every);
  if (examples === undefined)
    return [
      { evaluated: every, cases: [new Proof(slo, context, NONE).noSeries()] },
      { evaluated: "1d", cases: [holes] },
    ];
  const proof = new Proof(slo, context, examples);
  const history = new History(slo, context, examples);
  const days: SloTests = { evaluated: "1d", cases: [history.days(), holes] };
  const each = eventsEach(slo, examples, every);
  if (each !== undefined) {
    const calm = new CalmStories(slo, context, examples, each);
    return [
      { evaluated: every, cases: [...evenly(proof), calm.ending(), ...always(proof)] },
      { evaluated: "1h", cases: [history.hours(), ...calm.fewErrors()] },
      days,
    ];
  }
  const [steep, flat] = pairsOf("ticket") as [WindowPair, WindowPair];
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
        ...(isRolling(slo) ? [] : [history.turnOfMonth()]),
      ],
    },
    days,
  ];
}

const NONE = { good: [], bad: [] };

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
