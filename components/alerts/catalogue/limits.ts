import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS, PODS_REFUSED } from "../../signals/platform.ts";
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
/** The resources of a quota that pods use. */
const OF_PODS = String.raw`(count/)?pods|cpu|memory|(requests|limits)\\.(cpu|memory|ephemeral-storage|.+/.+)`;

const THROTTLED: Threshold = {
  default: 0.25,
  min: 0.05,
  max: 0.95,
  unit: "share",
  comparison: "above",
  means: "share of CFS periods in which a container is throttled",
};

function quota(used: number, labels: Readonly<Record<string, string>> = QUOTA, hard = 64_000_000_000) {
  const series = (type: string) => kubeStateMetrics("kube_resourcequota", { ...labels, type });
  return [steady(series("hard"), hard), steady(series("used"), Math.round(used * hard))];
}

/** A quota for one load balancer, which exists. */
function loadBalancer() {
  return quota(1, { ...QUOTA, resourcequota: "balancers", resource: "services.loadbalancers" }, 1);
}

/** What each kind of workload asks for and has. `missing`: which of them has one pod less than it asks for. */
function workloads(missing: "ReplicaSet" | "StatefulSet" | "Deployment" | undefined, namespace = "shop") {
  const of = (metric: string, labels: Readonly<Record<string, string>>, value: number) =>
    steady(kubeStateMetrics(metric, { namespace, ...labels }), value);
  const failure = { deployment: "web", condition: "ReplicaFailure", reason: "FailedCreate", status: "true" };
  return [
    of("kube_replicaset_spec_replicas", { replicaset: "web-7d4b9c6f5" }, 3),
    of("kube_replicaset_status_replicas", { replicaset: "web-7d4b9c6f5" }, missing === "ReplicaSet" ? 2 : 3),
    of("kube_statefulset_replicas", { statefulset: "queue" }, 3),
    of("kube_statefulset_status_replicas", { statefulset: "queue" }, missing === "StatefulSet" ? 2 : 3),
    of("kube_deployment_status_condition", failure, missing === "Deployment" ? 1 : 0),
    of("kube_deployment_status_condition", { ...failure, status: "false" }, missing === "Deployment" ? 0 : 1),
    of("kube_deployment_status_condition", { ...failure, condition: "Available", reason: "Available" }, 1),
  ];
}

/** The kernel counts ten CFS periods a second. The cgroup of the pod has no container label and must not be counted, too. */
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

/** Alerts about configured limits that are reached: quotas and CPU limits. */
export const LIMIT_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeQuotaExceeded",
    summary: "The quota of {{ $labels.resource }} in namespace {{ $labels.namespace }} is almost used up",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of {{ $labels.resource }} in the ResourceQuota {{ $labels.resourcequota }} of namespace {{ $labels.namespace }} is used. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact:
      "When the quota is used up, the API server rejects new pods in the namespace: rollouts, autoscaling and the replacement of lost pods stop.",
    // A quota that is used up exactly can be one that was made for what uses it, such as a single load balancer. It refuses something only
    // if the namespace asks for more pods than it has.
    expr: ({ threshold }) =>
      `((${CLUSTER_SIGNALS.quotas.query("")} > ${threshold}) != 1)` +
      ` or (${CLUSTER_SIGNALS.quotas.query("")} == 1 and on (namespace, resourcequota, resource)` +
      ` kube_resourcequota{job="${JOBS.kubeStateMetrics}", type="hard", resource=~"${OF_PODS}"} and on (namespace) (${PODS_REFUSED}))`,
    threshold: QUOTA_USED,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.quotas,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("more of a quota is used than the limit", (parameters) => ({
        series: quota(beyond(QUOTA_USED, parameters)),
        alerts: [{ labels: QUOTA, value: percent(beyond(QUOTA_USED, parameters)) }],
      })),
      fires("a quota was lowered below the amount in use", () => ({
        series: quota(1.1),
        alerts: [{ labels: QUOTA, value: "110%" }],
      })),
      ...(["ReplicaSet", "StatefulSet", "Deployment"] as const).map((kind) =>
        fires(`a quota is used up, and a pod of a ${kind} cannot be created`, () => ({
          series: [...quota(1), ...loadBalancer(), ...workloads(kind)],
          alerts: [{ labels: QUOTA, value: "100%" }],
        })),
      ),
      silent("slightly less of a quota is used than the limit", (parameters) => ({
        series: quota(within(QUOTA_USED, parameters)),
      })),
      silent("a quota is used up, and the namespace has all the pods that it asks for", () => ({
        series: [...quota(1), ...workloads(undefined), ...workloads("ReplicaSet", "billing")],
      })),
      silent(
        "a quota for one load balancer is used up, and a pod cannot be created for another reason",
        () => ({
          series: [...loadBalancer(), ...workloads("ReplicaSet")],
        }),
      ),
      silent("half of a quota is used, and a pod cannot be created for another reason", () => ({
        series: [...quota(0.5), ...workloads("ReplicaSet")],
      })),
      silent("a quota allows nothing", () => ({ series: quota(0, QUOTA, 0) })),
    ],
  },
  {
    name: "CPUThrottlingHigh",
    summary:
      "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} is CPU-throttled",
    description: ({ threshold, for: held }) =>
      `The container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} is throttled in {{ $value | humanizePercentage }} of its CFS periods. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact:
      "Each throttled period delays the container by up to 0.1 seconds. This matters if users wait for its responses.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.cpuThrottling.query(rangeOf(parameters, "5m"))} > ${parameters.threshold}`,
    threshold: THROTTLED,
    for: "15m",
    lookback: { range: "5m", samples: 2 },
    severity: "info",
    signal: CLUSTER_SIGNALS.cpuThrottling,
    jobs: [JOBS.cadvisor],
    cases: [
      fires("a container is throttled in more periods than the limit", (parameters) => ({
        series: throttled(beyond(THROTTLED, parameters), parameters),
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: CONTAINER, value: percent(beyond(THROTTLED, parameters)) }],
      })),
      silent("a container is throttled in slightly fewer periods than the limit", (parameters) => ({
        series: throttled(within(THROTTLED, parameters), parameters),
      })),
    ],
  },
];
