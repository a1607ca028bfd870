import { type Duration, seconds } from "../../core/duration.ts";
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
import { BEFORE, runsOut } from "../forecast.ts";
import { atScrape, beyond, fires, kept, lowerDips, sawTooth, silent, within } from "../situations.ts";
import { CLAIM, changing, moved, rawBlock, SIZE, volume } from "../volume-series.ts";

const SHRINKING_SPACE: Threshold = {
  default: 0.15,
  min: 0.01,
  max: 0.6,
  unit: "share",
  comparison: "below",
  means: "free share of a volume's space",
};

const HOUR = 3600;

interface Forecast {
  readonly hours: number;
  /** It contains a low of each saw-tooth of at most this length. */
  readonly window: Duration;
}

/**
 * Full within 4 days: a weekend and a day on each side. Databases write and compact in cycles; those of Prometheus take 2 hours, so that
 * each window has one low.
 */
const SLOW: Forecast = { hours: 96, window: "3h" };
/** Full within a day, which is known after 2 hours. */
const FAST: Forecast = { hours: 24, window: "1h" };

function scrapes(time: number, { scrapeInterval }: AlertParameters): number {
  return Math.ceil(time / seconds(scrapeInterval));
}

/** Bytes per scrape at which so many bytes are used up in so many hours. */
function pace(left: number, hours: number, { scrapeInterval }: AlertParameters): number {
  return Math.round((left / (hours * HOUR)) * seconds(scrapeInterval));
}

/** A volume that fills up until the alert fires, and whose pod then moves; its usage does not change from then on. */
function fillingUntilDue(parameters: AlertParameters) {
  const window = scrapes(seconds(SLOW.window), parameters);
  const start = beyond(SHRINKING_SPACE, parameters) * SIZE;
  const perScrape = pace(start, 0.9 * SLOW.hours, parameters);
  const first = Math.round(start + 2 * window * perScrape);
  const due = 2 * window + scrapes(seconds(parameters.for), parameters);
  const left = first - perScrape * due;
  // The lows of the last two windows are too close to each other when less than this is between them.
  const least = (left * seconds(SLOW.window)) / (SLOW.hours * HOUR);
  const stop = Math.ceil(due + window - least / perScrape);
  return {
    series: moved(first, -perScrape, due),
    holdsFrom: atScrape(2 * window, parameters),
    stops: kept(
      { after: atScrape(stop - 1, parameters), by: atScrape(stop, parameters) },
      KEEP_FIRING_WITHOUT_OBJECTS,
      parameters,
    ),
    alerts: [{ labels: CLAIM, value: percent(left / SIZE) }],
  };
}

/** A volume that was full at the first scrape, is cleaned up and fills up again. */
function cleanedUp({ hours, window }: Forecast, parameters: AlertParameters) {
  const forgotten = (BEFORE + 2) * scrapes(seconds(window), parameters);
  const start = beyond(SHRINKING_SPACE, parameters) * SIZE;
  const perScrape = pace(start, 0.9 * hours, parameters);
  const first = Math.round(start + forgotten * perScrape);
  const due = forgotten + scrapes(seconds(parameters.for), parameters);
  return {
    series: changing(
      0,
      [
        [1, first - perScrape],
        [1, -perScrape],
      ],
      parameters,
    ),
    holdsFrom: atScrape(forgotten, parameters),
    alerts: [{ labels: CLAIM, value: percent((first - perScrape * due) / SIZE) }],
  };
}

/** A volume with a short low in each window, as compactions make it, each below the one before. */
function lowerLows({ hours, window }: Forecast, parameters: AlertParameters) {
  const length = scrapes(seconds(window), parameters);
  const high = Math.round(beyond(SHRINKING_SPACE, parameters) * SIZE);
  const due = 2 * length + scrapes(seconds(parameters.for), parameters);
  const share = 1 / (1 + seconds(window) / (0.9 * hours * HOUR));
  const { courses, last } = lowerDips(high, 0.8 * high, share, length, due);
  return {
    series: changing(high, courses, parameters),
    holdsFrom: atScrape(2 * length, parameters),
    alerts: [{ labels: CLAIM, value: percent(last / SIZE) }],
  };
}

/** A volume with so much free space at the last check, which will be full so many hours later. */
function filling(
  left: number,
  hoursLeft: number,
  { window }: Forecast,
  parameters: AlertParameters,
  accessMode: "ReadWriteOnce" | "ReadOnlyMany" = "ReadWriteOnce",
) {
  const first = 2 * scrapes(seconds(window), parameters);
  const last = first + scrapes(seconds(parameters.for), parameters) + 10;
  const perScrape = pace(left, hoursLeft, parameters);
  return {
    series: volume(Math.round(left) + perScrape * last, -perScrape, accessMode),
    holdsFrom: atScrape(first, parameters),
  };
}

/** A volume to which half an hour of writing brings a backup, and whose usage then does not change. Looked at two windows later. */
function restored({ window }: Forecast, parameters: AlertParameters) {
  const before = scrapes(seconds(window), parameters);
  const writing = scrapes(0.5 * HOUR, parameters);
  const free = beyond(SHRINKING_SPACE, parameters) * SIZE;
  return {
    series: changing(
      free,
      [
        [before, 0],
        [writing, -Math.round((0.7 * free) / writing)],
        [1, 0],
      ],
      parameters,
    ),
    holdsFrom: Math.max(
      0,
      atScrape(before + 2 * scrapes(seconds(window), parameters), parameters) - seconds(parameters.for),
    ),
  };
}

/** A volume whose use grows and shrinks again in cycles of so many hours. */
function cycling(hours: number, parameters: AlertParameters) {
  const free = beyond(SHRINKING_SPACE, parameters) * SIZE;
  const period = scrapes(hours * HOUR, parameters);
  return {
    series: changing(free, sawTooth(free, free / 2, period), parameters),
    // Half an hour after the end of a cycle that is not the first.
    holdsFrom: Math.max(0, (2 * hours + 0.5) * HOUR - seconds(parameters.for)),
  };
}

export const FILLING_VOLUME_ALERT: AlertDefinition = {
  name: "KubePersistentVolumeFillingUp",
  summary: "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} will be full within 4 days",
  description: ({ threshold }) =>
    `{{ $value | humanizePercentage }} of the volume of claim {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is free, which is below the limit of ${shownThreshold(threshold, "share")}. At its growth in each of the last two periods of ${SLOW.window}, it will be full within 4 days, or at that in the last two of ${FAST.window} within a day.`,
  impact: "When the volume is full, writes fail. There is still time to enlarge it.",
  expr: ({ threshold }) => {
    const available = {
      selector: `kubelet_volume_stats_available_bytes{job="${JOBS.kubelet}"}`,
      by: "namespace, persistentvolumeclaim",
    };
    return (
      `((${CLUSTER_SIGNALS.volumeSpace.query("")}) < ${threshold}) and on (namespace, persistentvolumeclaim)` +
      ` (${[SLOW, FAST].map(({ hours, window }) => runsOut(available, hours, window)).join(" or ")})`
    );
  },
  threshold: SHRINKING_SPACE,
  for: "1h",
  severity: "warning",
  signal: CLUSTER_SIGNALS.volumeSpace,
  jobs: [JOBS.kubelet, JOBS.kubeStateMetrics],
  mutedBy: [{ alert: "KubePersistentVolumeAlmostFull", equal: ["namespace", "persistentvolumeclaim"] }],
  cases: [
    fires(
      "little space is free and will be used up within 4 days, and resolves some time after its pod moved",
      fillingUntilDue,
    ),
    fires("little space is free and will be used up within a day", (p) => {
      const first = 2 * scrapes(seconds(FAST.window), p);
      const start = beyond(SHRINKING_SPACE, p) * SIZE;
      const perScrape = pace(start, 0.9 * FAST.hours, p);
      const due = first + scrapes(seconds(p.for), p);
      const begin = Math.round(start + first * perScrape);
      return {
        series: volume(begin, -perScrape),
        holdsFrom: atScrape(first, p),
        alerts: [{ labels: CLAIM, value: percent((begin - perScrape * due) / SIZE) }],
      };
    }),
    fires("the volume fills up again after it was cleaned up, within 4 days", (p) => cleanedUp(SLOW, p)),
    fires("the volume fills up again after it was cleaned up, within a day", (p) => cleanedUp(FAST, p)),
    fires("the usage varies, and the least space of each 3 hours is below the one before", (p) =>
      lowerLows(SLOW, p),
    ),
    fires("the usage varies, and the least space of each hour is below the one before", (p) =>
      lowerLows(FAST, p),
    ),
    silent("little space is free and will last slightly longer than 4 days", (p) =>
      filling(beyond(SHRINKING_SPACE, p) * 0.9 * SIZE, 1.02 * SLOW.hours, SLOW, p),
    ),
    silent("little space of a new volume is free and will last slightly longer than a day", (p) =>
      filling(beyond(SHRINKING_SPACE, p) * 0.5 * SIZE, 1.02 * FAST.hours, FAST, p),
    ),
    silent("the volume will be full within 4 days and still has more free space than the limit", (p) =>
      filling(within(SHRINKING_SPACE, p) * SIZE, 0.9 * SLOW.hours, SLOW, p),
    ),
    silent("the volume will be full within 4 days and is read-only", (p) =>
      filling(beyond(SHRINKING_SPACE, p) * 0.9 * SIZE, 0.9 * SLOW.hours, SLOW, p, "ReadOnlyMany"),
    ),
    silent("the volume is a raw block device, whose usage the kubelet does not know", () => ({
      series: rawBlock(),
    })),
    silent("little space is free and the usage does not change", (p) => ({
      series: volume(Math.round(beyond(SHRINKING_SPACE, p) * SIZE)),
    })),
    silent("a backup was restored to the volume 2 hours ago", (p) => restored(FAST, p)),
    silent("a backup was restored to the volume 6 hours ago", (p) => restored(SLOW, p)),
    silent("a Prometheus on the volume compacts its database every 2 hours", (p) => ({
      ...cycling(2, p),
      holdsFrom: 6.5 * HOUR,
    })),
    silent("data is collected for 5 hours and deleted, again and again", (p) => cycling(5, p)),
  ],
};
