import { seconds } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS, GATED } from "../../signals/platform.ts";
import { type AlertDefinition, KEEP_FIRING_WITHOUT_OBJECTS } from "../definition.ts";
import { kubeStateMetrics } from "../exporters.ts";
import {
  DEPLOYMENT,
  gated,
  inTurn,
  lost,
  progressed,
  replicas,
  STATEFUL_SET,
  standstill,
  unchanged,
} from "../rollout-series.ts";
import { atScrape, fires, secondScrape, silent, steady } from "../situations.ts";
import { DAEMON_SET_ALERT } from "./daemon-sets.ts";
import { LOST_NODES } from "./nodes.ts";

/** Workloads of which pods have scheduling gates: whoever set the gates decides when these pods start. */
function gatedWorkloads(kind: "ReplicaSet" | "StatefulSet", label: string, name: string): string {
  return (
    `max by (namespace, ${label}) (label_replace(` +
    `max by (namespace, pod, owner_name) (kube_pod_owner{job="${JOBS.kubeStateMetrics}", owner_kind="${kind}"}) and on (namespace, pod) (${GATED}),` +
    ` "${label}", "$1", "owner_name", "${name}"))`
  );
}

/** Deployments with gated pods. A ReplicaSet has the name of its Deployment and a hash. */
const GATED_DEPLOYMENTS = gatedWorkloads("ReplicaSet", "deployment", "(.+)-[^-]+");
const GATED_STATEFUL_SETS = gatedWorkloads("StatefulSet", "statefulset", "(.+)");

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
      `((${CLUSTER_SIGNALS.deploymentReplicas.query("")} > 0) unless on (namespace, deployment) ${GATED_DEPLOYMENTS}) and on (namespace, deployment) ` +
      unchanged(
        "namespace, deployment",
        "kube_deployment_status_replicas_updated",
        "kube_deployment_status_replicas_available",
        parameters,
      ),
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
          ...gated("web-7d4b9c6f5-2xkq8", "ReplicaSet", "web-7d4b9c6f5", 0),
          ...gated("web-blue-5f6d7c8b9-9xk2p", "ReplicaSet", "web-blue-5f6d7c8b9"),
        ],
        holdsFrom: standstill(parameters),
        alerts: [{ labels: DEPLOYMENT, value: "1" }],
      })),
      fires("a replica was lost and is not replaced", (parameters) => ({
        series: [
          replicas("kube_deployment_spec_replicas", DEPLOYMENT, 4),
          lost("kube_deployment_status_replicas_available", DEPLOYMENT, 3),
          replicas("kube_deployment_status_replicas_updated", DEPLOYMENT, 4),
        ],
        holdsFrom: standstill(parameters),
        alerts: [{ labels: DEPLOYMENT, value: "1" }],
      })),
      silent("nodes are drained in turn", (parameters) => ({
        series: [
          replicas("kube_deployment_spec_replicas", DEPLOYMENT, 4),
          inTurn("kube_deployment_status_replicas_available", DEPLOYMENT, 4),
          replicas("kube_deployment_status_replicas_updated", DEPLOYMENT, 4),
        ],
        holdsFrom: atScrape(4, parameters) + seconds(KEEP_FIRING_WITHOUT_OBJECTS),
      })),
      silent("the missing replica has a scheduling gate", () => ({
        series: [
          replicas("kube_deployment_spec_replicas", DEPLOYMENT, 4),
          replicas("kube_deployment_status_replicas_available", DEPLOYMENT, 3),
          replicas("kube_deployment_status_replicas_updated", DEPLOYMENT, 4),
          ...gated("web-7d4b9c6f5-2xkq8", "ReplicaSet", "web-7d4b9c6f5"),
        ],
      })),
      silent("the Deployment is scaled to 0", () => ({
        series: [
          replicas("kube_deployment_spec_replicas", DEPLOYMENT, 0),
          replicas("kube_deployment_status_replicas_available", DEPLOYMENT, 0),
          replicas("kube_deployment_status_replicas_updated", DEPLOYMENT, 0),
        ],
      })),
      silent("every replica is available", () => ({
        series: [
          replicas("kube_deployment_spec_replicas", DEPLOYMENT, 4),
          replicas("kube_deployment_status_replicas_available", DEPLOYMENT, 4),
          replicas("kube_deployment_status_replicas_updated", DEPLOYMENT, 4),
        ],
      })),
      silent("a rollout is in progress", (parameters) => ({
        series: [
          replicas("kube_deployment_spec_replicas", DEPLOYMENT, 400),
          replicas("kube_deployment_status_replicas_available", DEPLOYMENT, 399),
          replicas("kube_deployment_status_replicas_updated", DEPLOYMENT, "rising"),
        ],
        holdsFrom: secondScrape(parameters) + seconds(KEEP_FIRING_WITHOUT_OBJECTS),
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
      `${CLUSTER_SIGNALS.deploymentRollouts.query("")} == 1 unless on (namespace, deployment) ${GATED_DEPLOYMENTS}`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.deploymentRollouts,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("the rollout has exceeded its deadline", () => ({
        series: [
          ...["true", "false", "unknown"].map((status) =>
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
          ...gated("web-7d4b9c6f5-2xkq8", "ReplicaSet", "web-7d4b9c6f5", 0),
        ],
        alerts: [{ labels: DEPLOYMENT }],
      })),
      silent("the rollout has exceeded its deadline, and its pods have scheduling gates", () => ({
        series: [
          steady(
            kubeStateMetrics("kube_deployment_status_condition", {
              ...DEPLOYMENT,
              condition: "Progressing",
              reason: "ProgressDeadlineExceeded",
              status: "false",
            }),
            1,
          ),
          ...gated("web-7d4b9c6f5-2xkq8", "ReplicaSet", "web-7d4b9c6f5"),
        ],
      })),
      silent("the rollout is paused", () => ({
        series: ["true", "false", "unknown"].map((status) =>
          steady(
            kubeStateMetrics("kube_deployment_status_condition", {
              ...DEPLOYMENT,
              condition: "Progressing",
              reason: "DeploymentPaused",
              status,
            }),
            status === "unknown" ? 1 : 0,
          ),
        ),
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
      `((${CLUSTER_SIGNALS.statefulSetReplicas.query("")} > 0) unless on (namespace, statefulset) ${GATED_STATEFUL_SETS}) and on (namespace, statefulset) ` +
      unchanged(
        "namespace, statefulset",
        "kube_statefulset_status_replicas_updated",
        "kube_statefulset_status_replicas_ready",
        parameters,
      ),
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
          ...gated("queue-2", "StatefulSet", "queue", 0),
          ...gated("queue-0", "ReplicaSet", "queue"),
        ],
        holdsFrom: standstill(parameters),
        alerts: [{ labels: STATEFUL_SET, value: "1" }],
      })),
      fires("a replica was lost and is not replaced", (parameters) => ({
        series: [
          replicas("kube_statefulset_replicas", STATEFUL_SET, 3),
          lost("kube_statefulset_status_replicas_ready", STATEFUL_SET, 2),
          replicas("kube_statefulset_status_replicas_updated", STATEFUL_SET, 3),
        ],
        holdsFrom: standstill(parameters),
        alerts: [{ labels: STATEFUL_SET, value: "1" }],
      })),
      silent("nodes are drained in turn", (parameters) => ({
        series: [
          replicas("kube_statefulset_replicas", STATEFUL_SET, 3),
          inTurn("kube_statefulset_status_replicas_ready", STATEFUL_SET, 3),
          replicas("kube_statefulset_status_replicas_updated", STATEFUL_SET, 3),
        ],
        holdsFrom: atScrape(4, parameters) + seconds(KEEP_FIRING_WITHOUT_OBJECTS),
      })),
      silent("the missing member has a scheduling gate", () => ({
        series: [
          replicas("kube_statefulset_replicas", STATEFUL_SET, 3),
          replicas("kube_statefulset_status_replicas_ready", STATEFUL_SET, 2),
          replicas("kube_statefulset_status_replicas_updated", STATEFUL_SET, 3),
          ...gated("queue-2", "StatefulSet", "queue"),
        ],
      })),
      silent("every member is ready", () => ({
        series: [
          replicas("kube_statefulset_replicas", STATEFUL_SET, 3),
          replicas("kube_statefulset_status_replicas_ready", STATEFUL_SET, 3),
          replicas("kube_statefulset_status_replicas_updated", STATEFUL_SET, 3),
        ],
      })),
      silent("a rollout is in progress", (parameters) => ({
        series: [
          replicas("kube_statefulset_replicas", STATEFUL_SET, 300),
          replicas("kube_statefulset_status_replicas_ready", STATEFUL_SET, 299),
          replicas("kube_statefulset_status_replicas_updated", STATEFUL_SET, "rising"),
        ],
        holdsFrom: secondScrape(parameters) + seconds(KEEP_FIRING_WITHOUT_OBJECTS),
      })),
    ],
  },
  DAEMON_SET_ALERT,
];
