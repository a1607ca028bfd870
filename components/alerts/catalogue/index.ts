import { JOBS, type Job } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import { type AlertArea, type AlertDefinition, KEEP_FIRING_WITHOUT_OBJECTS } from "../definition.ts";
import { ADDRESS_ALERTS } from "./addresses.ts";
import { ALERTMANAGER_ALERTS } from "./alertmanager.ts";
import { CERTIFICATE_ALERTS } from "./certificates.ts";
import { CONTROL_PLANE_ALERTS } from "./control-plane.ts";
import { DISK_ALERTS } from "./disks.ts";
import { EXPORTER_ALERTS } from "./exporters.ts";
import { GENERAL_ALERTS } from "./general.ts";
import { INGESTION_ALERTS } from "./ingestion.ts";
import { KARPENTER_ALERTS } from "./karpenter.ts";
import { LIMIT_ALERTS } from "./limits.ts";
import { NODE_LOAD_ALERTS } from "./node-load.ts";
import { NODE_ALERTS } from "./nodes.ts";
import { NOTIFICATION_ALERTS } from "./notifications.ts";
import { POD_ALERTS } from "./pods.ts";
import { PROMETHEUS_ALERTS } from "./prometheus.ts";
import { REMOTE_WRITE_ALERTS } from "./remote-write.ts";
import { ROLLOUT_ALERTS } from "./rollouts.ts";
import { SHARD_ALERTS } from "./shards.ts";
import { STORAGE_ALERTS } from "./storage.ts";
import { THANOS_ALERTS } from "./thanos.ts";
import { THANOS_RULER_ALERTS } from "./thanos-ruler.ts";
import { WORKLOAD_ALERTS } from "./workloads.ts";

/** An alert of the catalogue and the area that it is filed under. */
export interface CataloguedAlert extends AlertDefinition {
  readonly area: AlertArea;
}

const BY_AREA: Readonly<Record<AlertArea, readonly AlertDefinition[]>> = {
  general: GENERAL_ALERTS,
  nodes: [...NODE_ALERTS, ...NODE_LOAD_ALERTS, ...ADDRESS_ALERTS, ...DISK_ALERTS, ...KARPENTER_ALERTS],
  workloads: [...POD_ALERTS, ...ROLLOUT_ALERTS, ...WORKLOAD_ALERTS, ...LIMIT_ALERTS],
  storage: STORAGE_ALERTS,
  "control-plane": [...CONTROL_PLANE_ALERTS, ...CERTIFICATE_ALERTS],
  prometheus: [
    ...PROMETHEUS_ALERTS,
    ...INGESTION_ALERTS,
    ...NOTIFICATION_ALERTS,
    ...REMOTE_WRITE_ALERTS,
    ...THANOS_ALERTS,
    ...THANOS_RULER_ALERTS,
    ...SHARD_ALERTS,
  ],
  alertmanager: ALERTMANAGER_ALERTS,
  exporters: EXPORTER_ALERTS,
};

/** Jobs that report a state which nothing else reports: no series of it exist while their pod is replaced. */
const ONLY_SOURCES: readonly Job[] = [JOBS.kubelet, JOBS.nodeExporter, JOBS.awsNode, JOBS.prometheusOperator];

/** Every alert of the platform, area by area, in the order in which it is rendered. */
export const CATALOGUE: readonly CataloguedAlert[] = (
  Object.entries(BY_AREA) as [AlertArea, readonly AlertDefinition[]][]
).flatMap(([area, alerts]) =>
  alerts.map((alert) => ({
    ...alert,
    ...(readsState(alert, area) ? { keepFiringFor: alert.keepFiringFor ?? KEEP_FIRING_WITHOUT_OBJECTS } : {}),
    area,
  })),
);

/**
 * Whether an alert reads a state that has a single source. The alerts about kube-state-metrics itself read how it works, an alert without
 * `for` reads events of a time range, and so does one with a lookback: it still sees them after a gap. absent() needs no series.
 */
function readsState(alert: AlertDefinition, area: AlertArea): boolean {
  if (alert.for === "0s") return false;
  if (alert.jobs.includes(JOBS.kubeStateMetrics)) return area !== "exporters";
  return (
    alert.lookback === undefined &&
    alert.signal !== CLUSTER_SIGNALS.apiServers &&
    alert.jobs.some((job) => ONLY_SOURCES.includes(job))
  );
}
