import { seconds } from "../core/duration.ts";
import { bytes } from "../core/quantity.ts";

// What Prometheus needs for a load, computed from figures that each name their source. All sizes are bytes.

/**
 * Disk per sample in a block. Prometheus' storage documentation gives 1 to 2 bytes on average; the upper end is taken,
 * because gauges and new series compress worse than the average.
 */
export const BYTES_PER_SAMPLE = 2;

/**
 * Disk per sample in the write-ahead log: a record holds 10 to 12 bytes (a value of 8, and the differences of reference and time
 * as varints). Compressed, half of them gauges with noise, 7 to 8 were measured with Prometheus 3.13.1.
 */
const WAL_BYTES_PER_SAMPLE = 8;

/** The head is cut after 1.5 times a block of two hours, so log and head chunks hold up to three hours. */
const HEAD_SECONDS = 3 * 3600;

/**
 * A block goes only when its youngest sample is past the retention, and compaction makes blocks of up to a tenth of the
 * retention, 31 days at most: that much more is on the disk.
 */
const LARGEST_BLOCK_SHARE = 0.1;
const LARGEST_BLOCK_SECONDS = 31 * 86_400;

/**
 * The share of the volume that Prometheus may fill with blocks, log and head before it deletes its oldest block. The storage
 * documentation advises 80 to 85% at most: a compaction writes the new block before it removes the old ones.
 */
export const RETENTION_SIZE_RATIO = 0.8;

/**
 * Resident memory per series in the head, with what Go's collector leaves for later (GOGC 75, Prometheus' default). Measured with Prometheus
 * 3.13.5 at 10,000 to 120,000 series of seven labels: `npm run bench:capacity`.
 */
const USED_BYTES_PER_SERIES = 3 * 1024;

/** The same per native histogram of twenty buckets. */
const USED_BYTES_PER_HISTOGRAM = 23 * 1024;

/** The same before the first series. */
const USED_BASE_BYTES = 72 * 2 ** 20;

/** Disk per sample of a native histogram whose twenty buckets all change, measured as above. */
const BYTES_PER_HISTOGRAM_SAMPLE = 70;

/** Index of a block per series of the block: measured as above. */
const INDEX_BYTES_PER_SERIES = 85;

/**
 * Memory that a series needs beside its own: for queries, for ordinary churn, and for the replay of the log after a crash, where a server that was
 * sized for its steady state is killed again and again (prometheus#6934, #13939).
 */
const RESERVED_BYTES_PER_SERIES = 5 * 1024;
const MEMORY_BYTES_PER_SERIES = USED_BYTES_PER_SERIES + RESERVED_BYTES_PER_SERIES;

/** Memory before the first series: the program, its caches, service discovery, and room for queries. */
const MEMORY_BASE_BYTES = 256 * 2 ** 20;

/** What a replica has to hold. */
export interface Load {
  /** Series in the head. */
  readonly activeSeries: number;
  /** Prometheus duration between two samples of a series. */
  readonly scrapeInterval: string;
  /** Prometheus duration that samples are kept. */
  readonly retention: string;
  /** Series that others replace, by the hour: each stays in the head for up to three. Default: what the reserve has room for. */
  readonly replacedPerHour?: number;
  /** Native histograms of twenty buckets, beside the series. Default: none. */
  readonly nativeHistograms?: number;
  /** Series that rules record. Default: none beside `activeSeries`. */
  readonly recordedSeries?: number;
}

/** What a replica holds in its head beside the active series. */
interface HeadExtras {
  readonly series: number;
  readonly histograms: number;
}

function extrasOf({ replacedPerHour = 0, nativeHistograms = 0, recordedSeries = 0 }: Load): HeadExtras {
  return {
    series: (replacedPerHour * HEAD_SECONDS) / 3600 + recordedSeries,
    histograms: nativeHistograms,
  };
}

/** What a replica uses, in bytes, without a reserve: the model that the bench compares with a server. */
export interface Use {
  readonly memory: number;
  /** Write-ahead log of the head. */
  readonly log: number;
  /** A block of all that is in the head. */
  readonly block: number;
}

/** What a replica uses whose head has these samples of the load's series, and beside them so many of native histograms. */
export function useOf(load: Load, samples: number, histogramSamples = 0): Use {
  const { series, histograms } = extrasOf(load);
  const held = load.activeSeries + series;
  return {
    memory: USED_BASE_BYTES + held * USED_BYTES_PER_SERIES + histograms * USED_BYTES_PER_HISTOGRAM,
    log: samples * WAL_BYTES_PER_SAMPLE,
    block:
      samples * BYTES_PER_SAMPLE +
      histogramSamples * BYTES_PER_HISTOGRAM_SAMPLE +
      held * INDEX_BYTES_PER_SERIES,
  };
}

/** What a replica needs for a load, in bytes. */
export interface Need {
  readonly samplesPerSecond: number;
  /** Blocks of the whole retention and the largest block beyond it. */
  readonly blocks: number;
  /** Write-ahead log and head chunks. */
  readonly head: number;
  /** The volume that leaves the advised share free. */
  readonly volume: number;
  readonly memory: number;
}

/** What a replica needs for a load. */
export function needOf(load: Load): Need {
  const { activeSeries, scrapeInterval, retention } = load;
  const extras = extrasOf(load);
  const samplesPerSecond = activeSeries / seconds(scrapeInterval);
  const kept = seconds(retention);
  const overhang = Math.min(kept * LARGEST_BLOCK_SHARE, LARGEST_BLOCK_SECONDS);
  const blocks = samplesPerSecond * (kept + overhang) * BYTES_PER_SAMPLE;
  const head = samplesPerSecond * HEAD_SECONDS * (WAL_BYTES_PER_SAMPLE + BYTES_PER_SAMPLE);
  return {
    samplesPerSecond,
    blocks,
    head,
    volume: (blocks + head) / RETENTION_SIZE_RATIO,
    memory:
      MEMORY_BASE_BYTES +
      activeSeries * MEMORY_BYTES_PER_SERIES +
      extras.series * USED_BYTES_PER_SERIES +
      extras.histograms * USED_BYTES_PER_HISTOGRAM,
  };
}

/** The longest retention, in seconds, whose samples fit a volume of that many bytes. Below zero if not even the head fits. */
export function longestRetention(load: Omit<Load, "retention">, volume: number): number {
  const { samplesPerSecond, head } = needOf({ ...load, retention: "1s" });
  const keepable = (volume * RETENTION_SIZE_RATIO - head) / (samplesPerSecond * BYTES_PER_SAMPLE);
  const withoutCap = keepable / (1 + LARGEST_BLOCK_SHARE);
  return withoutCap * LARGEST_BLOCK_SHARE <= LARGEST_BLOCK_SECONDS
    ? withoutCap
    : keepable - LARGEST_BLOCK_SECONDS;
}

/** The most active series that fit into that many bytes of memory. */
export function mostSeries(memory: number): number {
  return Math.max(0, Math.floor((memory - MEMORY_BASE_BYTES) / MEMORY_BYTES_PER_SERIES));
}

/** Prometheus' `retentionSize` for a volume, in whole MiB, rounded down. */
export function retentionSize(volume: string): `${number}MiB` {
  return `${Math.floor((bytes(volume) * RETENTION_SIZE_RATIO) / 2 ** 20)}MiB`;
}

/** Bytes as the next whole quantity that holds them: `47Gi`, and `700Mi` below one GiB. */
export function atLeast(size: number): string {
  return size > 2 ** 30 ? `${Math.ceil(size / 2 ** 30)}Gi` : `${Math.max(1, Math.ceil(size / 2 ** 20))}Mi`;
}
