import { duration } from "../core/duration.ts";

/** What is scraped under one `job`. */
export interface ScrapedJob {
  /** Undefined where only the cluster knows it: it may be any. */
  readonly name: string | undefined;
  /** Seconds between two scrapes. */
  readonly interval: number;
  /** Metrics that are thrown away on arrival, as patterns over the whole name. */
  readonly dropped: readonly RegExp[];
}

/** What an environment holds beside its rules: what they are judged against. */
export interface Surroundings {
  /** Every job that a monitor of the environment scrapes. */
  readonly jobs: readonly ScrapedJob[];
  /** Seconds between two scrapes of a job that is not known. */
  readonly scrapeInterval: number;
  /** Seconds between two evaluations of a group that names no interval of its own. */
  readonly evaluationInterval: number;
  /** Seconds that samples are kept. */
  readonly retention: number;
  /** Labels that every alert carries when it leaves Prometheus. */
  readonly externalLabels: readonly string[];
  /** Labels that the routes of Alertmanager ask for. */
  readonly routingLabels: readonly string[];
  /** The label that names an alert's owner. */
  readonly ownerLabel: string;
  /** False where some rule or monitor is known only after deployment: what is missing may yet come. */
  readonly complete: boolean;
}

/** Samples that a range needs: with fewer, one lost scrape leaves a rate without an answer. */
export const SCRAPES_IN_A_RANGE = 4;

/** Seconds as a rule would write them. */
export function printSeconds(length: number): string {
  return duration(length);
}
