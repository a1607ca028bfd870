import { seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  KEEP_FIRING_WITHOUT_OBJECTS,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { kubelet, kubeStateMetrics } from "../exporters.ts";
import {
  beyond,
  dueScrape,
  fires,
  forgets,
  kept,
  moving,
  secondScrape,
  silent,
  steady,
  within,
} from "../situations.ts";

const NODE = "ip-10-40-11-23";
const CLAIM = { namespace: "shop", persistentvolumeclaim: "data-queue-0" };

const LITTLE_SPACE: Threshold = {
  default: 0.03,
  min: 0.01,
  max: 0.3,
  unit: "share",
  comparison: "below",
  means: "free share of a volume's space",
};
const SHRINKING_SPACE: Threshold = { ...LITTLE_SPACE, default: 0.15, max: 0.6 };
const INODES: Threshold = { ...LITTLE_SPACE, means: "free share of a volume's inodes" };

const SIZE = 200_000_000_000;
const DAY = 86_400;

/** The alert fires if a volume will be full within so many days: a weekend and a day on each side. */
const FORECAST_DAYS = 4;

type AccessMode = "ReadWriteOnce" | "ReadWriteMany" | "ReadOnlyMany";

function claimed(accessMode: AccessMode) {
  return steady(
    kubeStateMetrics("kube_persistentvolumeclaim_access_mode", { ...CLAIM, access_mode: accessMode }),
    1,
  );
}

/** A volume with so many free bytes, which change by so many at every scrape. */
function volume(free: number, perScrape = 0, accessMode: AccessMode = "ReadWriteOnce") {
  return [
    moving(kubelet("kubelet_volume_stats_available_bytes", NODE, CLAIM), free, perScrape),
    moving(kubelet("kubelet_volume_stats_used_bytes", NODE, CLAIM), SIZE - free, -perScrape),
    steady(kubelet("kubelet_volume_stats_capacity_bytes", NODE, CLAIM), SIZE),
    claimed(accessMode),
  ];
}

/** A raw block volume, of which the kubelet knows only the capacity. */
function rawBlock() {
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
function moved(free: number, perScrape: number, scrapes: number) {
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

function inodes(free: number, accessMode: AccessMode = "ReadWriteOnce") {
  return [
    steady(kubelet("kubelet_volume_stats_inodes_free", NODE, CLAIM), Math.round(free * 1_000_000)),
    steady(kubelet("kubelet_volume_stats_inodes", NODE, CLAIM), 1_000_000),
    claimed(accessMode),
  ];
}

function phase(current: string) {
  return ["Available", "Bound", "Failed", "Pending", "Released"].map((each) =>
    steady(
      kubeStateMetrics("kube_persistentvolume_status_phase", { persistentvolume: "pvc-4be1", phase: each }),
      each === current ? 1 : 0,
    ),
  );
}

/** Free bytes and their change at every scrape, for a volume with `share` free now that will be full in so many days. */
function shrinking(share: number, days: number, { scrapeInterval }: AlertParameters) {
  const free = Math.round(share * SIZE);
  return { free, perScrape: -Math.round((free / (days * DAY)) * seconds(scrapeInterval)) };
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
  {
    name: "KubePersistentVolumeFillingUp",
    summary: "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} will be full within 4 days",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of the volume of claim {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is free, which is below the limit of ${shownThreshold(threshold, "share")}. At the growth of the last 6 hours, the volume will be full within 4 days.`,
    impact: "When the volume is full, writes fail. There is still time to enlarge it.",
    expr: ({ threshold }) =>
      `((${CLUSTER_SIGNALS.volumeSpace.query("")}) < ${threshold}) and on (namespace, persistentvolumeclaim)` +
      ` (min by (namespace, persistentvolumeclaim) (predict_linear(kubelet_volume_stats_available_bytes{job="${JOBS.kubelet}"}[6h], ${FORECAST_DAYS * DAY})) < 0)`,
    threshold: SHRINKING_SPACE,
    for: "1h",
    severity: "warning",
    signal: CLUSTER_SIGNALS.volumeSpace,
    jobs: [JOBS.kubelet, JOBS.kubeStateMetrics],
    mutedBy: [{ alert: "KubePersistentVolumeAlmostFull", equal: ["namespace", "persistentvolumeclaim"] }],
    cases: [
      fires(
        "little space is free and will be used up within 4 days, and resolves some time after its pod moved",
        (parameters) => {
          const { free, perScrape } = shrinking(
            beyond(SHRINKING_SPACE, parameters),
            0.9 * FORECAST_DAYS,
            parameters,
          );
          const due = dueScrape(parameters);
          return {
            series: moved(free, perScrape, due),
            holdsFrom: secondScrape(parameters),
            stops: kept(forgets(due, "6h", parameters), KEEP_FIRING_WITHOUT_OBJECTS, parameters),
            alerts: [{ labels: CLAIM, value: percent((free + perScrape * due) / SIZE) }],
          };
        },
      ),
      silent("little space is free and will last slightly longer than 4 days", (parameters) => {
        const watched = seconds(parameters.for) + 12 * seconds(parameters.scrapeInterval);
        const days = 1.1 * FORECAST_DAYS + watched / DAY;
        const { free, perScrape } = shrinking(beyond(SHRINKING_SPACE, parameters), days, parameters);
        return { series: volume(free, perScrape) };
      }),
      silent(
        "the volume will be full within 4 days and still has more free space than the limit",
        (parameters) => {
          const watched = Math.ceil(seconds(parameters.for) / seconds(parameters.scrapeInterval)) + 12;
          const { free, perScrape } = shrinking(
            within(SHRINKING_SPACE, parameters),
            0.9 * FORECAST_DAYS,
            parameters,
          );
          return { series: volume(free - perScrape * watched, perScrape) };
        },
      ),
      silent("the volume will be full within 4 days and is read-only", (parameters) => {
        const days = 0.9 * FORECAST_DAYS;
        const { free, perScrape } = shrinking(beyond(SHRINKING_SPACE, parameters), days, parameters);
        return { series: volume(free, perScrape, "ReadOnlyMany") };
      }),
      silent("the volume is a raw block device, whose usage the kubelet does not know", () => ({
        series: rawBlock(),
      })),
      silent("little space is free and the usage does not change", (parameters) => ({
        series: volume(Math.round(beyond(SHRINKING_SPACE, parameters) * SIZE)),
      })),
    ],
  },
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
