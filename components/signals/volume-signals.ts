import { signalsOf } from "./platform-signal.ts";
import { KSM, KUBELET } from "./selectors.ts";

/** Leaves out volumes that nobody can write to: they are full by design. */
const NOT_READ_ONLY =
  ` unless on (namespace, persistentvolumeclaim)` +
  ` max by (namespace, persistentvolumeclaim) (kube_persistentvolumeclaim_access_mode{${KSM}, access_mode="ReadOnlyMany"}) == 1`;

/** Persistent volumes and the claims that they serve. */
export const VOLUME_SIGNALS = signalsOf("volumes", {
  volumeSpace: {
    id: "volume-space",
    row: "Claims",
    title: "Space left on volumes",
    unit: "percentunit",
    description: "Share of each claim's volume that is free. A full volume stops its pod's writes.",
    legend: "{{namespace}} {{persistentvolumeclaim}}",
    query: () =>
      `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes{${KUBELET}})` +
      ` / max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes{${KUBELET}})` +
      NOT_READ_ONLY,
    threshold: 0.03,
  },
  volumeInodes: {
    id: "volume-inodes",
    row: "Claims",
    title: "Inodes left on volumes",
    unit: "percentunit",
    description: "Share of each volume's inodes that is free. File systems without a limit are left out.",
    legend: "{{namespace}} {{persistentvolumeclaim}}",
    query: () =>
      `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_inodes_free{${KUBELET}})` +
      ` / (max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_inodes{${KUBELET}}) > 0)` +
      NOT_READ_ONLY,
    threshold: 0.03,
  },
  volumeUsed: {
    id: "volume-used",
    row: "Claims",
    title: "Bytes on volumes",
    unit: "bytes",
    description: "What each claim's volume holds: the fifteen fullest in bytes.",
    legend: "{{namespace}} {{persistentvolumeclaim}}",
    query: () =>
      `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes{${KUBELET}})` +
      ` - max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes{${KUBELET}})`,
    drawn: (measured) => `topk(15, ${measured})`,
  },
  claimsUnbound: {
    id: "claims-unbound",
    row: "Claims",
    title: "Claims without a volume",
    unit: "short",
    description: "Claims that wait for a volume, or that lost theirs. Their pods cannot start.",
    legend: "{{namespace}} {{phase}}",
    query: () =>
      `sum by (namespace, phase) (kube_persistentvolumeclaim_status_phase{${KSM}, phase=~"Pending|Lost"})`,
  },
  volumePhase: {
    id: "volume-phase",
    row: "Volumes",
    title: "Volumes in trouble",
    unit: "short",
    description: "Persistent volumes that failed or that still wait to be made.",
    legend: "{{persistentvolume}} {{phase}}",
    query: () =>
      `max by (persistentvolume, phase) (kube_persistentvolume_status_phase{${KSM}, phase=~"Failed|Pending"})`,
    threshold: 1,
  },
});
