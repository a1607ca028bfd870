import { seconds } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import { type AlertDefinition, rangeOf, type Threshold } from "../definition.ts";
import { kubeStateMetrics } from "../exporters.ts";
import { atScrape, fires, forgets, jump, silent, steady } from "../situations.ts";
import { LOST_NODES } from "./nodes.ts";

const POD = { namespace: "shop", pod: "web-7d4b9c6f5-2xkq8", uid: "5c1e0a34-1f5e-4f7c-9a51-0d2f6b1c7e11" };
const CONTAINER = { ...POD, container: "app" };
/** The labels of an alert about the pod or the container: without the uid, which does not help a reader. */
const SHOWN_POD = { namespace: POD.namespace, pod: POD.pod };
const SHOWN_CONTAINER = { ...SHOWN_POD, container: CONTAINER.container };

const OOM_KILLS: Threshold = {
  default: 1,
  min: 1,
  max: 100,
  unit: "count",
  comparison: "at-least",
  means: "OOM kills of one container within 15 minutes",
};

function waiting(reason: string) {
  return steady(kubeStateMetrics("kube_pod_container_status_waiting_reason", { ...CONTAINER, reason }), 1);
}

/** A pod's readiness, its phase and its owner. */
function pod(ready: boolean, phase: string, owner = "ReplicaSet") {
  return [
    ...["true", "false", "unknown"].map((condition) =>
      steady(
        kubeStateMetrics("kube_pod_status_ready", { ...POD, condition }),
        condition === String(ready) ? 1 : 0,
      ),
    ),
    ...["Pending", "Running", "Succeeded", "Failed", "Unknown"].map((each) =>
      steady(kubeStateMetrics("kube_pod_status_phase", { ...POD, phase: each }), each === phase ? 1 : 0),
    ),
    steady(
      kubeStateMetrics("kube_pod_owner", {
        ...POD,
        owner_kind: owner,
        owner_name: "web-7d4b9c6f5",
        owner_is_controller: "true",
      }),
      1,
    ),
  ];
}

/** A reason of the pod's state. */
function because(reason: string, value: 0 | 1) {
  return steady(kubeStateMetrics("kube_pod_status_reason", { ...POD, reason }), value);
}

/** A container's restarts, which increase once, at the tenth scrape, and the reason of its last termination. */
function restarted(times: number, reason: string) {
  return [
    jump(kubeStateMetrics("kube_pod_container_status_restarts_total", CONTAINER), 0, times, 10),
    steady(kubeStateMetrics("kube_pod_container_status_last_terminated_reason", { ...CONTAINER, reason }), 1),
  ];
}

/** Alerts about single pods and their containers. */
export const POD_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubePodCrashLooping",
    summary:
      "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} is in a crash loop",
    description: ({ for: held }) =>
      `The container {{ $labels.container }} of the pod {{ $labels.namespace }}/{{ $labels.pod }} has been in CrashLoopBackOff for at least ${held}.`,
    impact: "The pod serves no requests. The kubelet waits up to 5 minutes between two restarts.",
    // The reason disappears during each restart, so the query uses a range.
    expr: (parameters) => `(${CLUSTER_SIGNALS.crashLoops.query(rangeOf(parameters, "5m"))}) >= 1`,
    for: "15m",
    lookback: { range: "5m", samples: 1 },
    severity: "warning",
    signal: CLUSTER_SIGNALS.crashLoops,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("a container is in CrashLoopBackOff", () => ({
        series: [waiting("CrashLoopBackOff"), ...pod(false, "Running")],
        alerts: [{ labels: SHOWN_CONTAINER }],
      })),
      fires("a container leaves CrashLoopBackOff during each restart", () => ({
        series: [
          {
            series: kubeStateMetrics("kube_pod_container_status_waiting_reason", {
              ...CONTAINER,
              reason: "CrashLoopBackOff",
            }),
            values: (count: number) =>
              Array.from({ length: count + 1 }, (_, scrape) =>
                scrape % 2 === 0 || scrape === count ? "1" : "_",
              ).join(" "),
          },
        ],
        alerts: [{ labels: SHOWN_CONTAINER }],
      })),
      silent("the container waits for another reason", () => ({ series: [waiting("ContainerCreating")] })),
      silent("the pod has failed and is kept for its state", () => ({
        series: [waiting("CrashLoopBackOff"), ...pod(false, "Failed", "Job")],
      })),
    ],
  },
  {
    name: "KubePodNotReady",
    summary: "Pod {{ $labels.namespace }}/{{ $labels.pod }} is not ready",
    description: ({ for: held }) =>
      `The pod {{ $labels.namespace }}/{{ $labels.pod }} has not been ready for at least ${held}.`,
    impact: "Services send it no requests. The other pods get its share of the load.",
    expr: () => `(${CLUSTER_SIGNALS.podsNotReady.query("")}) == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.podsNotReady,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES, { alert: "KubePodCrashLooping", equal: ["namespace", "pod"] }],
    cases: [
      fires("a running pod fails its readiness probe", () => ({
        series: pod(false, "Running"),
        alerts: [{ labels: SHOWN_POD }],
      })),
      fires("a pod of a StatefulSet is Pending", () => ({
        series: pod(false, "Pending", "StatefulSet"),
        alerts: [{ labels: SHOWN_POD }],
      })),
      fires("the pod has no scheduling gates, and kube-state-metrics reports each reason", () => ({
        series: [...pod(false, "Pending"), because("SchedulingGated", 0), because("NodeLost", 1)],
        alerts: [{ labels: SHOWN_POD }],
      })),
      silent("the pod is ready", () => ({ series: pod(true, "Running") })),
      silent("the pod belongs to a job", () => ({ series: pod(false, "Running", "Job") })),
      silent("the pod has finished", () => ({ series: pod(false, "Succeeded") })),
      silent("the pod was evicted and replaced", () => ({ series: pod(false, "Failed") })),
      silent("the pod has scheduling gates", () => ({
        series: [...pod(false, "Pending"), because("SchedulingGated", 1)],
      })),
    ],
  },
  {
    name: "KubeContainerWaiting",
    summary:
      "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} cannot start: {{ $labels.reason }}",
    description: ({ for: held }) =>
      `The container {{ $labels.container }} of the pod {{ $labels.namespace }}/{{ $labels.pod }} has been waiting for at least ${held} with the reason {{ $labels.reason }}.`,
    impact: "The pod does not start until the cause is fixed.",
    expr: () => `(${CLUSTER_SIGNALS.containersWaiting.query("")}) == 1`,
    for: "1h",
    severity: "warning",
    signal: CLUSTER_SIGNALS.containersWaiting,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("an image cannot be pulled", () => ({
        series: [waiting("ImagePullBackOff"), ...pod(false, "Pending")],
        alerts: [{ labels: { ...SHOWN_CONTAINER, reason: "ImagePullBackOff" } }],
      })),
      silent("the container is in CrashLoopBackOff, for which KubePodCrashLooping fires", () => ({
        series: [waiting("CrashLoopBackOff")],
      })),
      silent("the deadline of a job ended while its image could not be pulled", () => ({
        series: [waiting("ImagePullBackOff"), ...pod(false, "Failed", "Job")],
      })),
    ],
  },
  {
    name: "KubeContainerOOMKilled",
    summary: "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} was OOM killed",
    description: () =>
      'The container {{ $labels.container }} of the pod {{ $labels.namespace }}/{{ $labels.pod }} was killed {{ $value | printf "%.0f" }} times in the last 15 minutes because it used more memory than its limit.',
    impact:
      "Its unfinished work is lost. It will be killed again until it uses less memory or its limit is higher.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.oomKills.query(rangeOf(parameters, "15m"))} >= ${parameters.threshold}`,
    threshold: OOM_KILLS,
    for: "0s",
    longestFor: "10m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.oomKills,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("a container is OOM killed as often as the limit", (parameters) => ({
        series: restarted(parameters.threshold, "OOMKilled"),
        holdsFrom: atScrape(10, parameters),
        stops: forgets(10, rangeOf(parameters, "15m"), parameters),
        alerts: [{ labels: SHOWN_CONTAINER, value: String(parameters.threshold) }],
      })),
      silent("the container is OOM killed once less than the limit", (parameters) => ({
        series: restarted(parameters.threshold - 1, "OOMKilled"),
        holdsFrom: atScrape(10, parameters),
      })),
      silent("the OOM kills were more than 15 minutes ago", (parameters) => ({
        series: restarted(parameters.threshold, "OOMKilled"),
        holdsFrom: atScrape(10, parameters) + seconds(rangeOf(parameters, "15m")),
      })),
      silent("the container restarts for another reason", (parameters) => ({
        series: restarted(parameters.threshold, "Error"),
        holdsFrom: atScrape(10, parameters),
      })),
    ],
  },
];
