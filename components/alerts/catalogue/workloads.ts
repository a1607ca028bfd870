import { seconds } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import { type AlertDefinition, type AlertParameters, rangeOf } from "../definition.ts";
import { kubeStateMetrics } from "../exporters.ts";
import { atScrape, fires, jump, silent, steady } from "../situations.ts";
import { LOST_NODES } from "./nodes.ts";

const SHOP = { namespace: "shop" };
const DEPLOYMENT = { ...SHOP, deployment: "web" };
const STATEFUL_SET = { ...SHOP, statefulset: "queue" };
const DAEMON_SET = { namespace: "kube-system", daemonset: "aws-node" };

/** Replicas as kube-state-metrics reports them: a number that stays, or one that goes up by one at every scrape. */
function replicas(metric: string, labels: Record<string, string>, value: number | "rising") {
  const series = kubeStateMetrics(metric, labels);
  if (value !== "rising") return steady(series, value);
  return { series, values: (count: number) => `0+1x${count}` };
}

/** The scrape at which the last replica of a rollout moved. */
const LAST_MOVE = 5;

/** Replicas of which the last was updated some scrapes ago. */
function progressed(metric: string, labels: Record<string, string>, value: number) {
  return jump(kubeStateMetrics(metric, labels), value - 1, value, LAST_MOVE);
}

/** Seconds from the start until nothing has moved for the whole range: the sample before the move has left it. */
function standstill(parameters: AlertParameters): number {
  return atScrape(LAST_MOVE - 1, parameters) + seconds(rangeOf(parameters, "10m"));
}

function autoscaler(min: number, max: number, current: number) {
  const labels = { ...SHOP, horizontalpodautoscaler: "web" };
  return [
    steady(kubeStateMetrics("kube_horizontalpodautoscaler_spec_min_replicas", labels), min),
    steady(kubeStateMetrics("kube_horizontalpodautoscaler_spec_max_replicas", labels), max),
    steady(kubeStateMetrics("kube_horizontalpodautoscaler_status_current_replicas", labels), current),
  ];
}

function budget(desired: number, healthy: number) {
  const labels = { ...SHOP, poddisruptionbudget: "web" };
  return [
    steady(kubeStateMetrics("kube_poddisruptionbudget_status_desired_healthy", labels), desired),
    steady(kubeStateMetrics("kube_poddisruptionbudget_status_current_healthy", labels), healthy),
  ];
}

/** Alerts about what keeps pods: deployments, sets, jobs, autoscalers and disruption budgets. */
export const WORKLOAD_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeDeploymentReplicasMismatch",
    summary: "Deployment {{ $labels.namespace }}/{{ $labels.deployment }} lacks replicas",
    description: ({ for: held }) =>
      `The deployment {{ $labels.namespace }}/{{ $labels.deployment }} lacks {{ $value }} of its replicas, and for ${held} nothing has moved.`,
    impact: "It serves with less than it was sized for, and may be one failure from serving nobody.",
    expr: (parameters) =>
      `(${CLUSTER_SIGNALS.deploymentReplicas.query("")} > 0) and on (namespace, deployment)` +
      ` (max by (namespace, deployment) (changes(kube_deployment_status_replicas_updated{job="${JOBS.kubeStateMetrics}"}[${rangeOf(parameters, "10m")}])) == 0)`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.deploymentReplicas,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("one of four replicas is not available", (parameters) => ({
        series: [
          replicas("kube_deployment_spec_replicas", DEPLOYMENT, 4),
          replicas("kube_deployment_status_replicas_available", DEPLOYMENT, 3),
          progressed("kube_deployment_status_replicas_updated", DEPLOYMENT, 4),
        ],
        holdsFrom: standstill(parameters),
        alerts: [{ labels: DEPLOYMENT, value: "1" }],
      })),
      silent("every replica is available", () => ({
        series: [
          replicas("kube_deployment_spec_replicas", DEPLOYMENT, 4),
          replicas("kube_deployment_status_replicas_available", DEPLOYMENT, 4),
          replicas("kube_deployment_status_replicas_updated", DEPLOYMENT, 4),
        ],
      })),
      silent("a rollout makes progress", () => ({
        series: [
          replicas("kube_deployment_spec_replicas", DEPLOYMENT, 400),
          replicas("kube_deployment_status_replicas_available", DEPLOYMENT, 399),
          replicas("kube_deployment_status_replicas_updated", DEPLOYMENT, "rising"),
        ],
        holdsFrom: 60,
      })),
    ],
  },
  {
    name: "KubeDeploymentRolloutStuck",
    summary: "Rollout of {{ $labels.namespace }}/{{ $labels.deployment }} is stuck",
    description: ({ for: held }) =>
      `The deployment {{ $labels.namespace }}/{{ $labels.deployment }} has reported for ${held} that its rollout is past its deadline.`,
    impact: "The new version is not live everywhere; old and new serve side by side.",
    expr: () =>
      `max by (namespace, deployment) (kube_deployment_status_condition{job="${JOBS.kubeStateMetrics}", condition="Progressing", status="false"}) == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.deploymentReplicas,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("the rollout has passed its deadline", () => ({
        series: ["true", "false", "unknown"].map((status) =>
          steady(
            kubeStateMetrics("kube_deployment_status_condition", {
              ...DEPLOYMENT,
              condition: "Progressing",
              reason: "ProgressDeadlineExceeded",
              status,
            }),
            status === "false" ? 1 : 0,
          ),
        ),
        alerts: [{ labels: DEPLOYMENT }],
      })),
      silent("the rollout makes progress", () => ({
        series: Object.entries({
          Progressing: "ReplicaSetUpdated",
          Available: "MinimumReplicasUnavailable",
        }).flatMap(([condition, reason]) =>
          ["true", "false"].map((status) =>
            steady(
              kubeStateMetrics("kube_deployment_status_condition", {
                ...DEPLOYMENT,
                condition,
                reason,
                status,
              }),
              (condition === "Progressing") === (status === "true") ? 1 : 0,
            ),
          ),
        ),
      })),
    ],
  },
  {
    name: "KubeStatefulSetReplicasMismatch",
    summary: "Stateful set {{ $labels.namespace }}/{{ $labels.statefulset }} lacks replicas",
    description: ({ for: held }) =>
      `The stateful set {{ $labels.namespace }}/{{ $labels.statefulset }} lacks {{ $value }} of its replicas, and for ${held} nothing has moved.`,
    impact:
      "A quorum may be in danger; each member has data of its own, so nothing stands in for the lost one.",
    expr: (parameters) =>
      `(${CLUSTER_SIGNALS.statefulSetReplicas.query("")} > 0) and on (namespace, statefulset)` +
      ` (max by (namespace, statefulset) (changes(kube_statefulset_status_replicas_updated{job="${JOBS.kubeStateMetrics}"}[${rangeOf(parameters, "10m")}])) == 0)`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.statefulSetReplicas,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("one of three members is not ready", (parameters) => ({
        series: [
          replicas("kube_statefulset_replicas", STATEFUL_SET, 3),
          replicas("kube_statefulset_status_replicas_ready", STATEFUL_SET, 2),
          progressed("kube_statefulset_status_replicas_updated", STATEFUL_SET, 3),
        ],
        holdsFrom: standstill(parameters),
        alerts: [{ labels: STATEFUL_SET, value: "1" }],
      })),
      silent("every member is ready", () => ({
        series: [
          replicas("kube_statefulset_replicas", STATEFUL_SET, 3),
          replicas("kube_statefulset_status_replicas_ready", STATEFUL_SET, 3),
          replicas("kube_statefulset_status_replicas_updated", STATEFUL_SET, 3),
        ],
      })),
      silent("a rollout makes progress", () => ({
        series: [
          replicas("kube_statefulset_replicas", STATEFUL_SET, 300),
          replicas("kube_statefulset_status_replicas_ready", STATEFUL_SET, 299),
          replicas("kube_statefulset_status_replicas_updated", STATEFUL_SET, "rising"),
        ],
        holdsFrom: 60,
      })),
    ],
  },
  {
    name: "KubeDaemonSetRolloutStuck",
    summary: "Daemon set {{ $labels.namespace }}/{{ $labels.daemonset }} lacks pods",
    description: ({ for: held }) =>
      `The daemon set {{ $labels.namespace }}/{{ $labels.daemonset }} lacks an up-to-date, available pod on {{ $value }} nodes, and for ${held} nothing has moved.`,
    impact: "These nodes do without what it brings: network, storage, logs or metrics.",
    expr: (parameters) => {
      const of = (metric: string) =>
        `max by (namespace, daemonset) (${metric}{job="${JOBS.kubeStateMetrics}"})`;
      const updated = "kube_daemonset_status_updated_number_scheduled";
      return (
        `((${CLUSTER_SIGNALS.daemonSetReplicas.query("")} > 0)` +
        ` or (${of("kube_daemonset_status_desired_number_scheduled")} - ${of(updated)} > 0))` +
        ` and on (namespace, daemonset)` +
        ` (max by (namespace, daemonset) (changes(${updated}{job="${JOBS.kubeStateMetrics}"}[${rangeOf(parameters, "10m")}])) == 0)`
      );
    },
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.daemonSetReplicas,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("one node of six has no available pod", (parameters) => ({
        series: [
          replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 6),
          replicas("kube_daemonset_status_number_available", DAEMON_SET, 5),
          progressed("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, 6),
        ],
        holdsFrom: standstill(parameters),
        alerts: [{ labels: DAEMON_SET, value: "1" }],
      })),
      fires("one node of six keeps the old version", () => ({
        series: [
          replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 6),
          replicas("kube_daemonset_status_number_available", DAEMON_SET, 6),
          replicas("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, 5),
        ],
        alerts: [{ labels: DAEMON_SET, value: "1" }],
      })),
      silent("every node has the new version", () => ({
        series: [
          replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 6),
          replicas("kube_daemonset_status_number_available", DAEMON_SET, 6),
          replicas("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, 6),
        ],
      })),
      silent("a rollout makes progress", () => ({
        series: [
          replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 600),
          replicas("kube_daemonset_status_number_available", DAEMON_SET, 599),
          replicas("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, "rising"),
        ],
        holdsFrom: 60,
      })),
    ],
  },
  {
    name: "KubeJobFailed",
    summary: "Job {{ $labels.namespace }}/{{ $labels.job_name }} failed",
    description: () =>
      "The job {{ $labels.namespace }}/{{ $labels.job_name }} has used up its tries and has given up.",
    impact: "Its work was not done. A cron job tries again at its next time, a plain job never.",
    expr: () => `${CLUSTER_SIGNALS.jobsFailed.query("")} == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.jobsFailed,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("a job has given up", () => ({
        series: ["true", "false", "unknown"].map((condition) =>
          steady(
            kubeStateMetrics("kube_job_failed", { ...SHOP, job_name: "nightly-29011", condition }),
            condition === "true" ? 1 : 0,
          ),
        ),
        alerts: [{ labels: { ...SHOP, job_name: "nightly-29011" } }],
      })),
      silent("the job is complete", () => ({
        series: [
          steady(
            kubeStateMetrics("kube_job_failed", { ...SHOP, job_name: "nightly-29011", condition: "true" }),
            0,
          ),
          steady(
            kubeStateMetrics("kube_job_complete", { ...SHOP, job_name: "nightly-29011", condition: "true" }),
            1,
          ),
        ],
      })),
    ],
  },
  {
    name: "KubeHpaMaxedOut",
    summary: "Autoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} is at its limit",
    description: ({ for: held }) =>
      `The autoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} has run at its maximum of replicas for ${held}.`,
    impact: "If load grows further nothing will be added, and each replica gets more than it was meant for.",
    expr: () => `${CLUSTER_SIGNALS.hpaHeadroom.query("")} >= 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.hpaHeadroom,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("all replicas that are allowed exist", () => ({
        series: autoscaler(2, 10, 10),
        alerts: [{ labels: { ...SHOP, horizontalpodautoscaler: "web" } }],
      })),
      silent("one more replica is allowed", () => ({ series: autoscaler(2, 10, 9) })),
      silent("the autoscaler has a single size", () => ({ series: autoscaler(3, 3, 3) })),
    ],
  },
  {
    name: "KubePdbNotEnoughHealthyPods",
    summary: "Disruption budget {{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} is not met",
    description: ({ for: held }) =>
      `The disruption budget {{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} has missed {{ $value }} healthy pods for ${held}.`,
    impact:
      "Drains of nodes, and with them upgrades, wait until the pods are healthy; the service is under strength.",
    expr: () => `${CLUSTER_SIGNALS.disruptionBudgets.query("")} > 0`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.disruptionBudgets,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("one healthy pod of four is missing", () => ({
        series: budget(4, 3),
        alerts: [{ labels: { ...SHOP, poddisruptionbudget: "web" }, value: "1" }],
      })),
      silent("just enough pods are healthy", () => ({ series: budget(4, 4) })),
    ],
  },
];
