import { seconds } from "../../core/duration.ts";
import { percent } from "../../core/share.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS, DISKS } from "../../signals/platform.ts";
import {
  type AlertDefinition,
  type AlertParameters,
  KEEP_FIRING_WITHOUT_OBJECTS,
  shownThreshold,
  type Threshold,
} from "../definition.ts";
import { changing, DISK, disk, image, replaced, SIZE } from "../disk-series.ts";
import { BEFORE, runsOut, windowOf } from "../forecast.ts";
import { atScrape, beyond, fires, kept, lowerDips, sawTooth, silent } from "../situations.ts";

const HOURS: Threshold = {
  default: 24,
  min: 1,
  max: 168,
  unit: "hours",
  comparison: "below",
  means: "hours until the disk is full at its recent growth",
};
const FEW_HOURS: Threshold = { ...HOURS, default: 4 };

const HOUR = 3600;

/**
 * The share in use from which a forecast counts. Up to 85% the kubelet lets images accumulate, and then deletes unused ones down to 80%:
 * below it, a growing disk is how nodes work. These are the defaults of imageGCHighThresholdPercent and imageGCLowThresholdPercent.
 */
const COLLECTED = 0.85;
const LEFT = Math.round((1 - COLLECTED) * SIZE);

/** Scrapes in a window of the forecast. */
function scrapesOf(parameters: AlertParameters): number {
  return seconds(windowOf(parameters.threshold, parameters)) / seconds(parameters.scrapeInterval);
}

/** Bytes per scrape at which so many bytes are used up in so many hours. */
function pace(left: number, hours: number, parameters: AlertParameters): number {
  return Math.round((left / (hours * HOUR)) * seconds(parameters.scrapeInterval));
}

/** Scrapes until an alert is due whose condition is true after so many scrapes. */
function dueAfter(scrapes: number, parameters: AlertParameters): number {
  return scrapes + Math.ceil(seconds(parameters.for) / seconds(parameters.scrapeInterval));
}

/** A disk that has so many bytes left at the last check, and would be full so many hours later. */
function filling(left: number, hoursLeft: number, parameters: AlertParameters, readOnly = false) {
  const perScrape = pace(left, hoursLeft, parameters);
  const last = dueAfter(2 * scrapesOf(parameters), parameters) + 10;
  return {
    series: disk(left + perScrape * last, -perScrape, readOnly),
    holdsFrom: atScrape(2 * scrapesOf(parameters), parameters),
  };
}

/** A disk that fills up until the alert fires, and does not change from then on. */
function fillingUntilDue(limit: Threshold, parameters: AlertParameters) {
  const window = scrapesOf(parameters);
  const hours = beyond(limit, parameters);
  const start = 0.95 * LEFT;
  const perScrape = pace(start, hours, parameters);
  const first = Math.round(start + 2 * window * perScrape);
  const due = dueAfter(2 * window, parameters);
  const left = first - perScrape * due;
  // The lows of the last two windows are too close to each other when less than this is between them.
  const least = (left * window * seconds(parameters.scrapeInterval)) / (parameters.threshold * HOUR);
  const stop = Math.ceil(due + window - least / perScrape);
  return {
    series: [...replaced(first, -perScrape, due), ...image()],
    holdsFrom: atScrape(2 * window, parameters),
    stops: kept(
      { after: atScrape(stop - 1, parameters), by: atScrape(stop, parameters) },
      KEEP_FIRING_WITHOUT_OBJECTS,
      parameters,
    ),
    alerts: [{ labels: DISK, value: percent(1 - left / SIZE) }],
  };
}

/** A disk that was almost full at the first scrape, is cleaned up and fills up again: the first low counts as long as it is recent. */
function cleanedUp(limit: Threshold, parameters: AlertParameters) {
  const forgotten = (BEFORE + 2) * scrapesOf(parameters);
  const start = 0.95 * LEFT;
  const perScrape = pace(start, beyond(limit, parameters), parameters);
  const low = 0.001 * SIZE;
  const first = Math.round(start + forgotten * perScrape);
  const due = dueAfter(forgotten, parameters);
  return {
    series: changing(
      low,
      [
        [1, first - perScrape - low],
        [1, -perScrape],
      ],
      parameters,
    ),
    holdsFrom: atScrape(forgotten, parameters),
    alerts: [{ labels: DISK, value: percent(1 - (first - perScrape * due) / SIZE) }],
  };
}

/** A disk on which temporary files exist for one scrape of each window, and each time leave less free space. */
function lowerLows(limit: Threshold, parameters: AlertParameters) {
  const window = scrapesOf(parameters);
  const high = Math.round(0.95 * LEFT);
  const due = dueAfter(2 * window, parameters);
  const share = 1 + seconds(windowOf(parameters.threshold, parameters)) / (beyond(limit, parameters) * HOUR);
  const { courses, last } = lowerDips(high, 0.8 * high, 1 / share, window, due);
  return {
    series: changing(high, courses, parameters),
    holdsFrom: atScrape(2 * window, parameters),
    alerts: [{ labels: DISK, value: percent(1 - last / SIZE) }],
  };
}

/** An alert about a disk that will be full soon. */
function fillingUp(
  limit: Threshold,
  identity: Pick<AlertDefinition, "name" | "severity" | "for"> & Partial<Pick<AlertDefinition, "mutedBy">>,
): AlertDefinition {
  return {
    ...identity,
    summary: "Disk {{ $labels.device }} on node {{ $labels.node }} will be full soon",
    description: (parameters) =>
      `{{ $value | humanizePercentage }} of disk {{ $labels.device }} on node {{ $labels.node }} is in use. At its growth in each of the last two periods of ${windowOf(parameters.threshold, parameters)}, it will be full in less than ${shownThreshold(parameters.threshold, "hours")}.`,
    impact: "When the disk of a node is full, the kubelet evicts pods, and images cannot be pulled.",
    expr: (parameters) =>
      `(${CLUSTER_SIGNALS.nodeDisk.query("")} > ${COLLECTED}) and on (node, device) (` +
      `${runsOut({ selector: `node_filesystem_avail_bytes{${DISKS}}`, by: "node, device" }, parameters.threshold, windowOf(parameters.threshold, parameters))})`,
    threshold: limit,
    signal: CLUSTER_SIGNALS.nodeDisk,
    jobs: [JOBS.nodeExporter],
    cases: [
      fires("the disk will be full sooner than the limit, and resolves when its usage does not change", (p) =>
        fillingUntilDue(limit, p),
      ),
      fires("the disk fills up again after it was cleaned up", (p) => cleanedUp(limit, p)),
      fires("the free space varies, and each low is below the one before", (p) => lowerLows(limit, p)),
      // Only slightly later, so that a limit that is too high by more than 2% fails this case.
      silent("the disk will be full slightly later than the limit", (p) =>
        filling(LEFT * 0.5, 1.02 * p.threshold, p),
      ),
      silent("the disk fills up fast and the kubelet has not yet deleted unused images", (p) =>
        filling(LEFT * 1.05, p.threshold / 2, p),
      ),
      silent("the disk is read-only", (p) => filling(LEFT * 0.5, 0.5 * p.threshold, p, true)),
      silent("the disk is almost full and its usage does not change", () => ({ series: disk(SIZE * 0.02) })),
      silent("a new node pulls its images within half an hour", (p) => {
        const scrapes = (0.5 * HOUR) / seconds(p.scrapeInterval);
        return {
          series: changing(
            0.9 * SIZE,
            [
              [scrapes, -Math.round((0.56 * SIZE) / scrapes)],
              [1, 0],
            ],
            p,
          ),
          holdsFrom: 0.5 * HOUR,
        };
      }),
      silent("images use 95% of the disk after a single pull of half a window", (p) => {
        const window = scrapesOf(p);
        const pull = Math.floor(window / 2);
        return {
          series: changing(
            0.4 * SIZE,
            [
              [window, 0],
              [pull, -Math.round((0.35 * SIZE) / pull)],
              [1, 0],
            ],
            p,
          ),
          // Where the windows are short, the alert keeps firing for longer than a window after a growth of both.
          holdsFrom: Math.max(
            atScrape(Math.ceil(2.5 * window) + 2, p) + seconds(KEEP_FIRING_WITHOUT_OBJECTS) - seconds(p.for),
            atScrape(3 * window, p) - seconds(p.for),
            0,
          ),
        };
      }),
      silent("the kubelet deletes images each time that 85% of the disk is in use", (p) => ({
        series: changing(0.2 * SIZE, sawTooth(0.2 * SIZE, 0.151 * SIZE, 3 * scrapesOf(p)), p),
        holdsFrom: atScrape(5 * scrapesOf(p), p),
      })),
      silent("temporary files use more and more of the disk until they are deleted, again and again", (p) => {
        const window = scrapesOf(p);
        const period = (BEFORE + 1) * window;
        // Half a window after the third start, the last low is in the last window and the one before it in the time before.
        return {
          series: changing(0.12 * SIZE, sawTooth(0.12 * SIZE, 0.03 * SIZE, period), p),
          holdsFrom: Math.max(0, atScrape(2 * period + Math.floor(window / 2), p) - seconds(p.for)),
        };
      }),
    ],
  };
}

export const FILLING_DISK_ALERTS: readonly AlertDefinition[] = [
  fillingUp(HOURS, {
    name: "NodeFilesystemSpaceFillingUp",
    severity: "warning",
    for: "1h",
    mutedBy: [{ alert: "NodeFilesystemSpaceFillingUpFast", equal: ["node", "device"] }],
  }),
  fillingUp(FEW_HOURS, { name: "NodeFilesystemSpaceFillingUpFast", severity: "critical", for: "30m" }),
];
