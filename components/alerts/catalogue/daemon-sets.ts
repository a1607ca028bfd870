import { seconds } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import { type AlertDefinition, KEEP_FIRING_WITHOUT_OBJECTS } from "../definition.ts";
import {
  DAEMON_SET,
  inTurn,
  lost,
  nodes,
  progressed,
  replicas,
  standstill,
  unchanged,
} from "../rollout-series.ts";
import { atScrape, fires, secondScrape, silent } from "../situations.ts";
import { LOST_NODES } from "./nodes.ts";

/** Nodes that are not ready: each of them lacks one pod of a DaemonSet, and has an alert of its own. */
const NODES_NOT_READY = `(count(max by (node) (kube_node_status_condition{job="${JOBS.kubeStateMetrics}", condition="Ready", status=~"false|unknown"}) == 1) or vector(0))`;

export const DAEMON_SET_ALERT: AlertDefinition = {
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
      ` > on () group_left () ${NODES_NOT_READY} and on (namespace, daemonset) ` +
      unchanged("namespace, daemonset", updated, "kube_daemonset_status_number_available", parameters)
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
    fires("three nodes of six have no available pod, and only two of them are not ready", (parameters) => ({
      series: [
        replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 6),
        lost("kube_daemonset_status_number_available", DAEMON_SET, 3),
        replicas("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, 6),
        ...nodes(2, 3),
      ],
      holdsFrom: standstill(parameters),
      alerts: [{ labels: DAEMON_SET, value: "3" }],
    })),
    silent("the only nodes without an available pod are not ready", () => ({
      series: [
        replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 6),
        replicas("kube_daemonset_status_number_available", DAEMON_SET, 4),
        replicas("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, 6),
        ...nodes(2, 1),
      ],
    })),
    silent("nodes reboot in turn", (parameters) => ({
      series: [
        replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 6),
        inTurn("kube_daemonset_status_number_available", DAEMON_SET, 6),
        replicas("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, 6),
      ],
      holdsFrom: atScrape(4, parameters) + seconds(KEEP_FIRING_WITHOUT_OBJECTS),
    })),
    silent("no node is to run a pod", () => ({
      series: [
        replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 0),
        replicas("kube_daemonset_status_number_available", DAEMON_SET, 0),
        replicas("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, 0),
      ],
    })),
    silent("every node has the new version", () => ({
      series: [
        replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 6),
        replicas("kube_daemonset_status_number_available", DAEMON_SET, 6),
        replicas("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, 6),
      ],
    })),
    silent("a rollout is in progress", (parameters) => ({
      series: [
        replicas("kube_daemonset_status_desired_number_scheduled", DAEMON_SET, 600),
        replicas("kube_daemonset_status_number_available", DAEMON_SET, 599),
        replicas("kube_daemonset_status_updated_number_scheduled", DAEMON_SET, "rising"),
      ],
      holdsFrom: secondScrape(parameters) + seconds(KEEP_FIRING_WITHOUT_OBJECTS),
    })),
  ],
};
