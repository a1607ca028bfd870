import type { Duration } from "../../components/core/duration.ts";
import { httpAvailability, httpExamples } from "../../components/signals/http.ts";
import type { CaseContext } from "../../components/slo/cases.ts";
import type { Slo } from "../../components/slo/model.ts";
import { LINKS, SLO, TARGET } from "../components/slo/samples.ts";

/** How often the mutants' SLOs are scraped: seldom, so that hundreds of mutants take minutes. */
export const SCRAPE: Duration = "2m";

/** One SLO of a kind of objective, and what its cases are made from. */
export interface SloKind {
  readonly name: string;
  readonly slo: Slo;
  readonly context: CaseContext;
}

export const SLO_KINDS: readonly SloKind[] = [
  {
    name: "HTTP availability",
    slo: { ...SLO, signal: httpAvailability("http_requests_total", TARGET) },
    context: {
      ...LINKS,
      scrapeInterval: SCRAPE,
      examples: httpExamples("http_requests_total", { ...TARGET, service: SLO.service, pod: "a" }),
    },
  },
];
