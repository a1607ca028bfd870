import { type SelectorExpression, selectorsOf } from "../../promql/expression.ts";
import { type Check, nameOf, once, type World } from "../check.ts";
import { isKnownJob, isOfAlerts, isOfTargets, isRecorded, jobsExporting } from "../metrics.ts";
import { jobsAskedFor, jobsOf, namesJob } from "../scraping.ts";

export const scrapeSource: Check = {
  id: "scrape-source",
  title: "A scraped job or a recording rule supplies every metric.",
  why: "A query for a metric without a source has no result: the alert can never fire, and an alert with absent() always fires.",
  fix: "enable the monitor, correct the metric or its job, or remove the rule",
  judge: ({ expression }, world) =>
    once(selectorsOf(expression).flatMap((selector) => missing(selector, world))),
};

function missing(selector: SelectorExpression, { recorded, surroundings }: World): string[] {
  const { metric } = selector;
  if (metric === undefined || isOfAlerts(metric)) return [];
  if (recorded.has(metric)) {
    const produced = recorded.producersOf(selector).length > 0 || !surroundings.complete;
    return produced ? [] : [`asks for ${metric} with labels that no rule records it with`];
  }
  if (!surroundings.complete) return [];
  if (isRecorded(metric)) return [`asks for ${metric}, which no rule records`];

  const asked = jobsAskedFor(selector, surroundings);
  if (asked.length === 0 && namesJob(selector))
    return [`asks for ${metric} of the job ${jobText(selector)}, which no monitor scrapes`];
  const sources = jobsOf(selector, surroundings);
  if (sources.length === 0) {
    const exporting = jobsExporting(metric)?.join(" or ");
    return namesJob(selector)
      ? [`asks the job ${jobText(selector)} for ${metric}, which ${exporting} exposes`]
      : [
          `asks for ${nameOf(selector)}, which ${exporting ?? "no job that is scraped"} exposes, and no monitor scrapes it`,
        ];
  }
  // Of a metric that the tables do not know, any job of a team may be the source, but none of the platform's.
  if (jobsExporting(metric) === undefined && !isOfTargets(metric) && !isCommon(metric)) {
    const possible = sources.filter(({ name }) => name === undefined || !isKnownJob(name));
    if (possible.length === 0 && !namesJob(selector))
      return [`asks for ${metric}, which no job that is scraped exposes`];
  }
  const dropping = sources.filter(({ dropped }) => dropped.some((pattern) => pattern.test(metric)));
  return dropping.length === sources.length
    ? [
        `asks for ${metric}, which the monitor of ${dropping.map(({ name }) => name ?? "its job").join(" and ")} drops`,
      ]
    : [];
}

/** Metrics that every program in Go or on Linux exposes about itself, the platform's own too. */
function isCommon(metric: string): boolean {
  return /^(?:go|process|promhttp|rest_client|workqueue|net_conntrack|kubernetes|prometheus_sd|storage_operation|authentication|authorization|probe)_/.test(
    metric,
  );
}

function jobText({ matchers }: SelectorExpression): string {
  return matchers
    .filter(({ label }) => label === "job")
    .map(({ value }) => value)
    .join(" and ");
}
