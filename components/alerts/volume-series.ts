import type { AlertParameters, InputSeries } from "./definition.ts";
import { kubelet, kubeStateMetrics } from "./exporters.ts";
import { type Course, coursed, moving, steady } from "./situations.ts";

// Series of the kubelet about one volume, for the cases of alerts about volumes.

const NODE = "ip-10-40-11-23";
export const CLAIM = { namespace: "shop", persistentvolumeclaim: "data-queue-0" };

export const SIZE = 200_000_000_000;

export type AccessMode = "ReadWriteOnce" | "ReadWriteMany" | "ReadOnlyMany";

function claimed(accessMode: AccessMode) {
  return steady(
    kubeStateMetrics("kube_persistentvolumeclaim_access_mode", { ...CLAIM, access_mode: accessMode }),
    1,
  );
}

/** A volume with so many free bytes, which change by so many at every scrape. */
export function volume(free: number, perScrape = 0, accessMode: AccessMode = "ReadWriteOnce") {
  return [
    moving(kubelet("kubelet_volume_stats_available_bytes", NODE, CLAIM), free, perScrape),
    moving(kubelet("kubelet_volume_stats_used_bytes", NODE, CLAIM), SIZE - free, -perScrape),
    steady(kubelet("kubelet_volume_stats_capacity_bytes", NODE, CLAIM), SIZE),
    claimed(accessMode),
  ];
}

/** A raw block volume, of which the kubelet knows only the capacity. */
export function rawBlock() {
  return [
    ...Object.entries({
      available_bytes: 0,
      used_bytes: 0,
      capacity_bytes: SIZE,
      inodes_free: 0,
      inodes: 0,
    }).map(([metric, value]) => steady(kubelet(`kubelet_volume_stats_${metric}`, NODE, CLAIM), value)),
    claimed("ReadWriteOnce"),
  ];
}

/** A volume that fills up until its pod moves to another node after some scrapes; its usage is constant from then on. */
export function moved(free: number, perScrape: number, scrapes: number): InputSeries[] {
  const left = free + perScrape * scrapes;
  const on = (node: string, values: (count: number) => string) => [
    { series: kubelet("kubelet_volume_stats_available_bytes", node, CLAIM), values },
    steady(kubelet("kubelet_volume_stats_capacity_bytes", node, CLAIM), SIZE),
  ];
  return [
    ...on(NODE, (count) => `${free}${perScrape}x${Math.min(scrapes, count)}`),
    ...on("ip-10-40-12-9", (count) => `_x${scrapes + 1} ${left}x${Math.max(count - scrapes - 1, 0)}`),
    claimed("ReadWriteOnce"),
  ];
}

/** A volume whose free bytes change at each course in turn. */
export function changing(
  free: number,
  courses: readonly Course[],
  parameters: AlertParameters,
): InputSeries[] {
  return [
    coursed(kubelet("kubelet_volume_stats_available_bytes", NODE, CLAIM), free, courses, parameters),
    steady(kubelet("kubelet_volume_stats_capacity_bytes", NODE, CLAIM), SIZE),
    claimed("ReadWriteOnce"),
  ];
}

export function inodes(free: number, accessMode: AccessMode = "ReadWriteOnce") {
  return [
    steady(kubelet("kubelet_volume_stats_inodes_free", NODE, CLAIM), Math.round(free * 1_000_000)),
    steady(kubelet("kubelet_volume_stats_inodes", NODE, CLAIM), 1_000_000),
    claimed(accessMode),
  ];
}
