import type { ServiceMonitoringArgs } from "../../components/service/arguments.ts";
import { serviceIn, targetLabels } from "../../components/service/model.ts";
import { type ServedRequests, servedRequests } from "../../components/service/served-requests.ts";
import { bucketLabel, inUnitOf } from "../../components/signals/histogram.ts";
import { seriesOf } from "../../components/signals/job-server.ts";
import { equal, metric, printSelector } from "../../components/signals/promql.ts";
import { counterOf, type RequestServer, type TimedServer } from "../../components/signals/request-server.ts";
import { type Finding, ok, unchecked, wrong } from "../doctor/finding.ts";
import type { Prometheus } from "./prometheus.ts";

// Whether the series that a service is measured by are there, with known statuses and the buckets of its thresholds.

/** What is wrong with the series of the server that a service is; nothing for other services. */
export async function signalFindings(
  { service, environment }: ServiceMonitoringArgs,
  prometheus: Prometheus,
): Promise<Finding[]> {
  const here = serviceIn(service, environment);
  const served = servedRequests(here);
  if (served === undefined) return [];
  const target = targetLabels(here);
  const { server } = served;
  const counted = "ended" in server ? server.ended.good : { metric: counterOf(server, served.form) };
  const counter = printSelector(seriesOf(counted, target));
  const labels = "ended" in server ? [] : [server.statusLabel, ...(server.otherStatusLabels ?? [])];
  const statuses = await prometheus.query(`count by (${labels.join(", ")}) (${counter})`);
  if (statuses.length === 0)
    return [
      wrong("series", {
        found: `no series ${counter}`,
        allowed: `the counter of ${served.preset}.metrics: ${metricsOf(here, served)}`,
        fix: `check port and path of the definition: the target may be another port. Then: npx bellwether new-service --from <address of the metrics> says which convention it is`,
      }),
    ];
  const found = statuses.map((each) => each.labels);
  const { threshold } = here.objectives.latency ?? {};
  return [
    ok("series", counter),
    ...("ended" in server ? [] : [statusFinding(server, labels, found)]),
    ...(threshold === undefined || served.timed === undefined
      ? []
      : await bucketFindings(threshold, served, served.timed, target, prometheus)),
  ];
}

function metricsOf(service: ReturnType<typeof serviceIn>, { preset }: ServedRequests): string {
  const { metrics } = service[preset] ?? {};
  return typeof metrics === "string" ? metrics : "its own counters";
}

function statusFinding(
  { known, statusLabel, counter }: RequestServer,
  labels: readonly string[],
  found: readonly Readonly<Record<string, string>>[],
): Finding {
  if (!("form" in known)) return ok("status", `${statusLabel} marks what failed`);
  const form = new RegExp(`^(?:${known.form.source})$`);
  const odd = found.filter((set) => !labels.some((label) => form.test(set[label] ?? "")));
  if (odd.length === 0) return ok("status", `${labels.join(", ")} of ${counter}`);
  const shown = odd
    .slice(0, 5)
    .map((set) => labels.map((label) => `${label}="${set[label] ?? ""}"`).join(" "));
  return wrong("status", {
    found: `${odd.length} of ${found.length} statuses are not known: ${shown.join(", ")}`,
    allowed: `${labels.join(" or ")} with ${known.inWords}`,
    fix: "choose the convention of the library (docs/conventions.md), or give the status its label in the library",
  });
}

async function bucketFindings(
  threshold: Parameters<typeof inUnitOf>[1],
  { form, preset }: ServedRequests,
  { durations }: TimedServer,
  target: Readonly<Record<string, string>>,
  prometheus: Prometheus,
): Promise<Finding[]> {
  if (form === "native") return [await nativeFinding(durations.metric, preset, target, prometheus)];
  const bound = bucketLabel(inUnitOf(durations, threshold), durations);
  const buckets = printSelector(metric(`${durations.metric}_bucket`, ...equal(target)));
  const bounds = (await prometheus.query(`count by (le) (${buckets})`)).flatMap(
    ({ labels }) => labels["le"] ?? [],
  );
  if (bounds.includes(bound)) return [ok("buckets", `le="${bound}" of ${durations.metric}`)];
  const others = bounds.filter((each) => each !== "+Inf").sort((a, b) => Number(a) - Number(b));
  return [
    wrong("buckets", {
      found: others.length === 0 ? `no series ${buckets}` : `buckets ${others.join(", ")}`,
      allowed: `a bucket le="${bound}" for the threshold ${threshold}`,
      fix: `expose the bucket, or list the real ones in ${preset}.buckets and choose one of them as threshold`,
    }),
  ];
}

async function nativeFinding(
  name: string,
  preset: string,
  target: Readonly<Record<string, string>>,
  prometheus: Prometheus,
): Promise<Finding> {
  const histogram = printSelector(metric(name, ...equal(target)));
  const found = await prometheus.query(`count(histogram_count(${histogram}))`);
  if (found.length > 0) return ok("buckets", `native histogram ${name}`);
  return wrong("buckets", {
    found: `no native histogram ${histogram}`,
    allowed: "a native histogram",
    fix: `expose it as one, or write ${preset}.histogram: classic`,
  });
}

/** Whether each objective has data: what its rules record. */
export async function dataFindings(
  names: readonly string[],
  service: string,
  prometheus: Prometheus,
): Promise<Finding[]> {
  const found = await prometheus.query(`count by (slo) (slo:sli_total:irate{service="${service}"})`);
  const there = new Set(found.map(({ labels }) => labels["slo"]));
  return names.map((name) =>
    there.has(name)
      ? ok(`data of ${name}`, "recorded")
      : wrong(`data of ${name}`, {
          found: "no data",
          allowed: "slo:sli_total:irate, which its rules record",
          fix: "check the metrics that the objective names: docs/runbooks/SLOSignalAbsent.md",
        }),
  );
}

/** Why nothing is said of data. */
export function dataUnchecked(because: string): Finding[] {
  return [unchecked("data", because)];
}
