import type { PromtoolSeries } from "../../core/promtool.ts";
import { labelsOfUp } from "../../signals/counted-steps.ts";
import type { Counters } from "../../signals/counters.ts";
import { equal, type Matcher, metric, printSelector } from "../../signals/promql.ts";
import type { CountingExporter, Events } from "./counting-exporter.ts";

/** One target, scrape by scrape. */
export interface Target {
  readonly name: string;
  /** What its counters hold; undefined without a sample. */
  readonly held: (scrape: number) => Events | undefined;
  /** Its `up`; undefined without a sample. Default: 1 if there are counters. */
  readonly up?: (scrape: number) => 0 | 1 | undefined;
  /** Whether a scrape finds only new series, as after a change of the scrape configuration. */
  readonly isNewLoop?: (scrape: number) => boolean;
  /** A label that the counters get at a scrape, which makes other series of them. */
  readonly renamedAt?: number;
  /** The start of the process in seconds since 1970. Default: not known. */
  readonly processStart?: number;
  /** The `up` of a target of another namespace with the same labels otherwise. Default: always 1. */
  readonly upElsewhere?: (scrape: number) => 1 | undefined;
  /** What its scrapes must count, by scrape; at all others nothing. */
  readonly counted: Readonly<Record<number, Events>>;
}

/** A counter that has been counting for a long time: counted by mistake, it would show. */
export const LONG = { good: 1_000_000, bad: 50_000 };

/** What the series of targets are made from. */
interface ReportedBy {
  readonly exporter: CountingExporter;
  /** The counter of all events. */
  readonly family: Counters;
}

/** The series of a target, and of one in another namespace that would change what counts if it were taken for it. */
export function seriesOf(
  target: Target,
  scrapes: readonly number[],
  { exporter, family }: ReportedBy,
): readonly PromtoolSeries[] {
  const values = new Map<string, string[]>();
  for (const scrape of scrapes) {
    const events = target.held(scrape);
    for (const { series, value } of events ? exporter.held(events) : []) {
      const renamed = target.renamedAt !== undefined && scrape >= target.renamedAt;
      const name = named(series, target.name, renamed ? { renamed: "yes" } : {});
      const found = values.get(name) ?? [];
      while (found.length < scrape) found.push("_");
      found.push(value);
      values.set(name, found);
    }
  }
  const own = labelsOfUp(family);
  // What something else scrapes may be known by its job and other labels: then there is no neighbour in another namespace.
  const isOfNamespace = own.some(({ label }) => label === "namespace");
  const elsewhere = own.map((matcher) =>
    matcher.label === "namespace" ? { ...matcher, value: `another-${matcher.value}` } : matcher,
  );
  const ofTarget = (
    labels: readonly Matcher[],
    name: string,
    value: (scrape: number) => number | undefined,
  ): PromtoolSeries[] => {
    const found = scrapes.map((scrape) => value(scrape));
    if (found.every((each) => each === undefined)) return [];
    return [
      {
        series: printSelector(metric(name, ...labels, ...equal(identityOf(target.name)))),
        values: found.map((each) => each ?? "_").join(" "),
      },
    ];
  };
  const up = target.up ?? ((scrape: number) => (target.held(scrape) ? 1 : undefined));
  const scraped = (scrape: number) => (up(scrape) === 1 ? 20 : undefined);
  return [
    ...[...values].map(([series, found]) => ({ series, values: `${found.join(" ")} stale` })),
    ...ofTarget(own, "up", up),
    ...ofTarget(own, "scrape_samples_post_metric_relabeling", scraped),
    ...ofTarget(own, "scrape_series_added", (scrape) =>
      scraped(scrape) === undefined ? undefined : target.isNewLoop?.(scrape) ? 20 : 19,
    ),
    ...ofTarget(own, "process_start_time_seconds", (scrape) =>
      target.held(scrape) ? target.processStart : undefined,
    ),
    ...(isOfNamespace
      ? [
          ...ofTarget(elsewhere, "up", target.upElsewhere ?? (() => 1)),
          ...ofTarget(elsewhere, "process_start_time_seconds", () => 0),
          ...exporter.held(LONG).map(({ series, value }) => ({
            series: inNamespaceOf(named(series, target.name, {}), elsewhere),
            values: scrapes.map(() => value).join(" "),
          })),
        ]
      : []),
  ];
}

/** The labels that tell one target from another. */
function identityOf(pod: string): Readonly<Record<string, string>> {
  return { pod, instance: `${pod}:8080` };
}

/** A series with the namespace of these matchers. */
function inNamespaceOf(series: string, matchers: readonly Matcher[]): string {
  const namespace = matchers.find(({ label }) => label === "namespace")?.value ?? "";
  return series.replace(/namespace="[^"]*"/, `namespace="${namespace}"`);
}

/** A series of the examples as another target has it. */
function named(series: string, pod: string, more: Readonly<Record<string, string>>): string {
  const labels = Object.entries({ ...identityOf(pod), ...more })
    .map(([label, value]) => `${label}="${value}"`)
    .join(",");
  const others = series.replace(/,?\s*pod="[^"]*"/, "");
  return others.includes("{")
    ? others.replace(/\{,?\s*/, `{${labels},`).replace(",}", "}")
    : `${others}{${labels}}`;
}
