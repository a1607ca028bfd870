import { seconds } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS, DISKS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  percent,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { nodeExporter } from "../exporters.ts";
import { beyond, fires, moving, secondScrape, silent, steady, within } from "../situations.ts";

const NODE = "ip-10-40-11-23";
const DISK = { node: NODE, device: "/dev/nvme1n1p1" };

const SPACE: Threshold = {
  default: 0.9,
  min: 0.5,
  max: 0.99,
  unit: "share",
  comparison: "above",
  means: "share of a disk's space in use",
};
const INODES: Threshold = { ...SPACE, means: "share of a disk's inodes in use" };
const HOURS: Threshold = {
  default: 24,
  min: 1,
  max: 168,
  unit: "hours",
  comparison: "below",
  means: "hours until the disk is full, at the pace of the last six",
};
const FEW_HOURS: Threshold = { ...HOURS, default: 4 };

const HOUR = 3600;
const SIZE = 100_000_000_000;

/** One disk under two mount points, which must not become two alerts. `perScrape` is added to what is free each time. */
function disk(free: number, perScrape = 0) {
  return ["/", "/var/lib/containerd"].flatMap((mountpoint) => {
    const labels = { device: DISK.device, fstype: "xfs", mountpoint };
    return [
      moving(nodeExporter("node_filesystem_avail_bytes", NODE, labels), free, perScrape),
      steady(nodeExporter("node_filesystem_size_bytes", NODE, labels), SIZE),
      steady(nodeExporter("node_filesystem_readonly", NODE, labels), 0),
    ];
  });
}

/** A system image that is full by design. */
function image() {
  const labels = { device: "/dev/dm-0", fstype: "ext4", mountpoint: "/" };
  return [
    steady(nodeExporter("node_filesystem_avail_bytes", NODE, labels), 0),
    steady(nodeExporter("node_filesystem_size_bytes", NODE, labels), SIZE),
    steady(nodeExporter("node_filesystem_readonly", NODE, labels), 1),
  ];
}

function inodes(used: number) {
  const labels = { device: DISK.device, fstype: "xfs", mountpoint: "/" };
  return [
    steady(nodeExporter("node_filesystem_files", NODE, labels), 1_000_000),
    steady(nodeExporter("node_filesystem_files_free", NODE, labels), Math.round((1 - used) * 1_000_000)),
    steady(nodeExporter("node_filesystem_readonly", NODE, labels), 0),
  ];
}

/** Seconds from the start until after the last look at a case. */
function lookedAt(parameters: AlertParameters): number {
  return seconds(parameters.for) + 12 * seconds(parameters.scrapeInterval);
}

/** A disk of which `free` bytes are left at the last look, and which would be full so many hours later. */
function filling(free: number, hoursLeft: number, parameters: AlertParameters) {
  const step = seconds(parameters.scrapeInterval);
  const perScrape = Math.round((free / (hoursLeft * HOUR)) * step);
  const start = Math.round(free + (perScrape / step) * lookedAt(parameters));
  return disk(start, -perScrape);
}

/**
 * An alert about a disk that will be full soon, though not at a moment: `urgent` is the share in use from which the
 * forecast is believed, because a fresh node fills its disk at a pace that it does not keep.
 */
function fillingUp(
  limit: Threshold,
  urgent: number,
  identity: Pick<AlertDefinition, "name" | "severity" | "for"> & Partial<Pick<AlertDefinition, "mutedBy">>,
): AlertDefinition {
  const free = Math.round((1 - urgent) * SIZE);
  return {
    ...identity,
    summary: "Disk {{ $labels.device }} of node {{ $labels.node }} will be full soon",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of {{ $labels.device }} on {{ $labels.node }} is in use, and at the pace of the last six hours it is full in less than ${shownThreshold(threshold, "hours")}.`,
    impact: "On a full disk the kubelet evicts pods and no image can be pulled.",
    expr: ({ threshold }) =>
      `(${CLUSTER_SIGNALS.nodeDisk.query("")} > ${urgent}) and on (node, device)` +
      ` (min by (node, device) (predict_linear(node_filesystem_avail_bytes{${DISKS}}[6h], ${threshold * HOUR})) < 0)`,
    threshold: limit,
    signal: CLUSTER_SIGNALS.nodeDisk,
    jobs: [JOBS.nodeExporter],
    cases: [
      fires("the disk is full within the hours that are left", (parameters) => {
        // From the second scrape on there is a pace, and even then the disk must be full in time.
        const step = seconds(parameters.scrapeInterval);
        const start = Math.round(free * 0.95);
        const perScrape = Math.round((start / (beyond(limit, parameters) * HOUR)) * step);
        const evaluations = Math.ceil((step + seconds(parameters.for)) / step);
        return {
          series: [...disk(start, -perScrape), ...image()],
          holdsFrom: secondScrape(parameters),
          alerts: [{ labels: DISK, value: percent(1 - (start - perScrape * evaluations) / SIZE) }],
        };
      }),
      silent("the disk has a little more time than that", (parameters) => ({
        // So little more, because a limit that is higher by less than `for` would be passed on the way there.
        series: filling(free * 0.5, 1.02 * parameters.threshold, parameters),
      })),
      silent("the disk fills up fast and there is still room", (parameters) => ({
        series: filling(free * 1.05, beyond(limit, parameters), parameters),
      })),
      silent("the disk is almost full and does not change", () => ({ series: disk(SIZE * 0.02) })),
    ],
  };
}

export const DISK_ALERTS: readonly AlertDefinition[] = [
  fillingUp(HOURS, 0.6, {
    name: "NodeFilesystemSpaceFillingUp",
    severity: "warning",
    for: "1h",
    mutedBy: [{ alert: "NodeFilesystemSpaceFillingUpFast", equal: ["node", "device"] }],
  }),
  fillingUp(FEW_HOURS, 0.8, { name: "NodeFilesystemSpaceFillingUpFast", severity: "critical", for: "1h" }),
  {
    name: "NodeFilesystemAlmostFull",
    summary: "Disk {{ $labels.device }} of node {{ $labels.node }} is almost full",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of {{ $labels.device }} on {{ $labels.node }} is in use; the limit is ${shownThreshold(threshold, "share")}.`,
    impact: "The kubelet already deletes images and evicts pods, and no longer keeps up.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.nodeDisk.query("")} > ${threshold}`,
    threshold: SPACE,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodeDisk,
    jobs: [JOBS.nodeExporter],
    mutedBy: [{ alert: "NodeFilesystemSpaceFillingUpFast", equal: ["node", "device"] }],
    cases: [
      fires("a disk is in use beyond the limit", (parameters) => ({
        series: disk(Math.round((1 - beyond(SPACE, parameters)) * SIZE)),
        alerts: [{ labels: DISK, value: percent(beyond(SPACE, parameters)) }],
      })),
      silent("a disk is in use just below the limit, and a read-only image is full", (parameters) => ({
        series: [...disk(Math.round((1 - within(SPACE, parameters)) * SIZE)), ...image()],
      })),
    ],
  },
  {
    name: "NodeFilesystemInodesAlmostUsed",
    summary: "Disk {{ $labels.device }} of node {{ $labels.node }} is almost out of inodes",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of the inodes of {{ $labels.device }} on {{ $labels.node }} are in use; the limit is ${shownThreshold(threshold, "share")}.`,
    impact: "Without a free inode no file can be made, however much space is left.",
    expr: ({ threshold }) => `${CLUSTER_SIGNALS.nodeInodes.query("")} > ${threshold}`,
    threshold: INODES,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.nodeInodes,
    jobs: [JOBS.nodeExporter],
    cases: [
      fires("inodes are in use beyond the limit", (parameters) => ({
        series: inodes(beyond(INODES, parameters)),
        alerts: [{ labels: DISK, value: percent(beyond(INODES, parameters)) }],
      })),
      silent("inodes are in use just below the limit", (parameters) => ({
        series: inodes(within(INODES, parameters)),
      })),
    ],
  },
];
