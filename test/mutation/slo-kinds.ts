import type { Duration } from "../../components/core/duration.ts";
import type { CaseContext } from "../../components/slo/cases.ts";
import type { Slo } from "../../components/slo/model.ts";
import { KINDS, objectiveOf } from "../components/slo/kinds.ts";
import { LINKS } from "../components/slo/samples.ts";

/** How often the mutants' SLOs are scraped: seldom, so that hundreds of mutants take minutes. */
export const SCRAPE: Duration = "2m";

/** One SLO of a kind of objective, and what its cases are made from. */
export interface SloKind {
  readonly name: string;
  readonly slo: Slo;
  readonly context: CaseContext;
}

/** One SLO of each kind of objective, and one of them by the calendar month. */
export const SLO_KINDS: readonly SloKind[] = KINDS.map((kind) => {
  const { slo, examples } = objectiveOf(kind, "storefront");
  return { name: kind.name, slo, context: { ...LINKS, scrapeInterval: SCRAPE, examples } };
});
