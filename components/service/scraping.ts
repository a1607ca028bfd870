import { type Duration, seconds } from "../core/duration.ts";
import type { HistogramForm } from "../signals/histogram.ts";
import type { Service } from "./definition.ts";
import { hasNoMonitor, type ScrapedTarget } from "./scrape.ts";

/** Where and how Prometheus scrapes the metrics that a service exports itself. */
export interface ScrapedEndpoint extends Partial<Omit<ScrapedTarget, "port" | "path">> {
  /** Name of the port of the Kubernetes Service, or of the pods. */
  readonly port: string;
  readonly path: string;
  readonly histogram?: HistogramForm;
}

/** What a definition says of its own metrics, without what `scrape` says. */
export function exportedBy({
  http,
  grpc,
  worker,
  batch,
}: Service): Partial<Pick<ScrapedEndpoint, "port" | "path" | "histogram">> | undefined {
  return http ?? grpc ?? worker ?? (batch !== undefined && "lastSuccess" in batch ? batch : undefined);
}

/**
 * The endpoint of a service's own metrics; undefined for a service without one: kube-state-metrics exports the last success of a
 * CronJob, blackbox_exporter the results of probes, and something else may scrape it.
 */
export function scrapedEndpoint(service: Service): ScrapedEndpoint | undefined {
  const { scrape } = service;
  if (hasNoMonitor(scrape)) return undefined;
  const exported = exportedBy(service);
  const port = scrape?.port ?? exported?.port;
  // A checked definition has a port wherever it is scraped.
  if (port === undefined) return undefined;
  const { histogram } = exported ?? {};
  return {
    ...scrape,
    port,
    path: scrape?.path ?? exported?.path ?? "/metrics",
    ...(histogram !== undefined && { histogram }),
  };
}

/** Whether Prometheus scrapes the service itself, so that there is a series `up` for each of its pods. */
export function isScraped(service: Service): boolean {
  return scrapedEndpoint(service) !== undefined;
}

/** How often the series of a service, as it is in an environment, are scraped and its rules are evaluated. */
export function intervalOf({ scrape }: Pick<Service, "scrape">, scrapeInterval: Duration): Duration {
  const own = scrape?.interval;
  return own === undefined || seconds(own) === seconds(scrapeInterval) ? scrapeInterval : own;
}
