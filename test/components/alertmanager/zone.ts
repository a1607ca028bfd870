import {
  alertmanager,
  apiServer,
  coreDns,
  kubelet,
  kubeStateMetrics,
  nodeExporter,
} from "../../../components/alerts/exporters.ts";
import { JOBS } from "../../../components/signals/jobs.ts";

// A production cluster of thirty nodes in three zones that loses one of them: what Prometheus would hold an hour later. Names and numbers
// are made up; the labels are the exporters' own, as the cases of the catalogue have them.

const ZONES = ["a", "b", "c"];
const NODES_OF_A_ZONE = 10;
const PODS_OF_A_NODE = 12;
const DEPLOYMENTS = 40;
const STATEFUL_SETS = 12;
const DAEMON_SETS = ["aws-node", "kube-proxy", "ebs-csi-node", "node-exporter", "log-shipper"];

/** One of six namespaces is the shop's, the others are the platform's. */
const namespaceOf = (index: number) => (index % 6 === 0 ? "shop" : `team-${index % 6}`);

/** Series and their values while the zone `a` is lost. */
export function outage(): ReadonlyMap<string, number> {
  return new Map([...nodes(), ...programs(), ...pods(), ...controllers(), ...volumes()]);
}

type Sample = readonly [series: string, value: number];

const NODES = ZONES.flatMap((zone) =>
  Array.from({ length: NODES_OF_A_ZONE }, (_, index) => ({ node: `${zone}-${index}`, lost: zone === "a" })),
);

function nodes(): Sample[] {
  return NODES.flatMap(({ node, lost }): Sample[] => [
    ...["true", "false", "unknown"].map(
      (status): Sample => [
        kubeStateMetrics("kube_node_status_condition", { node, condition: "Ready", status }),
        status === (lost ? "unknown" : "true") ? 1 : 0,
      ],
    ),
    [kubeStateMetrics("kube_node_spec_unschedulable", { node }), 0],
    [kubeStateMetrics("kube_node_info", { node, kernel_version: "6.12.40" }), 1],
    [nodeExporter("up", node), lost ? 0 : 1],
    [kubelet("up", node), lost ? 0 : 1],
    [kubelet("up", node).replace(`job="${JOBS.kubelet}"`, `job="${JOBS.cadvisor}"`), lost ? 0 : 1],
  ]);
}

/** What has a pod in each zone loses one of three; the API server is EKS's and shows only addresses that answer. */
function programs(): Sample[] {
  const inZones = (series: (pod: string) => string): Sample[] =>
    ZONES.map((zone, index) => [series(`${zone}-${index}`), zone === "a" ? 0 : 1]);
  return [
    ...inZones((pod) => coreDns("up", {}, pod)),
    ...inZones((pod) => alertmanager("up", {}, pod)),
    [apiServer("up"), 1],
    [kubeStateMetrics("up", {}), 1],
  ];
}

/** The pods of the lost nodes are not ready, and those that replace them find no room: a third of them waits. */
function pods(): Sample[] {
  return NODES.flatMap(({ node, lost }) =>
    Array.from({ length: PODS_OF_A_NODE }, (_, index) => {
      const namespace = namespaceOf(index);
      return lost
        ? [...pod(namespace, `old-${node}-${index}`, false, "Running"), ...waiting(namespace, node, index)]
        : pod(namespace, `web-${node}-${index}`, true, "Running");
    }).flat(),
  );
}

function waiting(namespace: string, node: string, index: number): Sample[] {
  if (index % 3 !== 0) return [];
  const name = `new-${node}-${index}`;
  const container = { namespace, pod: name, uid: name, container: "app", reason: "ContainerCreating" };
  return [
    ...pod(namespace, name, false, "Pending"),
    [kubeStateMetrics("kube_pod_container_status_waiting_reason", container), 1],
  ];
}

function pod(namespace: string, name: string, ready: boolean, phase: string): Sample[] {
  const identity = { namespace, pod: name, uid: name };
  return [
    [kubeStateMetrics("kube_pod_status_ready", { ...identity, condition: "true" }), ready ? 1 : 0],
    [kubeStateMetrics("kube_pod_status_ready", { ...identity, condition: "false" }), ready ? 0 : 1],
    [kubeStateMetrics("kube_pod_status_phase", { ...identity, phase }), 1],
  ];
}

function controllers(): Sample[] {
  const of = (metric: string, labels: Record<string, string>, value: number): Sample => [
    kubeStateMetrics(metric, labels),
    value,
  ];
  return [
    ...Array.from({ length: DEPLOYMENTS }, (_, index) => {
      const labels = { namespace: namespaceOf(index), deployment: `web-${index}` };
      const budget = { namespace: labels.namespace, poddisruptionbudget: labels.deployment };
      const condition = { ...labels, reason: "ProgressDeadlineExceeded", condition: "Progressing" };
      const scaler = { namespace: labels.namespace, horizontalpodautoscaler: labels.deployment };
      return [
        of("kube_deployment_spec_replicas", labels, 6),
        of("kube_deployment_status_replicas_available", labels, 5),
        of("kube_deployment_status_replicas_updated", labels, 6),
        of("kube_deployment_status_condition", { ...condition, status: "false" }, index % 5 === 0 ? 1 : 0),
        of("kube_poddisruptionbudget_status_desired_healthy", budget, 6),
        of("kube_poddisruptionbudget_status_current_healthy", budget, 5),
        of("kube_poddisruptionbudget_status_expected_pods", budget, 9),
        // The zones that are left carry more, and some autoscalers reach their end.
        of("kube_horizontalpodautoscaler_spec_min_replicas", scaler, 2),
        of("kube_horizontalpodautoscaler_spec_max_replicas", scaler, 12),
        of("kube_horizontalpodautoscaler_status_current_replicas", scaler, index % 8 === 0 ? 12 : 7),
      ];
    }).flat(),
    ...Array.from({ length: STATEFUL_SETS }, (_, index) => {
      const labels = { namespace: namespaceOf(index), statefulset: `queue-${index}` };
      return [
        of("kube_statefulset_replicas", labels, 3),
        of("kube_statefulset_status_replicas_ready", labels, 2),
        of("kube_statefulset_status_replicas_updated", labels, 3),
      ];
    }).flat(),
    ...DAEMON_SETS.flatMap((daemonset) => {
      const labels = { namespace: "kube-system", daemonset };
      return [
        of("kube_daemonset_status_desired_number_scheduled", labels, NODES.length),
        of("kube_daemonset_status_number_available", labels, NODES.length - NODES_OF_A_ZONE),
        of("kube_daemonset_status_updated_number_scheduled", labels, NODES.length),
      ];
    }),
  ];
}

/** A volume that was made in the lost zone's name and cannot come about. */
function volumes(): Sample[] {
  return Array.from(
    { length: 3 },
    (_, index): Sample => [
      kubeStateMetrics("kube_persistentvolume_status_phase", {
        persistentvolume: `pvc-${index}`,
        phase: "Pending",
      }),
      1,
    ],
  );
}
