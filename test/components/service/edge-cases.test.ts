import { describe, expect, it } from "vitest";
import type { PromtoolCase } from "../../../components/core/promtool.ts";
import {
  defineService,
  examplesOf,
  type ServiceDefinition,
  slosOf,
} from "../../../components/service/model.ts";
import { nativeHistogram } from "../../../components/signals/histogram.ts";
import type { ExampleSeries } from "../../../components/signals/ratio.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { promtool } from "../slo/promtool.ts";
import { LINKS } from "../slo/samples.ts";
import { DEFINITION } from "./samples.ts";

/** A quarter of an hour of one pod, queue or target: how much of it there is of each kind of event, and how it is told. */
interface Story {
  readonly pod: string;
  readonly good: number;
  readonly bad: number;
  /** Scrapes of fifteen that fail, and whether the pod is born anew after them, with counters at zero. */
  readonly lost?: readonly number[];
  readonly restarts?: boolean;
}

const SCRAPES = 15;

function seriesOf(examples: ExampleSeries, story: Story) {
  const { good, bad, always = [], native, sampled } = examples;
  const names = sampled ? good.slice(0, 1) : [...new Set([...good, ...bad, ...always])];
  return names.map((name) => {
    const counts = { good: good.includes(name) ? story.good : 0, bad: bad.includes(name) ? story.bad : 0 };
    const value = (scrape: number) => {
      if (sampled) return String(shownBy(sampled, story.bad > 0 ? "bad" : "good", scrape));
      const lived = story.restarts ? scrape % 8 : scrape;
      return native
        ? nativeHistogram([
            [native.good, counts.good * lived],
            [native.bad, counts.bad * lived],
          ])
        : String((counts.good + counts.bad) * lived);
    };
    const values = Array.from({ length: SCRAPES + 1 }, (_, scrape) =>
      story.lost?.includes(scrape) ? "_" : value(scrape),
    );
    const labelled = name
      .replace(/pod="a"/, `pod="${story.pod}"`)
      .replace(/instance="[^"]*"/, `instance="${story.pod}"`);
    return { series: labelled, values: values.join(" ") };
  });
}

function shownBy(
  sampled: NonNullable<ExampleSeries["sampled"]>,
  look: "good" | "bad",
  scrape: number,
): number {
  return sampled.since ? scrape * 60 - sampled[look] : sampled[look];
}

const SHARE = "slo:sli_errors:rate5m / (slo:sli_total:rate5m > 0)";
const LABELS = 'service="storefront",team="shop"';

function shareIs(slo: string, at: string, value: number | undefined) {
  const exp_samples = value === undefined ? [] : [{ labels: `{slo="${slo}",${LABELS}}`, value }];
  return { expr: `round(${SHARE}, 0.0001)`, eval_time: at as "1m", exp_samples };
}

/** What fifty of them are together where one alone is bad all the time. */
type Together = "their share" | "the worst" | "the newest";

const KINDS: readonly (readonly [string, Partial<ServiceDefinition>, string, Together])[] = [
  [
    "availability",
    { http: { port: "http", metrics: "otel" }, objectives: {} },
    "availability",
    "their share",
  ],
  [
    "availability of a native histogram",
    { http: { port: "http", metrics: "otel", histogram: "native" }, objectives: {} },
    "availability",
    "their share",
  ],
  [
    "latency of a classic histogram",
    { http: { port: "http", metrics: "otel" }, objectives: { latency: { threshold: "250ms" } } },
    "latency",
    "their share",
  ],
  [
    "latency of a native histogram",
    {
      http: { port: "http", metrics: "otel", histogram: "native" },
      objectives: { latency: { threshold: "300ms" } },
    },
    "latency",
    "their share",
  ],
  [
    "success of a worker",
    {
      http: undefined,
      worker: { port: "http", metrics: { total: "jobs_total", failed: "jobs_failed_total" } },
      objectives: {},
    },
    "success",
    "their share",
  ],
  [
    "age of the oldest message",
    {
      http: undefined,
      worker: { port: "http", metrics: "otel", oldestMessage: "oldest_seconds" },
      objectives: { freshness: { maxAge: "10m" } },
    },
    "freshness",
    "the worst",
  ],
  [
    "last success of a job",
    { http: undefined, batch: { cronJob: "report" }, objectives: { freshness: { maxAge: "1h" } } },
    "freshness",
    "the newest",
  ],
  [
    "probes",
    { http: undefined, probe: { targets: ["https://help.example.com"] }, objectives: {} },
    "probes",
    "their share",
  ],
];

describe("the share of errors", () => {
  it.each(KINDS)("is right at the edges: %s", { timeout: 300_000 }, async (_, changes, name, together) => {
    const service = defineService({ ...DEFINITION, ...changes });
    const slo = slosOf(service).find((each) => each.name === name);
    const examples = examplesOf(service, name);
    if (slo === undefined || examples === undefined) throw new Error(`no objective ${name}`);
    const isSampled = examples.sampled !== undefined;
    const edge = (
      title: string,
      stories: readonly Story[],
      expected: PromtoolCase["promql_expr_test"],
    ): PromtoolCase => ({
      name: title,
      interval: "1m",
      input_series: stories.flatMap((story) => seriesOf(examples, story)),
      ...(expected && { promql_expr_test: expected }),
    });
    const bad = { pod: "a", good: 0, bad: 100 };
    const mixed = isSampled ? bad : { pod: "a", good: 100, bad: 100 };
    const half = isSampled ? 1 : 0.5;
    const cases = [
      edge(
        "one bad series among fifty",
        Array.from({ length: 50 }, (_each, pod) =>
          pod === 7 ? { ...bad, pod: "pod-7" } : { pod: `pod-${pod}`, good: 100, bad: 0 },
        ),
        [shareIs(name, "15m", { "their share": 0.02, "the worst": 1, "the newest": 0 }[together])],
      ),
      edge(
        "the first scrape counts nothing, and is a look at a gauge",
        [mixed],
        [shareIs(name, "0m", isSampled ? 1 : undefined), shareIs(name, "1m", half)],
      ),
      edge(
        "a lost scrape",
        [{ ...mixed, lost: [12] }],
        [shareIs(name, "12m", half), shareIs(name, "13m", half), shareIs(name, "15m", half)],
      ),
      ...(isSampled
        ? []
        : [
            edge(
              "a counter that starts anew",
              [{ ...mixed, restarts: true }],
              [shareIs(name, "8m", half), shareIs(name, "12m", half)],
            ),
          ]),
      edge(
        "nothing but successes, without a series of failures",
        [{ pod: "a", good: 100, bad: 0 }],
        [shareIs(name, "10m", 0)],
      ),
    ];
    const { stdout, stderr } = await promtool([ruleGroup(slo, "1m", LINKS)], "1m", cases);
    expect(stdout + stderr).toMatch(/SUCCESS/);
  });
});
