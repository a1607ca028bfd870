import { type Duration, seconds } from "../../components/core/duration.ts";
import { bytes } from "../../components/core/quantity.ts";
import { BYTES_PER_SAMPLE } from "../../components/prometheus/capacity.ts";
import { count, grouped } from "../report/numbers.ts";
import { bytesOfBlocks, retentionInWords } from "./blocks.ts";
import type { Capacity } from "./capacity.ts";
import { type Item, type Price, type PriceList, priceInWords, prices } from "./prices.ts";

/** Hours of a month, as AWS's own calculator counts them. */
const HOURS = 730;
/** Seconds of a month of as many hours. */
const SECONDS = HOURS * 3600;
const GIB = 2 ** 30;

/** One item of an estimate. */
export interface EstimateLine {
  /** What it is for, without numbers: the same before and after a change. */
  readonly label: string;
  /** The number of units and the price of one, such as `3 × $0.2415 an hour`. */
  readonly how: string;
  /** US dollars in a month; undefined where the list has no price. */
  readonly monthly: number | undefined;
  /** The same if each node group has its most nodes. */
  readonly mostMonthly: number | undefined;
}

/** What an environment costs in a month, without what is billed by use. */
export interface Estimate {
  readonly region: string;
  readonly lines: readonly EstimateLine[];
  /** US dollars, of the lines that have a price. */
  readonly monthly: number;
  readonly mostMonthly: number;
  /** What is not in the estimate for want of a price, as phrases. */
  readonly unpriced: readonly string[];
  /** What is billed by use, which a preview does not know, as phrases. */
  readonly byUse: readonly string[];
  /** The first and the last day of the prices, such as `2026-08-15 to 2026-09-30`. */
  readonly dates: string;
}

/** What the resources do not say. */
export interface Load {
  readonly scrapeInterval: Duration;
  /** Series that the rules of objectives record. */
  readonly recordedSeries: number;
  /** The most series that Prometheus is sized for. */
  readonly activeSeries: number | undefined;
}

/** An estimate of what is deployed at list prices; undefined without resources in AWS. */
export function estimateOf(capacity: Capacity, load: Load, list: PriceList = prices()): Estimate | undefined {
  const { region } = capacity;
  if (region === undefined) return undefined;
  const used: Price[] = [];
  const unpriced: string[] = [];
  const priceOf = (item: Item) => {
    const price = list.of(region, item);
    if (price !== undefined) used.push(price);
    return price;
  };
  const line = (label: string, item: Item, units: Units): EstimateLine => {
    const price = priceOf(item);
    const { shown, amount, most = amount } = units;
    if (price === undefined) {
      unpriced.push(`no price for ${item} in ${region}: ${shown} ${verb(shown)} not in the estimate`);
      return { label, how: shown, monthly: undefined, mostMonthly: undefined };
    }
    const each = price.amount * (price.unit === "hour" ? HOURS : 1);
    return {
      label,
      how: `${shown} at ${priceInWords(price)}`,
      monthly: amount * each,
      mostMonthly: most * each,
    };
  };
  const lines = [
    ...several(capacity.clusters, "EKS control plane", (units) =>
      line("EKS control plane", "EKS cluster", units),
    ),
    ...capacity.nodes.map((nodes) => ofNodes(nodes, line, unpriced)),
    ...ofDisks(capacity.nodes, line),
    ...capacity.programs.flatMap((program) => ofVolumes(program, capacity.volumeTypes, line, unpriced)),
    ...several(capacity.natGateways, "NAT gateway", (units) => line("NAT gateways", "NAT gateway", units)),
    ...several(
      capacity.addresses,
      "address",
      (units) => line("public IPv4 addresses", "public IPv4 address", units),
      "addresses",
    ),
    ...several(capacity.endpoints, "interface", (units) =>
      line("interface endpoints", "interface endpoint", units),
    ),
    ...several(capacity.loadBalancers, "load balancer", (units) =>
      line("load balancers", "load balancer", units),
    ),
    ...several(capacity.keys, "key", (units) => line("KMS keys", "KMS key", units)),
    ...several(capacity.alarms, "alarm", (units) => line("alarms of CloudWatch", "alarm", units)),
    ...ofSamples(capacity, load, region, list, used, unpriced, line),
    ...ofBlocks(capacity, load, unpriced, line),
  ];
  for (const version of capacity.extended)
    unpriced.push(
      `the surcharge for Kubernetes ${version} after the end of its standard support is not in the estimate`,
    );
  const sum = (of: (each: EstimateLine) => number | undefined) =>
    lines.reduce((total, each) => total + (of(each) ?? 0), 0);
  const byUse = byUseOf(capacity, priceOf);
  const dates = [...new Set(used.map(({ date }) => date))].sort();
  return {
    region,
    lines,
    monthly: sum(({ monthly }) => monthly),
    mostMonthly: sum(({ mostMonthly }) => mostMonthly),
    unpriced,
    byUse,
    dates: dates.length > 1 ? `${dates[0]} to ${dates.at(-1)}` : dates.join(""),
  };
}

/** How many of the units that a price is for. */
interface Units {
  /** Such as `3 nodes`. */
  readonly shown: string;
  readonly amount: number;
  /** With as many nodes as there may be. Default: as many. */
  readonly most?: number;
}

type Line = (label: string, item: Item, units: Units) => EstimateLine;

function verb(shown: string): string {
  return /^1 /.test(shown) ? "is" : "are";
}

function several(
  amount: number,
  noun: string,
  line: (units: Units) => EstimateLine,
  plural?: string,
): readonly EstimateLine[] {
  return amount === 0 ? [] : [line({ shown: count(amount, noun, plural), amount })];
}

function ofNodes(
  { instanceType, isSpot, wanted, most }: Capacity["nodes"][number],
  line: Line,
  unpriced: string[],
): EstimateLine {
  const label = `nodes ${instanceType}`;
  const shown = count(wanted, "node");
  if (!isSpot) return line(label, `instance ${instanceType}`, { shown, amount: wanted, most });
  unpriced.push(
    `spot instances have no list price: ${shown} ${instanceType} ${verb(shown)} not in the estimate`,
  );
  return { label: `spot ${label}`, how: shown, monthly: undefined, mostMonthly: undefined };
}

function ofDisks(nodes: Capacity["nodes"], line: Line): readonly EstimateLine[] {
  const sum = (of: "wanted" | "most") => nodes.reduce((total, each) => total + each[of] * each.disk, 0);
  const amount = sum("wanted");
  if (sum("most") === 0) return [];
  return [line("disks of nodes", "gp3 volume", { shown: `${amount} GiB`, amount, most: sum("most") })];
}

function ofVolumes(
  { title, pods, volume }: Capacity["programs"][number],
  types: Capacity["volumeTypes"],
  line: Line,
  unpriced: string[],
): readonly EstimateLine[] {
  if (volume === undefined) return [];
  const label = `volumes of ${title}`;
  const shown = `${pods} × ${volume.size}`;
  if (types.get(volume.storageClass) === "gp3")
    return [line(label, "gp3 volume", { shown, amount: (pods * bytes(volume.size)) / GIB })];
  unpriced.push(
    `the type of the storage class ${volume.storageClass || "of the cluster"} is not known: ${shown} of ${title} are not in the estimate`,
  );
  return [{ label, how: shown, monthly: undefined, mostMonthly: undefined }];
}

/** Samples that are written to long-term storage: each of a series once, whatever the number of replicas. */
function ofSamples(
  { written, writtenDays }: Capacity,
  { scrapeInterval, recordedSeries, activeSeries = 0 }: Load,
  region: string,
  list: PriceList,
  used: Price[],
  unpriced: string[],
  line: Line,
): readonly EstimateLine[] {
  if (written === "nothing") return [];
  const series = written === "all" ? activeSeries : recordedSeries;
  const samples = (series * SECONDS) / seconds(scrapeInterval);
  const shown = `${grouped(Math.round(samples / 1e6))} million samples of ${grouped(series)} series`;
  const label = "samples written to Amazon Managed Service for Prometheus";
  const tiers = list.tiers(region, "samples ingested");
  const ingested = ofTiers(tiers, samples / 1e7);
  used.push(...tiers);
  if (tiers.length === 0)
    unpriced.push(`no price for samples ingested in ${region}: ${shown} are not in the estimate`);
  else if (ingested.rest > 0)
    unpriced.push(
      `no price in ${region} for samples beyond ${grouped((tiers.at(-1)?.upTo ?? 0) * 10)} million a month: ${grouped(Math.round(ingested.rest * 10))} million are not in the estimate`,
    );
  if (written === "recorded")
    unpriced.push(
      "the series up and the records of others than objectives are written, too, and are not in the estimate",
    );
  const monthly = tiers.length === 0 ? undefined : ingested.cost;
  const [first] = tiers;
  const days = writtenDays ?? 0;
  const gib = (samples / (HOURS / 24)) * days * (BYTES_PER_SAMPLE / GIB);
  return [
    {
      label,
      how: first === undefined ? shown : `${shown} at ${priceInWords(first)}`,
      monthly,
      mostMonthly: monthly,
    },
    ...(days === 0
      ? []
      : [
          line("samples kept by Amazon Managed Service for Prometheus", "samples stored", {
            shown: `${gibInWords(gib)} after ${days} days`,
            amount: gib,
          }),
        ]),
  ];
}

/** Blocks of Thanos in a bucket of the program. */
function ofBlocks(
  { blocks }: Capacity,
  { scrapeInterval, activeSeries }: Load,
  unpriced: string[],
  line: Line,
): readonly EstimateLine[] {
  if (blocks === undefined) return [];
  const label = "blocks of Thanos in S3";
  if (activeSeries === undefined) {
    unpriced.push(
      "prometheus.activeSeries is not stated: what Thanos keeps in the bucket is not in the estimate",
    );
    return [{ label, how: retentionInWords(blocks), monthly: undefined, mostMonthly: undefined }];
  }
  const gib = bytesOfBlocks(blocks, activeSeries, scrapeInterval) / GIB;
  const from = `${grouped(activeSeries)} series from ${count(blocks.replicas * blocks.shards, "server")}`;
  const shown = `${gibInWords(gib)} (${from}, ${retentionInWords(blocks)})`;
  return [line(label, "S3 storage", { shown, amount: gib })];
}

function gibInWords(gib: number): string {
  if (gib < 0.1) return "less than 0.1 GiB";
  return `${gib < 10 ? gib.toFixed(1) : grouped(Math.round(gib))} GiB`;
}

/** The cost of units of which the first have one price and those beyond another, and how many have none. */
function ofTiers(tiers: readonly Price[], units: number): { readonly cost: number; readonly rest: number } {
  let [cost, from] = [0, 0];
  for (const { amount, upTo = Number.POSITIVE_INFINITY } of tiers) {
    cost += Math.max(0, Math.min(units, upTo) - from) * amount;
    from = upTo;
  }
  return { cost, rest: Math.max(0, units - from) };
}

function byUseOf(
  {
    natGateways,
    logs,
    written,
    clusters,
    hasManagedGrafana,
    loadBalancers,
    hasMessages,
    started,
    blocks,
  }: Capacity,
  priceOf: (item: Item) => Price | undefined,
): readonly string[] {
  const at = (what: string, item: Item) => {
    const price = priceOf(item);
    return price === undefined ? what : `${what} (${priceInWords(price)})`;
  };
  return [
    ...(clusters === 0 && natGateways === 0 ? [] : ["traffic"]),
    ...(natGateways === 0 ? [] : [at("what NAT gateways process", "NAT gateway traffic")]),
    ...(logs.length === 0 ? [] : [at("logs", "logs ingested"), at("kept logs", "logs stored")]),
    ...(written === "nothing" ? [] : [at("samples that queries read", "samples queried")]),
    ...(blocks === undefined ? [] : ["requests to S3"]),
    ...(loadBalancers === 0 ? [] : ["the capacity units of load balancers"]),
    ...(hasMessages ? ["messages of queues and topics"] : []),
    ...(started.cpus === 0 ? [] : [`nodes that Karpenter starts, up to ${started.cpus} vCPUs`]),
    ...(started.byEks ? ["all nodes, which EKS Auto Mode starts, and what AWS bills for it on top"] : []),
    ...(hasManagedGrafana ? ["users of Amazon Managed Grafana"] : []),
  ];
}
