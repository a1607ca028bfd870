import { dirname } from "node:path";
import type { EnvironmentModel } from "../../../../cli/review/model.ts";
import type { Incident } from "../../../../cli/review/replay/incidents.ts";
import type { Replay } from "../../../../cli/review/replay/result.ts";
import { replayTarget } from "../../../../cli/review/replay/run.ts";
import type { AlertingRule, RecordingRule, RuleGroup } from "../../../../components/core/rules.ts";
import { type History, PrometheusWithHistory } from "../../../support/prometheus.ts";
import { alert, model, resource } from "../sample-model.ts";

// A history with noise and outages, and rules before and after a change. What the rules would have done is what Prometheus' own code did when it
// evaluated them all along: the history is written twice, once with the rules of each side.

export const STEP = 30;
/** Scrapes and evaluations are no multiples of the interval, as in a real Prometheus. */
const OFFSET = 7;
const START = 1_780_000_020 - (1_780_000_020 % 3600) + OFFSET;

const DISK: Omit<AlertingRule, "expr"> = {
  alert: "DiskFull",
  for: "5m",
  keep_firing_for: "10m",
  labels: { severity: "critical", team: "shop", service: "store" },
  annotations: {},
};

export const RATIO: RecordingRule = {
  record: "job:errors:ratio",
  expr: "sum by (job) (rate(errors_total[5m])) / sum by (job) (rate(requests_total[5m]))",
  labels: {},
};

const SMOOTH: RecordingRule = {
  record: "job:errors:smooth",
  expr: "avg_over_time(job:errors:ratio[15m])",
  labels: { of: "errors" },
};

/** An alerting rule of the team shop. */
export const rule = (
  name: string,
  expr: string,
  severity = "warning",
  more: Partial<AlertingRule> = {},
): AlertingRule => ({
  alert: name,
  expr,
  labels: { severity, team: "shop" },
  annotations: {},
  ...more,
});

/** The rules that were deployed. */
export const BASE: readonly RuleGroup[] = [
  {
    name: "records",
    interval: "30s",
    rules: [RATIO, { record: "node:disk:max", expr: "max by (node) (disk_used)", labels: {} }],
  },
  {
    name: "alerts",
    interval: "30s",
    rules: [
      { ...DISK, expr: "disk_used > 0.9" },
      rule("ErrorsHigh", "job:errors:ratio > 0.05", "critical", { for: "2m" }),
      rule("NodeDiskAlmostFull", "node:disk:max > 0.85", "warning", { for: "1m" }),
      rule("Jumpy", "disk_used > 0.88"),
      rule("Removed", "disk_used > 0.93", "critical"),
      rule("Never", "disk_used > 2"),
      rule("Watchdog", "vector(1)", "none"),
    ],
  },
];

/** The rules after the change: another threshold, `for`, `keep_firing_for` and record, a new record of records, a new and a removed alert. */
export const HEAD: readonly RuleGroup[] = [
  {
    name: "records",
    interval: "30s",
    rules: [
      { ...RATIO, expr: RATIO.expr.replaceAll("5m", "10m") },
      SMOOTH,
      { record: "node:disk:max", expr: "max by (node) (disk_used)", labels: {} },
    ],
  },
  {
    name: "alerts",
    interval: "30s",
    rules: [
      { ...DISK, expr: "disk_used > 0.92", for: "10m" },
      rule("ErrorsHigh", "job:errors:ratio > 0.05", "critical", { for: "2m" }),
      rule("ErrorsLasting", 'job:errors:smooth{of="errors"} > 0.03', "critical", { for: "1m" }),
      rule("NodeDiskAlmostFull", "node:disk:max > 0.85", "warning", { for: "1m" }),
      rule("Jumpy", "disk_used > 0.88", "warning", { keep_firing_for: "15m" }),
      rule("Never", "disk_used > 2"),
      rule("Watchdog", "vector(1)", "none"),
    ],
  },
];

const NODES = ["n1", "n2", "n3"];

/** The same numbers for the same seed: a linear congruential generator. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** Three disks and the requests of a web server, scraped so many times. */
export function series(steps: number): string[] {
  const disks = NODES.map((node, index) => {
    const next = random(index + 1);
    let level = 0.7;
    const values = Array.from({ length: steps }, () => {
      level = Math.min(0.95, Math.max(0.6, level + (next() - 0.5) * 0.03));
      // A scrape fails now and then.
      return next() < 0.002 ? "_" : (level + (next() - 0.5) * 0.02).toFixed(4);
    });
    return `disk_used{job="node", node="${node}"} ${values.join(" ")}`;
  });
  const next = random(99);
  let [requests, errors, rate] = [0, 0, 0.01];
  const [all, failed]: [number[], number[]] = [[], []];
  for (let step = 0; step < steps; step++) {
    if (next() < 0.005) rate = next() < 0.5 ? 0.01 : next() * 0.12;
    requests += 300;
    errors += Math.round(300 * rate * (0.5 + next()));
    all.push(requests);
    failed.push(errors);
  }
  return [
    ...disks,
    `requests_total{job="web"} ${all.join(" ")}`,
    `errors_total{job="web"} ${failed.join(" ")}`,
  ];
}

/** When the history begins and ends. */
export function period(days: number): { readonly start: number; readonly end: number } {
  return { start: START, end: START + Math.round(days * 86_400) - STEP };
}

/** A Prometheus that has scraped for some days and evaluated some rules all along. */
export function running(days: number, groups: readonly RuleGroup[], more: Partial<History> = {}) {
  const { start, end } = period(days);
  return PrometheusWithHistory.start({
    start,
    end,
    step: STEP,
    series: series((end - start) / STEP + 1),
    rules: [{ groups, from: start, alertsFrom: start }],
    ...more,
  });
}

/** What a preview says of an environment with some rules. */
function modelOf(groups: readonly RuleGroup[]): EnvironmentModel {
  const alerts = groups.flatMap(({ rules }) =>
    rules.flatMap((each) =>
      "alert" in each
        ? [
            alert({
              name: each.alert,
              expr: each.expr,
              severity: each.labels["severity"] ?? "",
              service: each.labels["service"],
              for: each.for ?? "0s",
              keepFiringFor: each.keep_firing_for,
              receivers:
                each.labels["severity"] === "critical"
                  ? [{ name: "pager", kind: "PagerDuty" }]
                  : each.labels["severity"] === "warning"
                    ? [{ name: "tickets", kind: "webhook" }]
                    : [],
            }),
          ]
        : [],
    ),
  );
  const rules = resource("kubernetes:monitoring.coreos.com/v1:PrometheusRule", "rules", {
    inputs: { spec: { groups } },
  });
  return model({ alerts, resources: [rules] });
}

/** A firing as Prometheus recorded it: from its first sample to its last. */
interface Recorded {
  readonly alert: string;
  readonly from: number;
  readonly to: number;
}

/** Every firing by the series ALERTS, counted sample by sample. */
export async function recorded(
  prometheus: PrometheusWithHistory,
  days: number,
): Promise<readonly Recorded[]> {
  const { start, end } = period(days);
  const all = new Map<string, { readonly alert: string; readonly at: number[] }>();
  for (let from = start; from <= end; from += 10_000 * STEP) {
    const to = Math.min(end, from + 9_999 * STEP);
    for (const { labels, points } of await prometheus.course('ALERTS{alertstate="firing"}', from, to, STEP)) {
      const key = JSON.stringify(labels);
      const found = all.get(key) ?? { alert: labels["alertname"] ?? "", at: [] };
      found.at.push(...points.map(([at]) => at));
      all.set(key, found);
    }
  }
  const firings: Recorded[] = [];
  for (const { alert: name, at } of all.values()) {
    let first = at[0] ?? 0;
    for (const [index, moment] of at.entries())
      if (at[index + 1] !== moment + STEP) {
        firings.push({ alert: name, from: first, to: moment });
        first = at[index + 1] ?? 0;
      }
  }
  return firings;
}

/** The replay of the change over the whole history of a server, by its URL or its data directory. */
export function replayed(given: {
  readonly history: { readonly url: string } | { readonly folder: string };
  readonly days: number;
  /** A Prometheus that is on PATH; undefined if there is none. */
  readonly program: string | undefined;
  readonly incidents?: readonly Incident[];
}): Promise<Replay> {
  const { start, end } = period(given.days);
  return replayTarget(
    { environment: "prod", at: given.history },
    {
      targets: [],
      since: end - start,
      until: end,
      night: { start: 22 * 60, end: 7 * 60, zone: "UTC", text: "22:00-07:00 UTC" },
      incidents: given.incidents ?? [],
    },
    modelOf(BASE),
    modelOf(HEAD),
    given.program === undefined ? {} : { PATH: dirname(given.program) },
  );
}
