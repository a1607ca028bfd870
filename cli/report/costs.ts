import { type Duration, seconds } from "../../components/core/duration.ts";
import type { SloCost, SloPromises } from "../../components/slo/promises.ts";
import { periodText } from "../../components/slo/windows.ts";
import type { Environment } from "../../stacks/environment.ts";
import { type AlertRow, alertCount } from "./alerts.ts";
import { count, grouped } from "./numbers.ts";

/**
 * List price of Amazon Managed Service for Prometheus in us-east-1 for ingested samples, in US dollars, for the first 2,000 million
 * samples a month: https://aws.amazon.com/prometheus/pricing/, November 2026. Samples above that cost less, and other regions have
 * other prices. AWS bills the samples of one replica: docs/how-to/keep-samples.md.
 */
export const INGESTION_PRICE = { dollars: 0.9, samples: 10_000_000 };

/** How long one evaluation of an objective took, by the number of scraped series: docs/slo-rules.md, which `npm run bench` measures. */
export const EVALUATION_TIMES: readonly (readonly [series: number, milliseconds: number])[] = [
  [10, 23],
  [1000, 46],
];

const DAYS = 30;

/** Records about the pods of a service whose pods belong to one workload. */
const PODS_RECORDS = 2;

/** What some rules cost, as the cells of a row. */
export interface CostRow {
  readonly what: string;
  readonly rules: string;
  readonly series: string;
  /** In 30 days. */
  readonly samples: string;
  /** By one evaluation. */
  readonly reads: string;
  /** Of remote write in 30 days; undefined without remote write to Amazon Managed Service for Prometheus. */
  readonly price: string | undefined;
}

/** What the rules of an environment cost. */
export interface Costs {
  readonly intro: string;
  readonly columns: readonly string[];
  readonly rows: readonly CostRow[];
}

export function costsOf(
  promises: readonly SloPromises[],
  alerts: readonly AlertRow[],
  { scrapeInterval, remoteWrite }: Pick<Environment["prometheus"], "scrapeInterval" | "remoteWrite">,
  teamRecords = 0,
): Costs {
  const isSent = remoteWrite.kind === "amp";
  const row = (
    cost: Omit<CostRow, "price" | "series" | "samples"> & { series: number; sent: number },
  ): CostRow => ({
    what: cost.what,
    rules: cost.rules,
    series: grouped(cost.series),
    samples: grouped(cost.series * samplesOfSeries(scrapeInterval)),
    reads: cost.reads,
    price: isSent ? dollars(cost.sent * samplesOfSeries(scrapeInterval)) : undefined,
  });
  const watched = new Set(promises.filter(({ withoutPods }) => withoutPods).map(({ service }) => service))
    .size;
  const alone = alertCount(alerts.filter(({ slo }) => slo === undefined)).prometheus;
  return {
    intro: intro(scrapeInterval, promises.length > 0, isSent),
    columns: [
      "Rules",
      "Number of rules",
      "New series",
      `Samples in ${DAYS} days`,
      "Samples read by an evaluation",
      ...(isSent ? [`Remote write in ${DAYS} days`] : []),
    ],
    rows: [
      ...objectiveCosts(promises).map(({ what, times, cost }) =>
        row({
          what,
          rules: `${times * cost.records} recording, ${times * cost.alerts} alert`,
          series: times * cost.records,
          sent: times * cost.records,
          reads: `${grouped(times * cost.samplesOfRecords)} + ${cost.samplesPerSeries} of each scraped series and ${cost.samplesPerErrorSeries} more of those of errors`,
        }),
      ),
      ...(watched === 0
        ? []
        : [
            row({
              what: `Available pods of ${count(watched, "service")}`,
              rules: `${watched * PODS_RECORDS} recording`,
              series: watched * PODS_RECORDS,
              sent: watched * PODS_RECORDS,
              reads: "see the alerts",
            }),
          ]),
      ...(teamRecords === 0
        ? []
        : [
            row({
              what: "Recording rules in rule files of teams, if each writes one series",
              rules: `${teamRecords} recording`,
              series: teamRecords,
              sent: teamRecords,
              reads: "not known",
            }),
          ]),
      ...(alone === 0
        ? []
        : [
            row({
              what: "Other alert rules, none pending or firing",
              rules: `${alone} alert`,
              series: 0,
              sent: 0,
              reads: "see the alerts",
            }),
          ]),
      // ALERTS and ALERTS_FOR_STATE; remote write sends the first.
      row({
        what: "One alert that is pending or firing for 30 days",
        rules: "",
        series: 2,
        sent: 1,
        reads: "0",
      }),
    ],
  };
}

export function costCells({ what, rules, series, samples, reads, price }: CostRow): readonly string[] {
  return [what, rules, series, samples, reads, ...(price === undefined ? [] : [price])];
}

interface ObjectiveCost {
  readonly what: string;
  readonly times: number;
  readonly cost: SloCost;
}

/** Objectives of the same cost are one row, and their sum a second one. */
function objectiveCosts(promises: readonly SloPromises[]): readonly ObjectiveCost[] {
  const alike = new Map<string, SloPromises[]>();
  for (const promise of promises) {
    const key = JSON.stringify([promise.period, promise.cost]);
    alike.set(key, [...(alike.get(key) ?? []), promise]);
  }
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const period = `over ${periodText(first.period)}`;
    const one = { what: `One objective ${period}`, times: 1, cost: first.cost };
    return group.length === 1
      ? [one]
      : [one, { what: `All ${group.length} objectives ${period}`, times: group.length, cost: first.cost }];
  });
}

function intro(interval: Duration, hasObjectives: boolean, isSent: boolean): string {
  const times = EVALUATION_TIMES.map(([series, ms]) => `${ms} ms with ${grouped(series)} scraped series`);
  return [
    `Prometheus evaluates the rules every ${interval}.`,
    ...(hasObjectives
      ? [`An evaluation of one objective took ${times.join(" and ")} (npm run bench, docs/slo-rules.md).`]
      : []),
    ...(isSent
      ? [
          `Remote write at the list price of Amazon Managed Service for Prometheus in us-east-1: $${INGESTION_PRICE.dollars.toFixed(2)} for ${grouped(INGESTION_PRICE.samples)} samples, without storage, queries and the free tier.`,
        ]
      : ["Remote write is off, so the samples cost no money."]),
  ].join(" ");
}

function samplesOfSeries(interval: Duration): number {
  return (DAYS * seconds("1d")) / seconds(interval);
}

/** Not rounded to nothing: what costs less than a cent says so. */
function dollars(samples: number): string {
  const price = (samples / INGESTION_PRICE.samples) * INGESTION_PRICE.dollars;
  return price > 0 && price < 0.01 ? "under $0.01" : `$${price.toFixed(2)}`;
}
