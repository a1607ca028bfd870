import type { Duration } from "../core/duration.ts";
import { labelsOfUp } from "../signals/counted-steps.ts";
import type { Counters } from "../signals/counters.ts";
import type { EventCount } from "../signals/event-rate.ts";
import { pairsOf } from "./alerts.ts";
import { BudgetCases } from "./cases/budget-cases.ts";
import { BurnCases } from "./cases/burn-cases.ts";
import { CountingExporter } from "./cases/counting-exporter.ts";
import { eventsEach } from "./cases/exporters.ts";
import { gapsInRecords } from "./cases/gaps.ts";
import { History } from "./cases/history.ts";
import { Proof } from "./cases/proof.ts";
import { QuietCases } from "./cases/quiet-cases.ts";
import { TargetCases } from "./cases/target-cases.ts";
import type { CaseContext, SloTestCase, SloTests } from "./cases/test-case.ts";
import { unclassifiedTests } from "./cases/unclassified-cases.ts";
import { isRolling, type Slo } from "./model.ts";
import type { WindowPair } from "./windows.ts";

export type { CaseContext, SloTestCase, SloTests } from "./cases/test-case.ts";

/** How far beside a limit the cases lie: near enough to catch a limit or a window that is off by a quarter. */
const ABOVE = 1.15;
const BELOW = 0.85;

/**
 * The proof of an SLO: its alerts fire and stay silent, and its records hold what happened, from series as an exporter reports
 * them. What takes days is evaluated hour by hour or day by day, with as many scrapes as it takes to count each time.
 */
export function sloTests(slo: Slo, context: CaseContext): readonly SloTests[] {
  const found = new Map<Duration, SloTestCase[]>();
  for (const { evaluated, cases } of testsOf(slo, context))
    found.set(evaluated, [...(found.get(evaluated) ?? []), ...cases]);
  return [...found].map(([evaluated, cases]) => ({ evaluated, cases }));
}

function testsOf(slo: Slo, context: CaseContext): readonly SloTests[] {
  const every = context.scrapeInterval;
  const { examples } = context;
  const gaps = gapsInRecords(slo, every);
  if (examples === undefined)
    return [
      { evaluated: every, cases: [new Proof(slo, context, NONE).noSeries()] },
      { evaluated: "1d", cases: [gaps] },
    ];
  const proof = new Proof(slo, context, examples);
  const budget = new BudgetCases(slo, context, examples);
  const history = new History(slo, context, examples);
  const unclear = unclassifiedTests(slo, context, examples);
  const budgets: SloTests = { evaluated: budget.evaluated, cases: budget.all() };
  const days: SloTests = { evaluated: "1d", cases: [history.days(), gaps] };
  const each = eventsEach(slo, examples, every);
  if (each !== undefined) {
    const calm = new QuietCases(slo, context, examples, each);
    return [
      {
        evaluated: every,
        cases: [...evenly(proof), calm.ending(), ...always(proof), ...unclear.brief],
      },
      ...unclear.long,
      { evaluated: "1h", cases: [history.hours(), ...calm.fewErrors()] },
      days,
      budgets,
    ];
  }
  const [steep, flat] = pairsOf("slowBurn") as [WindowPair, WindowPair];
  const exporter = new CountingExporter(examples);
  const cases = new BurnCases(slo, context, exporter);
  const family = familyOf(slo);
  return [
    {
      evaluated: every,
      cases: [
        ...pairsOf("fastBurn").map((pair) => cases.pair("fastBurn", pair, every)),
        cases.ending(),
        ...cases.fewErrors(),
        cases.lostScrapes(),
        ...(family ? new TargetCases(slo, context, exporter, family).all() : []),
        ...always(proof),
        ...unclear.brief,
      ],
    },
    ...unclear.long,
    {
      evaluated: "1h",
      cases: [
        cases.pair("slowBurn", steep, "1h"),
        cases.pair("slowBurn", flat, "1h"),
        ...cases.fewErrorsOfHours(),
        ...(isRolling(slo) ? [] : [history.turnOfMonth()]),
      ],
    },
    days,
    budgets,
  ];
}

/** The counter of all events, if it is one whose targets Prometheus scrapes, and not a query of a team. */
function familyOf({ arrival, signal: { total } }: Slo): Counters | undefined {
  if (arrival === "pushed") return undefined;
  const family = "kind" in total ? familyOfMeasured(total) : total;
  return family && labelsOfUp(family).length > 0 ? family : undefined;
}

function familyOfMeasured(total: Exclude<EventCount, Counters>): Counters | undefined {
  if (total.kind === "observations") return total.histogram;
  return total.kind === "timed" ? total.requests.all : undefined;
}

const NONE = { good: [], bad: [] };

/** Rates that hold for as long as a window, where no flood of events drowns what was before. */
function evenly(proof: Proof): readonly SloTestCase[] {
  const [pageSteep, pageFlat] = pairsOf("fastBurn") as [WindowPair, WindowPair];
  const [ticketSteep, ticketFlat] = pairsOf("slowBurn") as [WindowPair, WindowPair];
  return [
    // A burst that fills the hour and leaves the pair of six hours calm, then rates that fill every window alike.
    proof.burst("fastBurn", pageSteep, ABOVE),
    proof.burst("fastBurn", pageSteep, BELOW),
    proof.steady("fastBurn", pageFlat, ABOVE, pageFlat),
    proof.steady("fastBurn", pageFlat, BELOW),
    proof.steady("slowBurn", ticketSteep, ABOVE, ticketSteep),
    proof.steady("slowBurn", ticketSteep, BELOW, ticketFlat),
    proof.steady("slowBurn", ticketFlat, ABOVE, ticketFlat),
    proof.steady("slowBurn", ticketFlat, BELOW),
    proof.recovered(),
    ...proof.fewErrors(pageSteep),
  ];
}

/** What is asked of every SLO. */
function always(proof: Proof): readonly SloTestCase[] {
  const [steep] = pairsOf("fastBurn") as [WindowPair, WindowPair];
  return [proof.totalOutage(steep), ...proof.noTraffic(), proof.noSeries()];
}
