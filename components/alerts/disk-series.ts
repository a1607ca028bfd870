import type { AlertParameters, InputSeries } from "./definition.ts";
import { nodeExporter } from "./exporters.ts";
import { type Course, coursed, moving, steady } from "./situations.ts";

// Series of node-exporter about one disk of a node, for the cases of alerts about disks.

const NODE = "ip-10-40-11-23";
export const DISK = { node: NODE, device: "/dev/nvme1n1p1" };
export const SIZE = 100_000_000_000;

const MOUNT = { device: DISK.device, fstype: "xfs" };
const AVAILABLE = "node_filesystem_avail_bytes";

/** The series of the free bytes under one mount point. */
function free(mountpoint: string): string {
  return nodeExporter(AVAILABLE, NODE, { ...MOUNT, mountpoint });
}

/** The series of a mount point that do not change: size and whether it is read-only. */
function mounted(mountpoint: string, readOnly = false): InputSeries[] {
  return [
    steady(nodeExporter("node_filesystem_size_bytes", NODE, { ...MOUNT, mountpoint }), SIZE),
    steady(nodeExporter("node_filesystem_readonly", NODE, { ...MOUNT, mountpoint }), readOnly ? 1 : 0),
  ];
}

/** One disk under two mount points, which must be one alert. `perScrape` bytes are added to the free space at each scrape. */
export function disk(bytes: number, perScrape = 0, readOnly = false): InputSeries[] {
  return ["/", "/var/lib/containerd"].flatMap((mountpoint) => [
    moving(free(mountpoint), bytes, perScrape),
    ...mounted(mountpoint, readOnly),
  ]);
}

/** A disk that fills up and is unmounted after some scrapes, and then one that is equally full and does not change. */
export function replaced(bytes: number, perScrape: number, scrapes: number): InputSeries[] {
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

/** A disk whose free bytes change at each course in turn. */
export function changing(
  bytes: number,
  courses: readonly Course[],
  parameters: AlertParameters,
): InputSeries[] {
  return [coursed(free("/"), bytes, courses, parameters), ...mounted("/")];
}

/** A read-only system image, which has no free space and no free inodes by design. */
export function image(): InputSeries[] {
  const labels = { device: "/dev/dm-0", fstype: "ext4", mountpoint: "/" };
  return Object.entries({
    [AVAILABLE]: 0,
    node_filesystem_size_bytes: SIZE,
    node_filesystem_files_free: 0,
    node_filesystem_files: 1_000_000,
    node_filesystem_readonly: 1,
  }).map(([metric, value]) => steady(nodeExporter(metric, NODE, labels), value));
}

export function inodes(used: number): InputSeries[] {
  const labels = { device: DISK.device, fstype: "xfs", mountpoint: "/" };
  return [
    steady(nodeExporter("node_filesystem_files", NODE, labels), 1_000_000),
    steady(nodeExporter("node_filesystem_files_free", NODE, labels), Math.round((1 - used) * 1_000_000)),
    steady(nodeExporter("node_filesystem_readonly", NODE, labels), 0),
  ];
}
