import { signalsOf } from "./platform-signal.ts";
import { KSM, KUBELET } from "./selectors.ts";

/** Leaves out read-only volumes, which are full by design. */
const NOT_READ_ONLY =
  ` unless on (namespace, persistentvolumeclaim)` +
  ` max by (namespace, persistentvolumeclaim) (kube_persistentvolumeclaim_access_mode{${KSM}, access_mode="ReadOnlyMany"}) == 1`;

/**
 * Leaves out raw block volumes (`volumeMode: Block`). The kubelet knows only their capacity and reports 0 bytes available and 0 used;
 * a full file system has 0 available and its capacity used.
 */
const NOT_RAW_BLOCK =
  ` unless on (namespace, persistentvolumeclaim)` +
  ` max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes{${KUBELET}})` +
  ` + max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_used_bytes{${KUBELET}}) == 0`;

/** PersistentVolumes and their claims. */
export const VOLUME_SIGNALS = signalsOf("volumes", {
  volumeSpace: {
    id: "volume-space",
    row: "PersistentVolumeClaims",
    title: "Free volume space",
    unit: "percentunit",
    description: "Free share of the volume of each PersistentVolumeClaim. At 0% its pod cannot write.",
    legend: "{{namespace}} {{persistentvolumeclaim}}",
    query: () =>
      `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes{${KUBELET}})` +
      ` / max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes{${KUBELET}})` +
      NOT_READ_ONLY +
      NOT_RAW_BLOCK,
    threshold: 0.03,
  },
  volumeInodes: {
    id: "volume-inodes",
    row: "PersistentVolumeClaims",
    title: "Free volume inodes",
    unit: "percentunit",
    description: "Free share of the inodes of each volume. File systems without a limit are left out.",
    legend: "{{namespace}} {{persistentvolumeclaim}}",
    query: () =>
      `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_inodes_free{${KUBELET}})` +
      ` / (max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_inodes{${KUBELET}}) > 0)` +
      NOT_READ_ONLY,
    threshold: 0.03,
  },
  volumeUsed: {
    id: "volume-used",
    row: "PersistentVolumeClaims",
    title: "Volume space usage",
    unit: "bytes",
    description: "Used bytes of the volume of each PersistentVolumeClaim: the fifteen largest.",
    legend: "{{namespace}} {{persistentvolumeclaim}}",
    query: () =>
      `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes{${KUBELET}})` +
      ` - max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes{${KUBELET}})` +
      NOT_RAW_BLOCK,
    drawn: (measured) => `topk(15, ${measured})`,
  },
  claimsUnbound: {
    id: "claims-unbound",
    row: "PersistentVolumeClaims",
    title: "PersistentVolumeClaims without a volume",
    unit: "short",
    description: "PersistentVolumeClaims in the phase Pending or Lost. Their pods cannot start.",
    legend: "{{namespace}} {{phase}}",
    query: () =>
      `sum by (namespace, phase) (kube_persistentvolumeclaim_status_phase{${KSM}, phase=~"Pending|Lost"})`,
  },
  volumePhase: {
    id: "volume-phase",
    row: "PersistentVolumes",
    title: "PersistentVolumes failed or pending",
    unit: "short",
    description: "1 for each PersistentVolume in the phase Failed or Pending.",
    legend: "{{persistentvolume}} {{phase}}",
    query: () =>
      `max by (persistentvolume, phase) (kube_persistentvolume_status_phase{${KSM}, phase=~"Failed|Pending"})`,
    threshold: 1,
  },
});
