import { nativeHistogram } from "../../../components/signals/histogram.ts";
import { run } from "../process.ts";
import { tool } from "../tools.ts";
import type { ControlPlane } from "./control-plane.ts";
import { GRPC_DURATION } from "./native-histogram.ts";
import { SALES_REPORT } from "./sales-report.ts";
import { CALL, REQUESTS } from "./team-programs.ts";

// Healthy hours of the team's services, as scraped and recorded, before a Prometheus starts: the windows of their objectives would be
// empty otherwise, and page early.

/** Seconds between two scrapes. */
const SCRAPE = 30;

/** From when to when, in Unix seconds; nothing happened if both are the same. */
export interface HealthyHistory {
  readonly start: number;
  readonly end: number;
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: { readonly podIP: string };
}

type Labels = Readonly<Record<string, string>>;

/** Fills a Prometheus' data directory; the rules of services are evaluated over it. */
export async function writeHealthyHistory(
  { api }: ControlPlane,
  folder: string,
  ruleFiles: readonly string[],
  factor: number,
  { start, end }: HealthyHistory,
): Promise<void> {
  if (start === end) return;
  const pods = await api.list<Pod>({ apiVersion: "v1", kind: "Pod", namespace: "shop" });
  const step = SCRAPE / factor;
  if (!Number.isInteger(step)) throw new Error(`a past ${factor} times faster has no whole seconds`);
  const steps = Math.floor((end - start) / step);
  const rules = ruleFiles
    .filter((file) => file.includes("monitoring-service-"))
    .map((file) => ({ file, from: start }));
  const series = [...pods.flatMap((pod) => ofPod(pod, steps, REQUESTS * step)), ...ofOthers(start, steps)];
  const request = { folder, start, end: start + steps * step, step, series, rules };
  const { code, stderr } = await run(await tool("history"), [], { input: JSON.stringify(request) });
  if (code !== 0) throw new Error(stderr);
}

/** What a pod counted, with the labels that a scrape gives it, so that its own counters go on from there. */
function ofPod({ metadata, status }: Pod, steps: number, each: number): readonly string[] {
  const scraped = (job: string, endpoint: string, port = 8080): Labels => ({
    container: "main",
    endpoint,
    instance: `${status.podIP}:${port}`,
    job,
    namespace: "shop",
    pod: metadata.name,
    service: job,
    team: "shop",
  });
  const grows = (by: number) => `0+${by}x${steps}`;
  const [job] = metadata.name.split("-");
  switch (job) {
    case "storefront":
      return [
        series("http_requests_total", { ...scraped(job, "http"), code: "200" }, grows(each)),
        series("http_requests_total", { ...scraped(job, "http"), code: "500" }, grows(0)),
      ];
    case "invoices": {
      const count = "messaging_process_duration_seconds_count";
      const labels = scraped(job, "metrics");
      return [
        series(count, labels, grows(each)),
        series(count, { ...labels, error_type: "timeout" }, grows(0)),
        series("queue_oldest_message_age_seconds", labels, stays(5, steps)),
      ];
    }
    case "pricing": {
      const labels = scraped(job, "metrics");
      const calls = (code: string, by: number) =>
        series(
          GRPC_DURATION,
          { ...labels, rpc_response_status_code: code },
          `${nativeHistogram([[CALL.fast, 0]])}+${nativeHistogram([[CALL.fast, by]])}x${steps}`,
        );
      return [calls("OK", each), calls("UNAVAILABLE", 0)];
    }
    default:
      return [];
  }
}

/** What others say of a service: the prober, and kube-state-metrics. */
function ofOthers(start: number, steps: number): readonly string[] {
  const probed = ["https://help.example.com/", "https://help.example.com/returns"].map((instance) =>
    series(
      "probe_success",
      { instance, job: "probe/help-pages", namespace: "monitoring", service: "help-pages", team: "shop" },
      stays(1, steps),
    ),
  );
  const report = { job: "kube-state-metrics", namespace: "shop", cronjob: SALES_REPORT };
  return [...probed, series("kube_cronjob_status_last_successful_time", report, stays(start, steps))];
}

function series(metric: string, labels: Labels, values: string): string {
  const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return `${metric}{${text.join(",")}} ${values}`;
}

/** A value that ends with the past: whoever looks for it later finds the one that is scraped, and not this one for five minutes more. */
function stays(value: number, steps: number): string {
  return `${value}x${steps - 1} stale`;
}
