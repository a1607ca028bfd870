import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import { type AlertDefinition, shownThreshold, type Threshold } from "../definition.ts";
import { DISK, disk, image, inodes, SIZE } from "../disk-series.ts";
import { beyond, fires, silent, within } from "../situations.ts";
import { FILLING_DISK_ALERTS } from "./filling-disks.ts";

const SPACE: Threshold = {
  default: 0.9,
  min: 0.5,
  max: 0.99,
  unit: "share",
  comparison: "above",
  means: "share of a disk's space in use",
};
const INODES: Threshold = { ...SPACE, means: "share of a disk's inodes in use" };
export const DISK_ALERTS: readonly AlertDefinition[] = [
  ...FILLING_DISK_ALERTS,
  {
    name: "NodeFilesystemAlmostFull",
    summary: "Disk {{ $labels.device }} on node {{ $labels.node }} is almost full",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of disk {{ $labels.device }} on node {{ $labels.node }} is in use. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact:
      "The kubelet deletes unused images and evicts pods to free space. When the disk is full, images cannot be pulled.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.nodeDisk.query("")} > ${threshold}`,
    threshold: SPACE,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodeDisk,
    jobs: [JOBS.nodeExporter],
    mutedBy: [{ alert: "NodeFilesystemSpaceFillingUpFast", equal: ["node", "device"] }],
    cases: [
      fires("more of a disk is in use than the limit", (parameters) => ({
        series: disk(Math.round((1 - beyond(SPACE, parameters)) * SIZE)),
        alerts: [{ labels: DISK, value: percent(beyond(SPACE, parameters)) }],
      })),
      silent(
        "slightly less of a disk is in use than the limit, and a read-only image is full",
        (parameters) => ({
          series: [...disk(Math.round((1 - within(SPACE, parameters)) * SIZE)), ...image()],
        }),
      ),
    ],
  },
  {
    name: "NodeFilesystemInodesAlmostUsed",
    summary: "Disk {{ $labels.device }} on node {{ $labels.node }} has almost no free inodes",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the inodes of disk {{ $labels.device }} on node {{ $labels.node }} are in use. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "Without free inodes, no file can be created, even if the disk has free space.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.nodeInodes.query("")} > ${threshold}`,
    threshold: INODES,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodeInodes,
    jobs: [JOBS.nodeExporter],
    cases: [
      fires("more inodes are in use than the limit", (parameters) => ({
        series: inodes(beyond(INODES, parameters)),
        alerts: [{ labels: DISK, value: percent(beyond(INODES, parameters)) }],
      })),
      silent(
        "slightly fewer inodes are in use than the limit, and a read-only image has none left",
        (parameters) => ({
          series: [...inodes(within(INODES, parameters)), ...image()],
        }),
      ),
    ],
  },
];
