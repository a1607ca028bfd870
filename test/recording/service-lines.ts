import { examplesOf, type Service, serviceIn, slosOf } from "../../components/service/model.ts";
import { bucketLabel, nativeHistogram, OTEL_SECONDS } from "../../components/signals/histogram.ts";
import type { Measure, MeasuredDurations } from "../../components/signals/measures.ts";
import type { ExampleSeries } from "../../components/signals/ratio.ts";
import type { Slo } from "../../components/slo/model.ts";
import { parseSeries } from "../expositions/exposition.ts";
import { counted, type Line, MOMENTS } from "./grid.ts";
import { FAILING, inIncident, ROLLED_BACK, ROLLED_OUT } from "./incident.ts";

// What a service exposes over the history and the hour, by what its objectives and dashboards read: simulated, in the form of its
// definition.

/** A pod of the service. */
export interface ServicePod {
  readonly name: string;
  /** The labels that a scrape gives it. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it serves requests at a moment, in seconds from the start of the hour. */
  readonly serves: (second: number) => boolean;
}

export interface ServiceTraffic {
  /** Requests, calls or messages a second, of all pods together. */
  readonly perSecond: (second: number) => number;
  /** Whether the incident hits the service itself. */
  readonly isHit: boolean;
  /** The start of the hour in Unix seconds. */
  readonly start: number;
}

/** The share of events that goes wrong on any day, of what an objective allows. */
const USUAL = 0.1;

/** The series of a service in an environment. */
export function serviceLines(
  service: Service,
  environment: string,
  pods: readonly ServicePod[],
  traffic: ServiceTraffic,
): Line[] {
  const lines = new Map<string, Line>();
  const add = (line: Line) => {
    lines.set(JSON.stringify(Object.entries(line.labels).sort()), line);
  };
  const here = serviceIn(service, environment);
  for (const slo of slosOf(service, environment)) {
    const examples = examplesOf(service, slo.name, environment);
    if (examples === undefined) continue;
    for (const line of objectiveLines({ slo, examples, service: here, traffic }, pods)) add(line);
  }
  return [...lines.values()];
}

/** What one objective reads: gauges, or the events of each pod and how long they take. */
function objectiveLines(shown: Shown, pods: readonly ServicePod[]): Line[] {
  const { slo, examples, traffic } = shown;
  if (examples.sampled !== undefined) return sampledLines(shown, pods);
  const durations = examples.native === undefined ? durationsOf(slo) : undefined;
  return pods.flatMap((pod) => {
    const share = sharesOf(pod, pods, traffic);
    return [
      ...eventLines(shown, pod, share),
      ...(durations === undefined ? [] : bucketLines(shown, durations, pod, share)),
    ];
  });
}

interface Shown {
  readonly slo: Slo;
  readonly examples: ExampleSeries;
  readonly service: Service;
  readonly traffic: ServiceTraffic;
}

/** Events a second of one pod: those that serve share the traffic. */
function sharesOf(pod: ServicePod, pods: readonly ServicePod[], { perSecond }: ServiceTraffic) {
  return (second: number) =>
    pod.serves(second) ? perSecond(second) / pods.filter((other) => other.serves(second)).length : 0;
}

/** The share of events that goes wrong, but for those that are too slow. */
function failingShare({ slo, traffic }: Shown): (second: number) => number {
  const usual = USUAL * (1 - Number(slo.objective) / 100);
  return (second) => (traffic.isHit && inIncident(second) ? FAILING : usual);
}

function eventLines(shown: Shown, pod: ServicePod, share: (second: number) => number): Line[] {
  const { examples, slo } = shown;
  // How long requests take is counted by the buckets below.
  if (slo.name === "latency" && examples.native === undefined) return [];
  const failing = failingShare(shown);
  const rateOf = (series: string) => (second: number) =>
    share(second) *
    ((examples.good.includes(series) ? 1 - failing(second) : 0) +
      (examples.bad.includes(series) ? failing(second) : 0));
  const names = [...new Set([...examples.good, ...examples.bad, ...(examples.always ?? [])])];
  if (examples.native === undefined)
    return names.map((series) => ({
      labels: labelsOn(series, pod),
      values: existing(counted(rateOf(series), MOMENTS), pod),
    }));
  const threshold = durationsOf(slo)?.limit ?? longestUsual(shown);
  return names
    .filter(() => slo.name !== "latency")
    .map((series) => ({
      labels: labelsOn(series, pod),
      values: existing(nativeValues(rateOf(series), threshold, shown), pod),
    }));
}

/** A service whose availability alone is promised has the durations of one whose calls may take 50 ms. */
function longestUsual({ service, traffic: _ }: Shown): number {
  const { latency } = service.objectives;
  const milliseconds = Number(/^(\d+)ms$/.exec(String(latency?.threshold ?? "50ms"))?.[1] ?? 50);
  return milliseconds / 1000;
}

function existing<T>(values: readonly T[], { serves }: ServicePod): (T | null)[] {
  return values.map((value, index) => (serves(MOMENTS[index] ?? 0) ? value : null));
}

function labelsOn(series: string, pod: ServicePod): Record<string, string> {
  const { metric, labels } = parseSeries(series);
  return { ...labels, ...pod.labels, __name__: metric };
}

function durationsOf({ signal }: Slo): MeasuredDurations | undefined {
  return signal.measures?.find((measure): measure is MeasuredDurations => measure.kind === "durations");
}

/** The share of requests that take no longer than so many times what is quick enough: log-normal, and slower in the incident. */
function doneWithin(times: number, isSlow: boolean): number {
  const [median, spread] = isSlow ? [0.6, 0.6] : [0.25, 0.5];
  return normal(Math.log(times / median) / spread);
}

/** The normal distribution function, to five decimals (Abramowitz and Stegun, 26.2.17). */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}

function bucketLines(
  { examples, traffic, slo, service }: Shown,
  durations: MeasuredDurations,
  pod: ServicePod,
  share: (second: number) => number,
): Line[] {
  const [first = ""] = examples.good;
  const { le: _, ...own } = labelsOn(first, pod);
  const inSeconds = durations.unit === "seconds" ? 1 : 1000;
  const threshold = durations.limit ?? longestUsual({ slo, examples, service, traffic }) * inSeconds;
  const { metric, matchers } = durations.histogram;
  // A histogram by status has the requests that failed in series of their own.
  const isByStatus = matchers.some(({ operator, label }) => operator === "!~" || label === "error_type");
  const failing = failingShare({ examples, traffic, slo, service });
  const within = (boundary: number) => (second: number) =>
    share(second) *
    (isByStatus ? 1 - failing(second) : 1) *
    (Number.isFinite(boundary) ? doneWithin(boundary / threshold, traffic.isHit && inIncident(second)) : 1);
  const boundaries = [...new Set([...OTEL_SECONDS.map((each) => each * inSeconds), threshold])].sort(
    (a, b) => a - b,
  );
  const values = (boundary: number) => existing(counted(within(boundary), MOMENTS), pod);
  const count = values(Number.POSITIVE_INFINITY);
  return [
    ...boundaries.map((boundary) => ({
      labels: { ...own, __name__: `${metric}_bucket`, le: bucketLabel(boundary) },
      values: values(boundary),
    })),
    { labels: { ...own, __name__: `${metric}_bucket`, le: "+Inf" }, values: count },
    // Availability counts by the same series, and says it with what fails besides.
    ...(slo.name === "latency" ? [{ labels: { ...own, __name__: `${metric}_count` }, values: count }] : []),
  ];
}

/** Where the observations of a native histogram lie, in standard deviations from the median. */
const SPOTS = Array.from({ length: 25 }, (_, index) => (index - 12) / 4);

function nativeValues(
  rate: (second: number) => number,
  threshold: number,
  { traffic }: Shown,
): (string | null)[] {
  const weights = SPOTS.map((z) => Math.exp((-z * z) / 2));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const spotted = (isSlow: boolean) =>
    SPOTS.map((z, index) => {
      const [median, spread] = isSlow ? [0.6, 0.6] : [0.25, 0.5];
      return [threshold * median * Math.exp(z * spread), (weights[index] ?? 0) / all] as const;
    });
  const [usual, slow] = [spotted(false), spotted(true)];
  const calmly = counted((second) => (traffic.isHit && inIncident(second) ? 0 : rate(second)), MOMENTS);
  const slowly = counted((second) => (traffic.isHit && inIncident(second) ? rate(second) : 0), MOMENTS);
  return MOMENTS.map((_, index) =>
    nativeHistogram([
      ...usual.map(([value, weight]) => [value, Math.floor(weight * (calmly[index] ?? 0))] as const),
      ...slow.map(([value, weight]) => [value, Math.floor(weight * (slowly[index] ?? 0))] as const),
    ]),
  );
}

/** Gauges, of which each scrape is an event. */
function sampledLines({ slo, examples, service, traffic }: Shown, pods: readonly ServicePod[]): Line[] {
  const { sampled } = examples;
  if (sampled === undefined) return [];
  const gauges = (slo.signal.measures ?? []).filter((measure) => measure.kind === "gauge");
  if (service.probe !== undefined && examples.good.some((series) => series.includes('job="probe/')))
    return gauges.flatMap((gauge) => probeLines(gauge, examples, service, traffic));
  const limit = gauges.find(({ limit: found }) => found !== undefined)?.limit ?? sampled.good;
  const [pod] = pods;
  const [series = ""] = examples.good;
  const labels = pod === undefined || sampled.since ? parsed(series) : labelsOn(series, pod);
  const value = sampled.since ? sinceLast(limit, traffic) : waiting(limit, traffic);
  return [{ labels, values: MOMENTS.map(value) }];
}

function parsed(series: string): Record<string, string> {
  const { metric, labels } = parseSeries(series);
  const { pod: _, ...own } = labels;
  return { ...own, __name__: metric };
}

/** What waits: little on any day; in the incident nothing is done, and more and more waits until ten minutes after it. */
function waiting(limit: number, { isHit }: ServiceTraffic) {
  return (second: number) => {
    const [from, to] = [ROLLED_OUT * 60, ROLLED_BACK * 60];
    if (!isHit || second < from || second > to + 600) return Math.round(limit * 0.1);
    const most = 1.4;
    const share =
      second <= to
        ? Math.min(most, 0.1 + (second - from) / 700)
        : most - ((second - to) / 600) * (most - 0.1);
    return Math.round(limit * share);
  };
}

/** When a run last succeeded: one each day. One is late in the incident, so that the one before it is too old meanwhile. */
function sinceLast(limit: number, { isHit, start }: ServiceTraffic) {
  const last = isHit ? ROLLED_OUT * 60 - limit : -7 * 3600;
  return (second: number) =>
    start + (isHit && second >= ROLLED_BACK * 60 ? ROLLED_BACK * 60 : lastBefore(second, last));
}

function lastBefore(second: number, known: number): number {
  const day = 86_400;
  return second >= known ? known : known - Math.ceil((known - second) / day) * day;
}

function probeLines(
  gauge: Extract<Measure, { kind: "gauge" }>,
  examples: ExampleSeries,
  service: Service,
  { isHit, start }: ServiceTraffic,
): Line[] {
  const [first = ""] = examples.good;
  const { instance: _, ...own } = parsed(first);
  const isSuccess = gauge.unit === "success";
  const certificate = (instance: string): Line => ({
    labels: { ...own, __name__: "probe_ssl_earliest_cert_expiry", instance },
    values: MOMENTS.map(() => start + CERTIFICATE),
  });
  const usual = (gauge.limit ?? 0.5) * 0.4;
  return (service.probe?.targets ?? []).flatMap((instance, index) => [
    {
      labels: { ...own, __name__: gauge.gauge.metric, instance },
      values: MOMENTS.map((second) => {
        const isBad = isHit && index === 0 && inIncident(second);
        if (isSuccess) return isBad ? 0 : 1;
        return Number((isBad ? usual * 4 : usual * (1 + index / 10)).toFixed(4));
      }),
    },
    ...(isSuccess && instance.startsWith("https://") ? [certificate(instance)] : []),
  ]);
}

/** Seconds until the certificate ends. */
const CERTIFICATE = 61 * 86_400;
