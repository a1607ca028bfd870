import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { parse } from "yaml";
import { duration, seconds } from "../../components/core/duration.ts";
import type { RuleFile, WrittenRule } from "../../components/core/rules.ts";
import { runsIn, type Service } from "../../components/service/model.ts";
import { services } from "../../stacks/services/index.ts";
import { type Source, sourcesOf } from "../expositions/sources.ts";
import { PrometheusWithHistory } from "../support/prometheus.ts";
import { seriesOfService } from "../support/service-series.ts";
import { type EnvironmentName, files, manifests } from "./previews.ts";

// A Prometheus that holds what an environment's would, as far as it can be had here: what its targets expose, what its rules
// record, and what it writes of its alerts.

/** The moment at which dashboards are looked at: the end of what was scraped. */
export const NOW = 1_900_000_000 - (1_900_000_000 % 3600);
/** Seconds of history: a rate of a day is tiled from records of an hour. */
const PAST = 2 * 3600;
const STEP = 30;

/** The pod that the hand-written expositions of Kubernetes speak of; the service's targets are its. */
const POD = "web-7d4b9c6f5-2xkq8";

export async function prometheusOf(environment: EnvironmentName): Promise<PrometheusWithHistory> {
  return PrometheusWithHistory.start({
    start: NOW - PAST,
    end: NOW,
    step: STEP,
    series: [
      ...(await platformSeries(environment)),
      ...services
        .filter((service) => runsIn(service, environment))
        .flatMap((service) => ofService(service, environment)),
      justGone(),
    ],
    rules: [{ groups: rulesOf(environment), from: NOW - PAST }],
  });
}

/** What the targets of the platform expose, in promtool's notation: `<series> <value>+<growth>x<scrapes>`. */
export async function platformSeries(environment: EnvironmentName): Promise<readonly string[]> {
  const objects = Object.values(manifests(environment)) as { kind: string; metadata: { labels?: object } }[];
  const monitors = objects.filter(
    ({ kind, metadata }) =>
      (kind === "ServiceMonitor" || kind === "PodMonitor") && !("service" in (metadata.labels ?? {})),
  ) as unknown as (IServiceMonitor | IPodMonitor)[];
  const sources = await sourcesOf(monitors, { preferReal: true });
  return sources.flatMap(scraped);
}

type Labels = Readonly<Record<string, string>>;

/** A series in promtool's notation that lasts for the whole past, from a value and what it grows by at each scrape. */
function series(metric: string, labels: Labels, value: number, growth: number): string {
  const text = Object.entries(labels).map(([name, one]) => `${name}=${JSON.stringify(one)}`);
  const from = Number.isFinite(value) ? value : 0;
  return `${metric}{${text.join(",")}} ${decimal(from)}+${decimal(growth)}x${PAST / STEP}`;
}

/** promtool's notation knows no exponents. */
function decimal(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(9);
}

/** What Prometheus stores of a target: its samples, counters growing, and what it writes of each scrape. */
function scraped({ target, exposition }: Source): string[] {
  const own = [...exposition.samples].flatMap(([metric, samples]) => {
    const counts =
      ["counter", "histogram"].includes(exposition.typeOf(metric) ?? "") ||
      /_(bucket|count|sum)$/.test(metric);
    const values = exposition.valuesOf(metric);
    return samples.map((labels, index) =>
      // A later bucket of a histogram holds what the earlier ones hold, and grows by more.
      series(
        metric,
        stored(target, labels),
        values[index] ?? 0,
        counts ? 1 + (metric.endsWith("_bucket") ? index % 50 : 0) : 0,
      ),
    );
  });
  return [...own, ...ofScrape(target.labels, own.length)];
}

function stored({ labels, honorLabels }: Source["target"], own: Labels): Labels {
  if (honorLabels) return { ...labels, ...own };
  const renamed = Object.entries(own).map(([name, value]) => [
    name in labels ? `exported_${name}` : name,
    value,
  ]);
  return { ...labels, ...Object.fromEntries(renamed) };
}

function ofScrape(labels: Labels, samples: number): string[] {
  return [
    series("up", labels, 1, 0),
    series("scrape_samples_scraped", labels, samples + 1, 0),
    series("scrape_samples_post_metric_relabeling", labels, samples, 0),
    series("scrape_series_added", labels, 1, 0),
    series("scrape_duration_seconds", labels, 0.02, 0),
  ];
}

function ofService(service: Service, environment: string): string[] {
  const target = {
    job: service.name,
    namespace: service.namespace,
    service: service.name,
    team: service.owner,
    pod: POD,
    instance: "10.40.11.99:8080",
  };
  const scrapes = { start: NOW - PAST, step: STEP, count: PAST / STEP };
  return [...seriesOfService(service, environment, scrapes), ...ofScrape(target, 10)];
}

/** A target that went three scrapes ago: an alert about it holds and has not fired. */
function justGone(): string {
  const before = PAST / STEP - 3;
  return `up{job="just-gone",namespace="shop",instance="10.40.11.98:8080"} 1x${before - 1} 0x2`;
}

/**
 * The environment's recording rules, and its alerts as what Prometheus writes of them: the history knows no alerts, so their series
 * are recorded. An alert whose condition has held for its time fires, and else it is pending.
 */
function rulesOf(environment: EnvironmentName) {
  return Object.entries(files(environment, "prometheus/rules")).flatMap(([file, text]) => {
    const { groups } = parse(text) as RuleFile;
    return groups.map(({ name, rules }) => ({
      name: `${file} ${name}`,
      rules: rules.flatMap(({ record, expr, ...rule }): object[] =>
        rule.alert === undefined
          ? [{ record, expr, labels: rule.labels ?? {} }]
          : statesOf({ ...rule, alert: rule.alert, expr }),
      ),
    }));
  });
}

function statesOf({ alert, expr, labels = {}, for: held = "0s" }: WrittenRule & { readonly alert: string }) {
  const own = { ...labels, alertname: alert };
  const holds = `(${expr}) ^ 0`;
  const heldBefore = `last_over_time((${holds})[${duration(STEP)}:${duration(STEP)}] offset ${held})`;
  const ofState = (alertstate: string, condition: string) => ({
    record: "ALERTS",
    expr: seconds(held) === 0 ? holds : `(${holds}) ${condition} ${heldBefore}`,
    labels: { ...own, alertstate },
  });
  return [
    ofState("firing", "and"),
    ...(seconds(held) === 0 ? [] : [ofState("pending", "unless")]),
    { record: "ALERTS_FOR_STATE", expr: `(${holds}) * ${NOW - PAST}`, labels: own },
  ];
}
