import { type Duration, seconds } from "../../components/core/duration.ts";
import type { SloCost, SloPromises } from "../../components/slo/promises.ts";
import { periodText } from "../../components/slo/windows.ts";
import type { Environment } from "../../stacks/environment.ts";
import { type Price, priceInWords } from "../estimate/prices.ts";
import { type AlertRow, alertCount } from "./alerts.ts";
import { count, dollars, grouped } from "./numbers.ts";

/** How long one evaluation of an objective took, by the number of scraped series: docs/slo-rules.md, which `npm run bench` measures. */
export const EVALUATION_TIMES: readonly (readonly [series: number, milliseconds: number])[] = [
  [10, 23],
  [1000, 46],
];

const DAYS = 30;

/** Samples that a price is for. */
const SAMPLES_OF_PRICE = 10_000_000;

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

/** Series that the rules of objectives record: their own, and those about the pods of each of their services. */
export function recordedSeries(
  promises: readonly Pick<SloPromises, "cost" | "service" | "withoutPods">[],
): number {
  return promises.reduce((sum, { cost }) => sum + cost.records, watchedServices(promises) * PODS_RECORDS);
}

function watchedServices(promises: readonly Pick<SloPromises, "service" | "withoutPods">[]): number {
  return new Set(promises.filter(({ withoutPods }) => withoutPods).map(({ service }) => service)).size;
}

/** `price` is that of the first samples that Amazon Managed Service for Prometheus ingests in the region of the environment, if it is known. */
export function costsOf(
  promises: readonly SloPromises[],
  alerts: readonly AlertRow[],
  { scrapeInterval, store }: Pick<Environment["prometheus"], "scrapeInterval" | "store">,
  teamRecords = 0,
  price?: Price,
): Costs {
  const isSent = store.kind === "amp" && price !== undefined;
  const row = (
    cost: Omit<CostRow, "price" | "series" | "samples"> & { series: number; sent: number },
  ): CostRow => ({
    what: cost.what,
    rules: cost.rules,
    series: grouped(cost.series),
    samples: grouped(cost.series * samplesOfSeries(scrapeInterval)),
    reads: cost.reads,
    price: isSent
      ? dollars(((cost.sent * samplesOfSeries(scrapeInterval)) / SAMPLES_OF_PRICE) * price.amount)
      : undefined,
  });
  const watched = watchedServices(promises);
  const alone = alertCount(alerts.filter(({ slo }) => slo === undefined)).prometheus;
  return {
    intro: intro(scrapeInterval, promises.length > 0, store.kind, price),
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

function intro(
  interval: Duration,
  hasObjectives: boolean,
  store: Environment["prometheus"]["store"]["kind"],
  price: Price | undefined,
): string {
  const times = EVALUATION_TIMES.map(([series, ms]) => `${ms} ms with ${grouped(series)} scraped series`);
  return [
    `Prometheus evaluates the rules every ${interval}.`,
    ...(hasObjectives
      ? [`An evaluation of one objective took ${times.join(" and ")} (npm run bench, docs/slo-rules.md).`]
      : []),
    storeInWords(store, price),
  ].join(" ");
}

function storeInWords(store: Environment["prometheus"]["store"]["kind"], price: Price | undefined): string {
  if (store === "thanos")
    return "The samples are in object storage, too, at its price by the GB (docs/how-to/keep-samples.md).";
  if (store === "endpoint")
    return "The samples are sent to a store that exists, whose price is not known here.";
  if (store === "none") return "Remote write is off, so the samples cost no money.";
  if (price === undefined)
    return "The price list has no price of Amazon Managed Service for Prometheus in this region, so the price of remote write is not known.";
  return `Remote write at the list price of Amazon Managed Service for Prometheus in ${price.region} (${price.date}): ${priceInWords(price)} samples, without storage, queries and the free tier.`;
}

function samplesOfSeries(interval: Duration): number {
  return (DAYS * seconds("1d")) / seconds(interval);
}
