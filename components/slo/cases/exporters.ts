import { type Duration, seconds } from "../../core/duration.ts";
import type { ExampleSeries } from "../../signals/ratio.ts";
import type { Slo } from "../model.ts";
import { CountingExporter } from "./counting-exporter.ts";
import type { Exporter } from "./exporter.ts";
import { SamplingExporter } from "./sampling-exporter.ts";

/** What tells of the events of an SLO. */
export function exporterOf(slo: Slo, examples: ExampleSeries, scrapeInterval: Duration): Exporter {
  const { sampled } = examples;
  if (sampled !== undefined) return new SamplingExporter(examples, sampled, scrapeInterval);
  return new CountingExporter(examples, countsSeconds(slo) ? seconds(scrapeInterval) : undefined);
}

/** The same of one target, where of many one is enough: gauges are then one event a scrape. */
export function singleExporterOf(slo: Slo, examples: ExampleSeries, scrapeInterval: Duration): Exporter {
  const good = examples.sampled === undefined ? examples.good : examples.good.slice(0, 1);
  return exporterOf(slo, { ...examples, good }, scrapeInterval);
}

/**
 * How many events there are in each evaluation, with a single series of examples; undefined where they come as they come, and a busy
 * scrape counts for more than a quiet one.
 */
export function eventsEach(
  slo: Slo,
  { sampled }: ExampleSeries,
  scrapeInterval: Duration,
): number | undefined {
  if (sampled !== undefined) return 1;
  return countsSeconds(slo) ? seconds(scrapeInterval) : undefined;
}

/** Whether a share of errors is all that is known, so that each second is an event. */
function countsSeconds({ signal: { total } }: Slo): boolean {
  return "kind" in total && total.kind === "known seconds";
}
