import { CLUSTER_SIGNALS } from "./cluster-signals.ts";
import { MONITORING_SIGNALS } from "./monitoring-signals.ts";
import type { PlatformSignal } from "./platform-signal.ts";

export { CLUSTER_SIGNALS, DISKS, TIMED_REQUESTS } from "./cluster-signals.ts";
export { MONITORING_SIGNALS, stateMetricsErrors } from "./monitoring-signals.ts";
export { DRAWN_RANGE, type PlatformSignal, panelOf, type SignalUnit } from "./platform-signal.ts";

/**
 * Everything that is measured of the platform itself, in the order in which dashboards draw it: each belongs to one dashboard
 * and to one row of it, and is one panel there, whose key is the signal's id. Alerts link to these panels and compare the
 * same queries.
 */
export const PLATFORM_SIGNALS: readonly PlatformSignal[] = [
  ...Object.values(CLUSTER_SIGNALS),
  ...Object.values(MONITORING_SIGNALS),
];
