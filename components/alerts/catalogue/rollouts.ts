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

/** Alerts about rollouts that do not come to an end: of deployments, stateful and daemon sets. */
export const ROLLOUT_ALERTS: readonly AlertDefinition[] = [
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
    signal: CLUSTER_SIGNALS.deploymentRollouts,
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
];
