import type { AlertReview } from "../../../cli/alert-review/result.ts";
import { reviewAlerts } from "../../../cli/alert-review/review.ts";
import type { Incident } from "../../../cli/review/replay/incidents.ts";
import type { RuleGroup } from "../../../components/core/rules.ts";
import { PrometheusWithHistory } from "../../support/prometheus.ts";
import { period, RATIO, rule, STEP, series } from "../review/replay/scenario.ts";

// Alerts of two teams over a history in a real Prometheus, and what they did by brute force: evaluation by evaluation.

/** Rules that are loaded still. The second group is evaluated half as often. */
const LOADED: readonly RuleGroup[] = [
  { name: "records", interval: "30s", rules: [RATIO] },
  {
    name: "disks",
    interval: "30s",
    rules: [
      rule("DiskFull", "disk_used > 0.9", "critical", {
        for: "5m",
        keep_firing_for: "10m",
        labels: { severity: "critical", team: "shop", service: "store" },
      }),
      rule("Jumpy", "disk_used > 0.88"),
      rule("DiskInfo", "disk_used > 0.87", "info"),
      rule("Watchdog", "vector(1)", "none"),
    ],
  },
  {
    name: "web",
    interval: "1m",
    rules: [
      rule("ErrorsHigh", "job:errors:ratio > 0.05", "critical", {
        for: "2m",
        labels: { severity: "critical", team: "web", service: "web" },
      }),
      // Two rules with one name, which only their labels tell apart.
      rule("ErrorsSeen", "job:errors:ratio > 0.02", "warning", {
        labels: { severity: "warning", team: "web", service: "web" },
      }),
      rule("ErrorsSeen", "job:errors:ratio > 0.03", "warning", {
        labels: { severity: "warning", team: "web", service: "shop" },
      }),
      // As noisy, and of an objective.
      rule("Burning", "job:errors:ratio > 0.03", "warning", {
        labels: { severity: "warning", team: "web", service: "web", slo: "availability" },
      }),
      rule("Blind", "job:errors:ratio > 0.15", "critical", {
        for: "10m",
        labels: { severity: "critical", team: "web", service: "billing" },
      }),
      rule("Never", "disk_used > 2"),
      rule("CannotFire", "rate(no_such_total[5m]) > 1"),
      rule("Gone", "absent(no_such_metric) > 1"),
    ],
  },
];

/** A rule that was removed. */
const REMOVED: readonly RuleGroup[] = [
  { name: "removed", interval: "30s", rules: [rule("Removed", "disk_used > 0.92", "warning")] },
];

/** The server with that past. */
export function alerting(days: number): Promise<PrometheusWithHistory> {
  const { start, end } = period(days);
  return PrometheusWithHistory.start({
    start,
    end,
    step: STEP,
    series: series((end - start) / STEP + 1),
    rules: [
      { groups: LOADED, from: start, alertsFrom: start, loaded: true },
      { groups: REMOVED, from: start, alertsFrom: start },
    ],
    externalLabels: { environment: "prod" },
  });
}

/** One firing by brute force, in Unix seconds. */
export interface Counted {
  readonly alert: string;
  readonly service: string;
  readonly severity: string;
  readonly labels: string;
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
}

const OF_A_MINUTE = new Set(LOADED[2]?.rules.map((each) => ("alert" in each ? each.alert : "")));

/** Every firing, by asking at each moment at which a rule was evaluated. */
export async function counted(prometheus: PrometheusWithHistory, days: number): Promise<readonly Counted[]> {
  const { start, end } = period(days);
  const times = new Map<string, { readonly labels: Record<string, string>; readonly at: Set<number> }>();
  for (let from = start; from <= end; from += 10_000 * STEP) {
    const to = Math.min(end, from + 9_999 * STEP);
    for (const { labels, points } of await prometheus.course(FIRING, from, to, STEP)) {
      const key = JSON.stringify(labels);
      const known = times.get(key) ?? { labels, at: new Set<number>() };
      times.set(key, known);
      for (const [time] of points) known.at.add(time);
    }
  }
  return [...times]
    .flatMap(([key, { labels, at }]) => runs(key, labels, at, start, end))
    .sort((a, b) => a.from - b.from);
}

const FIRING = 'ALERTS{alertstate="firing",severity!="none"}';

function runs(
  key: string,
  labels: Record<string, string>,
  at: ReadonlySet<number>,
  start: number,
  end: number,
): Counted[] {
  const { alertname: alert = "", service = "", severity = "" } = labels;
  const found: Counted[] = [];
  let since: number | undefined;
  for (let time = start; time <= end; time += OF_A_MINUTE.has(alert) ? 60 : STEP) {
    if (at.has(time)) since ??= time;
    else if (since !== undefined) {
      found.push({ alert, service, severity, labels: key, from: since, to: time, isOpen: false });
      since = undefined;
    }
  }
  if (since !== undefined)
    found.push({ alert, service, severity, labels: key, from: since, to: end, isOpen: true });
  return found;
}

/** Incidents of what happened: one that DiskFull told of, and one of a service whose alert did not fire. */
export function incidentsOf(all: readonly Counted[]): readonly Incident[] {
  const longest = (alert: string) =>
    all
      .filter((each) => each.alert === alert)
      .toSorted((a, b) => b.to - b.from - (a.to - a.from))
      .at(0);
  const [disk, errors] = [longest("DiskFull"), longest("ErrorsHigh")];
  if (disk === undefined || errors === undefined) throw new Error("nothing fired that an incident can be of");
  return [
    {
      name: "the store stands still",
      start: disk.from - 60,
      end: disk.to,
      environment: "prod",
      services: ["store"],
    },
    { name: "no invoices", start: errors.from, end: errors.to, environment: "prod", services: ["billing"] },
    { name: "elsewhere", start: disk.from, end: disk.to, environment: "dev", services: [] },
  ];
}

/** The review of the whole history. */
export function reviewed(
  prometheus: PrometheusWithHistory,
  days: number,
  more: { readonly incidents?: readonly Incident[]; readonly last?: AlertReview } = {},
): Promise<AlertReview> {
  const { start, end } = period(days);
  return reviewAlerts(
    {
      prometheus: prometheus.url,
      alertmanager: undefined,
      since: end - start,
      until: end,
      night: { start: 22 * 60, end: 7 * 60, zone: "UTC", text: "22:00-07:00 UTC" },
      incidents: more.incidents ?? [],
      last: more.last,
    },
    {},
  );
}

/** The numbers of a review by brute force, by alert. */
export function numbersOf(all: readonly Counted[], incidents: readonly Incident[] = []) {
  const keys = [...new Set(all.map(({ alert, service }) => `${alert} ${service}`))].sort();
  return Object.fromEntries(
    keys.map((key) => {
      const own = all.filter(({ alert, service }) => `${alert} ${service}` === key);
      const lengths = own.map(({ from, to }) => to - from).sort((a, b) => a - b);
      const half = lengths.length / 2;
      const since = own.map((each) => {
        const before = own.filter(({ labels, to }) => labels === each.labels && to <= each.from);
        return Math.min(...before.map(({ to }) => each.from - to));
      });
      const hour = (at: number) => Math.floor((at % 86_400) / 3600);
      const isDuring = ({ from, to, service }: Counted) =>
        incidents.some(
          (each) =>
            from < each.end &&
            to > each.start &&
            (each.services.length === 0 || each.services.includes(service)),
        );
      return [
        key,
        {
          fired: own.length,
          seconds: lengths.reduce((sum, each) => sum + each, 0),
          medianSeconds: ((lengths[Math.ceil(half) - 1] ?? 0) + (lengths[Math.floor(half)] ?? 0)) / 2,
          atNight: own.filter(({ from }) => hour(from) >= 22 || hour(from) < 7).length,
          flaps: since.filter((each) => each <= 900).length,
          repeated: since.filter((each) => each > 900 && each <= 86_400).length,
          clearedByItself: own.filter((each) => !each.isOpen && each.to - each.from <= 900 && !isDuring(each))
            .length,
        },
      ];
    }),
  );
}

/** The same numbers as a review says them. */
export function numbersIn({ alerts }: AlertReview) {
  return Object.fromEntries(
    alerts
      .filter(({ fired }) => fired > 0)
      .map((row) => {
        const { fired, seconds, medianSeconds, atNight, flaps, repeated, clearedByItself } = row;
        return [
          `${row.name} ${row.service ?? ""}`,
          { fired, seconds, medianSeconds, atNight, flaps, repeated, clearedByItself },
        ] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
