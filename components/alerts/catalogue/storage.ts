import { seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import { type AlertDefinition, type AlertParameters, shownThreshold, type Threshold } from "../definition.ts";
import { kubelet, kubeStateMetrics } from "../exporters.ts";
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
const CLAIM = { namespace: "shop", persistentvolumeclaim: "data-queue-0" };

const LITTLE_SPACE: Threshold = {
  default: 0.03,
  min: 0.01,
  max: 0.3,
  unit: "share",
  comparison: "below",
  means: "share of a volume's space that is free",
};
const SHRINKING_SPACE: Threshold = { ...LITTLE_SPACE, default: 0.15, max: 0.6 };
const INODES: Threshold = { ...LITTLE_SPACE, means: "share of a volume's inodes that is free" };

const SIZE = 200_000_000_000;
const DAY = 86_400;

/** Days within which a volume must be full for its filling up to be worth a ticket: a weekend and the day around it. */
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
    steady(kubelet("kubelet_volume_stats_capacity_bytes", NODE, CLAIM), SIZE),
    claimed(accessMode),
  ];
}

/** A volume that fills up until its pod moves to another node after some scrapes, where nothing is added to it any more. */
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

/** Free bytes and their change at every scrape, for a volume with `share` free now that is full in so many days. */
function shrinking(share: number, days: number, { scrapeInterval }: AlertParameters) {
  const free = Math.round(share * SIZE);
  return { free, perScrape: -Math.round((free / (days * DAY)) * seconds(scrapeInterval)) };
}

export const STORAGE_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubePersistentVolumeAlmostFull",
    summary: "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is almost full",
    description: ({ threshold }) =>
      `Only {{ $value | humanizePercentage }} of the volume of {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is free; the limit is ${shownThreshold(threshold, "share")}.`,
    impact: "Once it is full, what writes to it fails, and a database may stop or lose its newest data.",
    expr: ({ threshold }) => `(${CLUSTER_SIGNALS.volumeSpace.query("")}) < ${threshold}`,
    threshold: LITTLE_SPACE,
    for: "1m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.volumeSpace,
    jobs: [JOBS.kubelet, JOBS.kubeStateMetrics],
    cases: [
      fires("less is free than the limit", (parameters) => ({
        series: volume(Math.round(beyond(LITTLE_SPACE, parameters) * SIZE)),
        alerts: [{ labels: CLAIM, value: percent(beyond(LITTLE_SPACE, parameters)) }],
      })),
      silent("a little more is free than the limit", (parameters) => ({
        series: volume(Math.round(within(LITTLE_SPACE, parameters) * SIZE)),
      })),
      silent("nobody can write to the volume", (parameters) => ({
        series: volume(Math.round(beyond(LITTLE_SPACE, parameters) * SIZE), 0, "ReadOnlyMany"),
      })),
    ],
  },
  {
    name: "KubePersistentVolumeFillingUp",
    summary: "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} fills up",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of the volume of {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is free, less than ${shownThreshold(threshold, "share")}, and at the pace of the last six hours it is full within four days.`,
    impact: "Once it is full, what writes to it fails. There is time to grow it.",
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
        "little is free and it will be gone in time, until its pod has been elsewhere for long",
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
            stops: forgets(due, "6h", parameters),
            alerts: [{ labels: CLAIM, value: percent((free + perScrape * due) / SIZE) }],
          };
        },
      ),
      silent("little is free, and it lasts a little longer than that", (parameters) => {
        const watched = seconds(parameters.for) + 12 * seconds(parameters.scrapeInterval);
        const days = 1.1 * FORECAST_DAYS + watched / DAY;
        const { free, perScrape } = shrinking(beyond(SHRINKING_SPACE, parameters), days, parameters);
        return { series: volume(free, perScrape) };
      }),
      silent("it will be gone in time, and there is more than the limit", (parameters) => {
        const watched = Math.ceil(seconds(parameters.for) / seconds(parameters.scrapeInterval)) + 12;
        const { free, perScrape } = shrinking(
          within(SHRINKING_SPACE, parameters),
          0.9 * FORECAST_DAYS,
          parameters,
        );
        return { series: volume(free - perScrape * watched, perScrape) };
      }),
      silent("it will be gone in time, and nobody can write to it", (parameters) => {
        const days = 0.9 * FORECAST_DAYS;
        const { free, perScrape } = shrinking(beyond(SHRINKING_SPACE, parameters), days, parameters);
        return { series: volume(free, perScrape, "ReadOnlyMany") };
      }),
      silent("little is free and nothing is added", (parameters) => ({
        series: volume(Math.round(beyond(SHRINKING_SPACE, parameters) * SIZE)),
      })),
    ],
  },
  {
    name: "KubePersistentVolumeInodesAlmostUsed",
    summary: "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is almost out of inodes",
    description: ({ threshold }) =>
      `Only {{ $value | humanizePercentage }} of the inodes of {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} are free; the limit is ${shownThreshold(threshold, "share")}.`,
    impact: "Without a free inode no file can be made, however much space is left.",
    expr: ({ threshold }) => `(${CLUSTER_SIGNALS.volumeInodes.query("")}) < ${threshold}`,
    threshold: INODES,
    for: "1m",
    severity: "critical",
    signal: CLUSTER_SIGNALS.volumeInodes,
    jobs: [JOBS.kubelet, JOBS.kubeStateMetrics],
    cases: [
      fires("fewer are free than the limit", (parameters) => ({
        series: inodes(beyond(INODES, parameters)),
        alerts: [{ labels: CLAIM, value: percent(beyond(INODES, parameters)) }],
      })),
      silent("a few more are free than the limit", (parameters) => ({
        series: inodes(within(INODES, parameters)),
      })),
      silent("nobody can write to the volume", (parameters) => ({
        series: inodes(beyond(INODES, parameters), "ReadOnlyMany"),
      })),
    ],
  },
  {
    name: "KubePersistentVolumeErrors",
    summary: "Volume {{ $labels.persistentvolume }} is {{ $labels.phase }}",
    description: ({ for: held }) =>
      `The persistent volume {{ $labels.persistentvolume }} has been in the phase {{ $labels.phase }} for ${held}.`,
    impact: "Pods that claim it cannot start, or it was not cleaned up and costs money.",
    expr: () => `${CLUSTER_SIGNALS.volumePhase.query("")} == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.volumePhase,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("a volume failed", () => ({
        series: phase("Failed"),
        alerts: [{ labels: { persistentvolume: "pvc-4be1", phase: "Failed" } }],
      })),
      silent("the volume is bound", () => ({ series: phase("Bound") })),
    ],
  },
];
