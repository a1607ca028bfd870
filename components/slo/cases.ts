import { pairsOf } from "./alerts.ts";
import { Proof } from "./cases/proof.ts";
import type { CaseContext, SloTestCase } from "./cases/test-case.ts";
import type { Slo } from "./model.ts";
import type { WindowPair } from "./windows.ts";

export type { CaseContext, SloTestCase } from "./cases/test-case.ts";

/** How far beside a limit the cases lie: near enough to catch a limit or a window that is off by a quarter. */
const ABOVE = 1.15;
const BELOW = 0.85;

/** The proof of an SLO's alerts: each fires and each stays silent, from series as an exporter reports them. */
export function sloTestCases(slo: Slo, context: CaseContext): readonly SloTestCase[] {
  const [pageSteep, pageFlat] = pairsOf("page") as [WindowPair, WindowPair];
  const [ticketSteep, ticketFlat] = pairsOf("ticket") as [WindowPair, WindowPair];
  const { examples } = context;
  const proof = new Proof(slo, context, examples ?? { good: [], bad: [] });
  if (examples === undefined) return [proof.noSeries()];
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
    proof.totalOutage(pageSteep),
    proof.recovered(),
    ...proof.fewErrors(pageSteep),
    ...proof.noTraffic(),
    proof.noSeries(),
    ...SPENT.map((percent) => proof.spent(percent)),
  ];
}

/** Percent of the budget, on either side of each limit. */
const SPENT = [45, 57, 85, 95, 108];
