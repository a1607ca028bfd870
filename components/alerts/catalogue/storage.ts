import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import { type AlertDefinition, shownThreshold, type Threshold } from "../definition.ts";
import { kubeStateMetrics } from "../exporters.ts";
import { beyond, fires, silent, steady, within } from "../situations.ts";
import { CLAIM, inodes, rawBlock, SIZE, volume } from "../volume-series.ts";
import { FILLING_VOLUME_ALERT } from "./filling-volumes.ts";

const LITTLE_SPACE: Threshold = {
  default: 0.03,
  min: 0.01,
  max: 0.3,
  unit: "share",
  comparison: "below",
  means: "free share of a volume's space",
};
const INODES: Threshold = { ...LITTLE_SPACE, means: "free share of a volume's inodes" };

function phase(current: string) {
  return ["Available", "Bound", "Failed", "Pending", "Released"].map((each) =>
    steady(
      kubeStateMetrics("kube_persistentvolume_status_phase", { persistentvolume: "pvc-4be1", phase: each }),
      each === current ? 1 : 0,
    ),
  );
}

export const STORAGE_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubePersistentVolumeAlmostFull",
    summary: "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is almost full",
    description: ({ threshold, for: held }) =>
      `Only {{ $value | humanizePercentage }} of the volume of claim {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is free. It has been below the limit of ${shownThreshold(threshold, "share")} for at least ${held}.`,
    impact: "When the volume is full, writes fail, and a database may stop or lose its newest data.",
    expr: ({ threshold }) => `(${CLUSTER_SIGNALS.volumeSpace.query("")}) < ${threshold}`,
    threshold: LITTLE_SPACE,
    for: "1m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.volumeSpace,
    jobs: [JOBS.kubelet, JOBS.kubeStateMetrics],
    cases: [
      fires("less space is free than the limit", (parameters) => ({
        series: volume(Math.round(beyond(LITTLE_SPACE, parameters) * SIZE)),
        alerts: [{ labels: CLAIM, value: percent(beyond(LITTLE_SPACE, parameters)) }],
      })),
      silent("slightly more space is free than the limit", (parameters) => ({
        series: volume(Math.round(within(LITTLE_SPACE, parameters) * SIZE)),
      })),
      fires("no space is free", () => ({ series: volume(0), alerts: [{ labels: CLAIM, value: "0%" }] })),
      silent("the volume is read-only", (parameters) => ({
        series: volume(Math.round(beyond(LITTLE_SPACE, parameters) * SIZE), 0, "ReadOnlyMany"),
      })),
      silent("the volume is a raw block device, whose usage the kubelet does not know", () => ({
        series: rawBlock(),
      })),
    ],
  },
  FILLING_VOLUME_ALERT,
  {
    name: "KubePersistentVolumeInodesAlmostUsed",
    summary: "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has almost no free inodes",
    description: ({ threshold, for: held }) =>
      `Only {{ $value | humanizePercentage }} of the inodes of the volume of claim {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} are free. They have been below the limit of ${shownThreshold(threshold, "share")} for at least ${held}.`,
    impact: "Without free inodes, no file can be created, even if the volume has free space.",
    expr: ({ threshold }) => `(${CLUSTER_SIGNALS.volumeInodes.query("")}) < ${threshold}`,
    threshold: INODES,
    for: "1m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.volumeInodes,
    jobs: [JOBS.kubelet, JOBS.kubeStateMetrics],
    cases: [
      fires("fewer inodes are free than the limit", (parameters) => ({
        series: inodes(beyond(INODES, parameters)),
        alerts: [{ labels: CLAIM, value: percent(beyond(INODES, parameters)) }],
      })),
      silent("slightly more inodes are free than the limit", (parameters) => ({
        series: inodes(within(INODES, parameters)),
      })),
      silent("the volume is read-only", (parameters) => ({
        series: inodes(beyond(INODES, parameters), "ReadOnlyMany"),
      })),
      silent("the volume is a raw block device, whose usage the kubelet does not know", () => ({
        series: rawBlock(),
      })),
    ],
  },
  {
    name: "KubePersistentVolumeErrors",
    summary: "Volume {{ $labels.persistentvolume }} is in phase {{ $labels.phase }}",
    description: ({ for: held }) =>
      `The PersistentVolume {{ $labels.persistentvolume }} has been in phase {{ $labels.phase }} for at least ${held}.`,
    impact: "Pods that use it cannot start, or it was not deleted and still costs money.",
    expr: () => `${CLUSTER_SIGNALS.volumePhase.query("")} == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.volumePhase,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("the volume is in phase Failed", () => ({
        series: phase("Failed"),
        alerts: [{ labels: { persistentvolume: "pvc-4be1", phase: "Failed" } }],
      })),
      silent("the volume is bound", () => ({ series: phase("Bound") })),
    ],
  },
];
