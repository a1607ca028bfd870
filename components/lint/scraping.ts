import type { SelectorExpression } from "../promql/expression.ts";
import { canMatch } from "../promql/matching.ts";
import { isKnownJob, isOfAlerts, isOfTargets, jobsExporting } from "./metrics.ts";
import type { ScrapedJob, Surroundings } from "./surroundings.ts";

/** Whether a selector asks for a job by name or pattern at all. */
export function namesJob({ matchers }: SelectorExpression): boolean {
  return matchers.some(({ label, operator }) => label === "job" && (operator === "=" || operator === "=~"));
}

/** The scraped jobs that a selector's conditions let through; a job whose name only the cluster knows always is. */
export function jobsAskedFor(
  { matchers }: SelectorExpression,
  { jobs }: Surroundings,
): readonly ScrapedJob[] {
  const conditions = matchers.filter(({ label }) => label === "job");
  return jobs.filter(
    ({ name }) => name === undefined || conditions.every((condition) => canMatch(condition, name)),
  );
}

/** The jobs that a selector's series come from: those that it asks for, and of them those that expose its metric. */
export function jobsOf(selector: SelectorExpression, surroundings: Surroundings): readonly ScrapedJob[] {
  const asked = jobsAskedFor(selector, surroundings);
  const { metric } = selector;
  if (metric === undefined || isOfTargets(metric) || isOfAlerts(metric)) return asked;
  const exporting = jobsExporting(metric);
  if (exporting === undefined) return asked;
  // A job that is named outright is believed: its program may run under a name of its own.
  return asked.filter(
    ({ name }) => name === undefined || exporting.includes(name) || (namesJob(selector) && !isKnownJob(name)),
  );
}
