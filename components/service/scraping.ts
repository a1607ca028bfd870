import type { HistogramForm } from "../signals/histogram.ts";
import type { Service } from "./definition.ts";

/** Where Prometheus scrapes the metrics that a service exports itself. */
export interface ScrapedEndpoint {
  /** Name of the port of the Kubernetes Service. */
  readonly port: string;
  readonly path: string;
  readonly histogram?: HistogramForm;
}

/**
 * The endpoint of a service's own metrics; undefined for a service without one: kube-state-metrics exports the last success of a
 * CronJob, and blackbox_exporter the results of probes.
 */
export function scrapedEndpoint({ http, grpc, worker, batch }: Service): ScrapedEndpoint | undefined {
  return http ?? grpc ?? worker ?? (batch !== undefined && "port" in batch ? batch : undefined);
}

/** Whether Prometheus scrapes the service itself, so that there is a series `up` for each of its pods. */
export function isScraped(service: Service): boolean {
  return scrapedEndpoint(service) !== undefined;
}
