import { seconds } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  KEEP_FIRING_WITHOUT_OBJECTS,
  rangeOf,
} from "../definition.ts";
import { kubeStateMetrics } from "../exporters.ts";
import { atScrape, fires, jump, silent, steady } from "../situations.ts";
import { LOST_NODES } from "./nodes.ts";

const SHOP = { namespace: "shop" };
const DEPLOYMENT = { ...SHOP, deployment: "web" };
const STATEFUL_SET = { ...SHOP, statefulset: "queue" };
const DAEMON_SET = { namespace: "kube-system", daemonset: "aws-node" };

/** Replicas as kube-state-metrics reports them: a constant number, or one that increases by one at every scrape. */
function replicas(metric: string, labels: Record<string, string>, value: number | "rising") {
  const series = kubeStateMetrics(metric, labels);
  if (value !== "rising") return steady(series, value);
  return { series, values: (count: number) => `0+1x${count}` };
}

/** The scrape at which the last replica of a rollout was updated. */
const LAST_MOVE = 5;

/** Replicas of which the last was updated some scrapes ago. */
function progressed(metric: string, labels: Record<string, string>, value: number) {
  return jump(kubeStateMetrics(metric, labels), value - 1, value, LAST_MOVE);
}

/** Seconds from the start until no replica was updated within the range: the sample before the last update has left it. */
function standstill(parameters: AlertParameters): number {
  return atScrape(LAST_MOVE - 1, parameters) + seconds(rangeOf(parameters, "10m"));
}

/** Alerts about rollouts that do not complete: of Deployments, StatefulSets and DaemonSets. */
export const ROLLOUT_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeDeploymentReplicasMismatch",
    summary:
      "Deployment {{ $labels.namespace }}/{{ $labels.deployment }} has fewer available replicas than desired",
    description: ({ for: held }) =>
      `{{ $value }} replicas of the Deployment {{ $labels.namespace }}/{{ $labels.deployment }} have not been available for at least ${held}, and no rollout is in progress.`,
    impact: "It runs with less capacity than intended. One more failure may cause an outage.",
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
      silent("a rollout is in progress", () => ({
        series: [
          replicas("kube_deployment_spec_replicas", DEPLOYMENT, 400),
          replicas("kube_deployment_status_replicas_available", DEPLOYMENT, 399),
          replicas("kube_deployment_status_replicas_updated", DEPLOYMENT, "rising"),
        ],
        holdsFrom: 60 + seconds(KEEP_FIRING_WITHOUT_OBJECTS),
      })),
    ],
  },
  {
    name: "KubeDeploymentRolloutStuck",
    summary: "The rollout of Deployment {{ $labels.namespace }}/{{ $labels.deployment }} is stuck",
    description: ({ for: held }) =>
      `The Deployment {{ $labels.namespace }}/{{ $labels.deployment }} has reported for at least ${held} that its rollout makes no progress within its deadline.`,
    impact: "The new version does not run on all replicas. Old and new pods serve requests at the same time.",
    expr: () =>
      `max by (namespace, deployment) (kube_deployment_status_condition{job="${JOBS.kubeStateMetrics}", condition="Progressing", status="false"}) == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.deploymentRollouts,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("the rollout has exceeded its deadline", () => ({
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
      silent("the rollout is in progress", () => ({
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
    summary:
      "StatefulSet {{ $labels.namespace }}/{{ $labels.statefulset }} has fewer ready replicas than desired",
    description: ({ for: held }) =>
      `{{ $value }} replicas of the StatefulSet {{ $labels.namespace }}/{{ $labels.statefulset }} have not been ready for at least ${held}, and no rollout is in progress.`,
    impact:
      "A quorum may be at risk. Each replica has its own data, so no other replica can replace a lost one.",
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
      silent("a rollout is in progress", () => ({
        series: [
          replicas("kube_statefulset_replicas", STATEFUL_SET, 300),
          replicas("kube_statefulset_status_replicas_ready", STATEFUL_SET, 299),
          replicas("kube_statefulset_status_replicas_updated", STATEFUL_SET, "rising"),
        ],
        holdsFrom: 60 + seconds(KEEP_FIRING_WITHOUT_OBJECTS),
      })),
    ],
  },
  {
    name: "KubeDaemonSetRolloutStuck",
    summary: "DaemonSet {{ $labels.namespace }}/{{ $labels.daemonset }} lacks pods on some nodes",
    description: ({ for: held }) =>
      `On {{ $value }} nodes, the DaemonSet {{ $labels.namespace }}/{{ $labels.daemonset }} has had no up-to-date, available pod for at least ${held}, and its rollout makes no progress.`,
    impact: "These nodes lack what the DaemonSet provides, such as network, storage, logs or metrics.",
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
      silent("a rollout is in progress", () => ({
        series: [
          replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 600),
          replicas("kube_daemonset_status_number_available", DAEMON_SET, 599),
          replicas("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, "rising"),
        ],
        holdsFrom: 60 + seconds(KEEP_FIRING_WITHOUT_OBJECTS),
      })),
    ],
  },
];
