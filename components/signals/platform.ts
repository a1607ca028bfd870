import { ALERTMANAGER_SIGNALS } from "./alertmanager-signals.ts";
import { API_SERVER_SIGNALS } from "./api-server-signals.ts";
import { CAPACITY_SIGNALS } from "./cluster-signals.ts";
import { COST_SIGNALS } from "./cost-signals.ts";
import { KARPENTER_SIGNALS } from "./karpenter-signals.ts";
import { NETWORK_SIGNALS } from "./network-signals.ts";
import { NODE_SIGNALS } from "./node-signals.ts";
import type { PlatformSignal } from "./platform-signal.ts";
import { POD_SIGNALS } from "./pod-signals.ts";
import { PROMETHEUS_SIGNALS } from "./prometheus-signals.ts";
import { REMOTE_WRITE_SIGNALS } from "./remote-write-signals.ts";
import { THANOS_RULER_SIGNALS } from "./thanos-ruler-signals.ts";
import { THANOS_SIGNALS } from "./thanos-signals.ts";
import { VOLUME_SIGNALS } from "./volume-signals.ts";
import { WORKLOAD_SIGNALS } from "./workload-signals.ts";

export { DRAWN_RANGE, type PlatformSignal, panelOf } from "./platform-signal.ts";
export { stateMetricsErrors } from "./prometheus-signals.ts";
export { REMOTE_WRITE_SIGNALS } from "./remote-write-signals.ts";
export { DISKS, GATED, TIMED_REQUESTS } from "./selectors.ts";
export { THANOS_RULER_SIGNALS } from "./thanos-ruler-signals.ts";
export { THANOS_SIGNALS } from "./thanos-signals.ts";
export { PODS_REFUSED } from "./workload-signals.ts";

/** The signals of the cluster itself: nodes, workloads, volumes, the network and the control plane. */
export const CLUSTER_SIGNALS = {
  ...CAPACITY_SIGNALS,
  ...NODE_SIGNALS,
  ...WORKLOAD_SIGNALS,
  ...POD_SIGNALS,
  ...VOLUME_SIGNALS,
  ...NETWORK_SIGNALS,
  ...KARPENTER_SIGNALS,
  ...API_SERVER_SIGNALS,
};

/** The signals of the monitoring itself. */
export const MONITORING_SIGNALS = {
  ...PROMETHEUS_SIGNALS,
  ...REMOTE_WRITE_SIGNALS,
  ...THANOS_SIGNALS,
  ...THANOS_RULER_SIGNALS,
  ...ALERTMANAGER_SIGNALS,
  ...COST_SIGNALS,
};

/**
 * All signals of the platform, in the order of the dashboards. Each signal is one panel in one row of one dashboard; the key of the panel
 * is the signal's id. Alerts use the same queries and link to these panels.
 */
export const PLATFORM_SIGNALS: readonly PlatformSignal[] = [
  ...Object.values(CLUSTER_SIGNALS),
  ...Object.values(MONITORING_SIGNALS),
];
