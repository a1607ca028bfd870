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
  means: "hours until the disk is full, predicted from the last 6 hours",
};
const FEW_HOURS: Threshold = { ...HOURS, default: 4 };

const HOUR = 3600;
const SIZE = 100_000_000_000;

const MOUNT = { device: DISK.device, fstype: "xfs" };
const AVAILABLE = "node_filesystem_avail_bytes";

/** The series of the free bytes under one mount point. */
function free(mountpoint: string) {
  return nodeExporter(AVAILABLE, NODE, { ...MOUNT, mountpoint });
}

/** The series of a mount point that do not change: size and whether it is read-only. */
function mounted(mountpoint: string, readOnly = false) {
  return [
    steady(nodeExporter("node_filesystem_size_bytes", NODE, { ...MOUNT, mountpoint }), SIZE),
    steady(nodeExporter("node_filesystem_readonly", NODE, { ...MOUNT, mountpoint }), readOnly ? 1 : 0),
  ];
}

/** One disk under two mount points, which must be one alert. `perScrape` bytes are added to the free space at each scrape. */
function disk(bytes: number, perScrape = 0, readOnly = false) {
  return ["/", "/var/lib/containerd"].flatMap((mountpoint) => [
    moving(free(mountpoint), bytes, perScrape),
    ...mounted(mountpoint, readOnly),
  ]);
}

/** A disk that fills up and is unmounted after some scrapes, and then one that is equally full and does not change. */
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

/** A read-only system image, which has no free space and no free inodes by design. */
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

/** Seconds from the start until after the last check of a case. */
function checkedAt(parameters: AlertParameters): number {
  return seconds(parameters.for) + 12 * seconds(parameters.scrapeInterval);
}

/** A disk that has so many bytes left at the last check, and would be full so many hours later. */
function filling(left: number, hoursLeft: number, parameters: AlertParameters, readOnly = false) {
  const step = seconds(parameters.scrapeInterval);
  const perScrape = Math.round((left / (hoursLeft * HOUR)) * step);
  const start = Math.round(left + (perScrape / step) * checkedAt(parameters));
  return disk(start, -perScrape, readOnly);
}

/** Hours that are left at the last check, chosen so that the prediction is below the limit from the first check on where possible. */
function soonAllAlong(limit: Threshold, parameters: AlertParameters): number {
  const hours = beyond(limit, parameters) - checkedAt(parameters) / HOUR;
  return hours > parameters.threshold / 2 ? hours : beyond(limit, parameters);
}

/**
 * An alert about a disk that will be full soon. `urgent` is the share in use from which the prediction counts: a new node fills its disk
 * fast at first, and a prediction from that is wrong.
 */
function fillingUp(
  limit: Threshold,
  urgent: number,
  identity: Pick<AlertDefinition, "name" | "severity" | "for"> & Partial<Pick<AlertDefinition, "mutedBy">>,
): AlertDefinition {
  const urgentlyLeft = Math.round((1 - urgent) * SIZE);
  return {
    ...identity,
    summary: "Disk {{ $labels.device }} on node {{ $labels.node }} will be full soon",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of disk {{ $labels.device }} on node {{ $labels.node }} is in use. At the growth of the last 6 hours, the disk will be full in less than ${shownThreshold(threshold, "hours")}.`,
    impact: "When the disk of a node is full, the kubelet evicts pods, and images cannot be pulled.",
    expr: ({ threshold }) =>
      `(${CLUSTER_SIGNALS.nodeDisk.query("")} > ${urgent}) and on (node, device)` +
      ` (min by (node, device) (predict_linear(node_filesystem_avail_bytes{${DISKS}}[6h], ${threshold * HOUR})) < 0)`,
    threshold: limit,
    signal: CLUSTER_SIGNALS.nodeDisk,
    jobs: [JOBS.nodeExporter],
    cases: [
      fires("the disk will be full sooner than the limit", (parameters) => {
        // From the second scrape on there is a trend, and the predicted time must be below the limit already then.
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
      silent("the disk will be full slightly later than the limit", (parameters) => ({
        // Only slightly later, so that a limit that is too high by more than 2% fails this case.
        series: filling(urgentlyLeft * 0.5, 1.02 * parameters.threshold, parameters),
      })),
      silent("the disk fills up fast and still has enough free space", (parameters) => ({
        series: filling(urgentlyLeft * 1.05, soonAllAlong(limit, parameters), parameters),
      })),
      silent("the disk is read-only", (parameters) => ({
        series: filling(urgentlyLeft * 0.5, 0.5 * parameters.threshold, parameters, true),
      })),
      silent("the disk is almost full and its usage does not change", () => ({ series: disk(SIZE * 0.02) })),
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
