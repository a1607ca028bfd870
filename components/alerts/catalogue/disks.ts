import { seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS, DISKS } from "../../signals/platform.ts";
import { type AlertDefinition, type AlertParameters, shownThreshold, type Threshold } from "../definition.ts";
import { nodeExporter } from "../exporters.ts";
import {
  beyond,
  dueScrape,
  fires,
  forgets,
  moving,
  secondScrape,
  silent,
  steady,
  within,
} from "../situations.ts";

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

const MOUNT = { device: DISK.device, fstype: "xfs" };
const AVAILABLE = "node_filesystem_avail_bytes";

/** What is free under one mount point. */
function free(mountpoint: string) {
  return nodeExporter(AVAILABLE, NODE, { ...MOUNT, mountpoint });
}

/** What there is to say of a mount point that does not change. */
function mounted(mountpoint: string, readOnly = false) {
  return [
    steady(nodeExporter("node_filesystem_size_bytes", NODE, { ...MOUNT, mountpoint }), SIZE),
    steady(nodeExporter("node_filesystem_readonly", NODE, { ...MOUNT, mountpoint }), readOnly ? 1 : 0),
  ];
}

/** One disk under two mount points, which must not become two alerts. `perScrape` is added to what is free each time. */
function disk(bytes: number, perScrape = 0, readOnly = false) {
  return ["/", "/var/lib/containerd"].flatMap((mountpoint) => [
    moving(free(mountpoint), bytes, perScrape),
    ...mounted(mountpoint, readOnly),
  ]);
}

/** A disk that fills up until it is taken away after some scrapes, and then one that was just as full and does not change. */
function replaced(bytes: number, perScrape: number, scrapes: number) {
  const left = bytes + perScrape * scrapes;
  const before = (count: number) => `${bytes}${perScrape}x${Math.min(scrapes, count)}`;
  const after = (count: number) => `_x${scrapes + 1} ${left}x${Math.max(count - scrapes - 1, 0)}`;
  return [
    { series: free("/"), values: before },
    { series: free("/var/lib/containerd"), values: after },
    ...mounted("/"),
    ...mounted("/var/lib/containerd"),
  ];
}

/** A system image that is full by design, of space and of inodes. */
function image() {
  const labels = { device: "/dev/dm-0", fstype: "ext4", mountpoint: "/" };
  return Object.entries({
    [AVAILABLE]: 0,
    node_filesystem_size_bytes: SIZE,
    node_filesystem_files_free: 0,
    node_filesystem_files: 1_000_000,
    node_filesystem_readonly: 1,
  }).map(([metric, value]) => steady(nodeExporter(metric, NODE, labels), value));
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
function checkedAt(parameters: AlertParameters): number {
  return seconds(parameters.for) + 12 * seconds(parameters.scrapeInterval);
}

/** A disk of which so many bytes are left at the last look, and which would be full so many hours later. */
function filling(left: number, hoursLeft: number, parameters: AlertParameters, readOnly = false) {
  const step = seconds(parameters.scrapeInterval);
  const perScrape = Math.round((left / (hoursLeft * HOUR)) * step);
  const start = Math.round(left + (perScrape / step) * checkedAt(parameters));
  return disk(start, -perScrape, readOnly);
}

/** Hours that are left at the last look, so that the forecast has been bad from the first one on where that can be. */
function soonAllAlong(limit: Threshold, parameters: AlertParameters): number {
  const hours = beyond(limit, parameters) - checkedAt(parameters) / HOUR;
  return hours > parameters.threshold / 2 ? hours : beyond(limit, parameters);
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
  const urgentlyLeft = Math.round((1 - urgent) * SIZE);
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
        const start = Math.round(urgentlyLeft * 0.95);
        const perScrape = Math.round((start / (beyond(limit, parameters) * HOUR)) * step);
        const due = dueScrape(parameters);
        return {
          series: [...replaced(start, -perScrape, due), ...image()],
          holdsFrom: secondScrape(parameters),
          stops: forgets(due, "6h", parameters),
          alerts: [{ labels: DISK, value: percent(1 - (start - perScrape * due) / SIZE) }],
        };
      }),
      silent("the disk has a little more time than that", (parameters) => ({
        // So little more, because a limit that is higher by less than `for` would be passed on the way there.
        series: filling(urgentlyLeft * 0.5, 1.02 * parameters.threshold, parameters),
      })),
      silent("the disk fills up fast and there is still room", (parameters) => ({
        series: filling(urgentlyLeft * 1.05, soonAllAlong(limit, parameters), parameters),
      })),
      silent("nobody can write to the disk any more", (parameters) => ({
        series: filling(urgentlyLeft * 0.5, 0.5 * parameters.threshold, parameters, true),
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
      silent("inodes are in use just below the limit, and a read-only image has none left", (parameters) => ({
        series: [...inodes(within(INODES, parameters)), ...image()],
      })),
    ],
  },
];
