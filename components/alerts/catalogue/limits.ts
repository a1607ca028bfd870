import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  rangeOf,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { cadvisor, kubeStateMetrics } from "../exporters.ts";
import { beyond, counting, fires, secondScrape, silent, steady, within } from "../situations.ts";

const CONTAINER = { namespace: "shop", pod: "web-7d4b9c6f5-2xkq8", container: "app" };
const QUOTA = { namespace: "shop", resourcequota: "compute", resource: "requests.memory" };

const QUOTA_USED: Threshold = {
  default: 0.95,
  min: 0.5,
  max: 0.99,
  unit: "share",
  comparison: "above",
  means: "share of a namespace's quota in use",
};
const THROTTLED: Threshold = {
  default: 0.25,
  min: 0.05,
  max: 0.95,
  unit: "share",
  comparison: "above",
  means: "share of scheduling periods in which a container is stopped",
};

function quota(used: number) {
  const series = (type: string) => kubeStateMetrics("kube_resourcequota", { ...QUOTA, type });
  return [steady(series("hard"), 64_000_000_000), steady(series("used"), Math.round(used * 64_000_000_000))];
}

/** The kernel counts ten periods a second; the pod's own cgroup has no container and must not count twice. */
function throttled(share: number, parameters: AlertParameters) {
  const slice = { id: "/kubepods.slice/kubepods-pod1f3c.slice", container: "", image: "", name: "" };
  return [CONTAINER, { ...CONTAINER, ...slice }].flatMap((labels) => [
    counting(cadvisor("container_cpu_cfs_periods_total", "ip-10-40-11-23", labels), 10, parameters),
    counting(
      cadvisor("container_cpu_cfs_throttled_periods_total", "ip-10-40-11-23", labels),
      10 * share,
      parameters,
    ),
  ]);
}

/** Alerts about limits that people set, and that somebody has reached. */
export const LIMIT_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeQuotaExceeded",
    summary: "Quota of {{ $labels.resource }} in {{ $labels.namespace }} is used up",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of {{ $labels.resource }} in the quota {{ $labels.resourcequota }} of {{ $labels.namespace }} is used; the limit is ${shownThreshold(threshold, "share")}.`,
    impact: "New pods there are refused: rollouts, autoscaling and the replacement of lost pods stop.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.quotas.query("")} > ${threshold}`,
    threshold: QUOTA_USED,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.quotas,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("a quota is used beyond the limit", (parameters) => ({
        series: quota(beyond(QUOTA_USED, parameters)),
        alerts: [{ labels: QUOTA, value: percent(beyond(QUOTA_USED, parameters)) }],
      })),
      fires("a quota was lowered below what is in use", () => ({
        series: quota(1.1),
        alerts: [{ labels: QUOTA, value: "110%" }],
      })),
      silent("a quota is used just below the limit", (parameters) => ({
        series: quota(within(QUOTA_USED, parameters)),
      })),
    ],
  },
  {
    name: "CPUThrottlingHigh",
    summary: "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} is throttled",
    description: ({ threshold }) =>
      `The container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} is stopped in {{ $value | humanizePercentage }} of its scheduling periods; the limit is ${shownThreshold(threshold, "share")}.`,
    impact: "Each stop adds up to a tenth of a second to what it is doing. It matters if its users wait.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.cpuThrottling.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: THROTTLED,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "info",
    signal: CLUSTER_SIGNALS.cpuThrottling,
    jobs: [JOBS.cadvisor],
    cases: [
      fires("a container is stopped beyond the limit", (parameters) => ({
        series: throttled(beyond(THROTTLED, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: CONTAINER, value: percent(beyond(THROTTLED, parameters)) }],
      })),
      silent("a container is stopped just below the limit", (parameters) => ({
        series: throttled(within(THROTTLED, parameters), parameters),
      })),
    ],
  },
];
