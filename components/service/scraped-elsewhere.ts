import { type Matcher, selectorsOf } from "../promql/expression.ts";
import { parsedQuery } from "../promql/parse.ts";
import { queriesOf } from "../signals/custom.ts";
import { withoutPlaceholders } from "../signals/windowed-query.ts";
import type { Service } from "./definition.ts";
import { targetLabels } from "./measures.ts";
import { hasNoMonitor } from "./scrape.ts";

/** On a PrometheusRule: the jobs, with a blank between them, that its queries read and that no monitor of the platform scrapes. */
export const SCRAPED_ELSEWHERE = "bellwether.dev/scraped-elsewhere";

/** Stands for every job where a query has only a pattern of it. No job of a definition is called so. */
export const ANY_JOB = "*";

/** The jobs that something else scrapes for a service, or that it pushes: its own, and those that its own queries name. None for other services. */
export function jobsElsewhere(service: Service): readonly string[] {
  if (!hasNoMonitor(service.scrape)) return [];
  const queries = [
    ...Object.values(service.objectives.custom).flatMap(queriesOf),
    ...Object.values(service.alerts).map(({ expr }) => expr),
  ];
  return [...new Set([targetLabels(service).job, ...queries.flatMap(jobsIn)])];
}

function jobsIn(query: string): readonly string[] {
  return matchersIn(query)
    .filter(({ label }) => label === "job")
    .flatMap(({ operator, value }) => {
      if (operator === "=") return /\s/.test(value) ? [ANY_JOB] : [value];
      if (operator !== "=~") return [];
      const names = value.split("|");
      return names.every((name) => /^[\w/:-]+$/.test(name)) ? names : [ANY_JOB];
    });
}

/** None of a query that cannot be read: the linter reports it. */
function matchersIn(query: string): readonly Matcher[] {
  const read = parsedQuery(withoutPlaceholders(query));
  return read === undefined ? [] : selectorsOf(read).flatMap(({ matchers }) => matchers);
}
