import { type Duration, seconds } from "../../components/core/duration.ts";
import { BYTES_PER_SAMPLE } from "../../components/prometheus/capacity.ts";

const DAY_SECONDS = 86_400;
/** Of each five minutes and each hour Thanos keeps five values: count, sum, minimum, maximum and counter (Thanos 0.42, docs/components/compact.md). */
const AGGREGATES = 5;

/** How long Thanos keeps samples in a bucket that the program creates, and from how many servers. */
export interface Blocks {
  /** Servers that upload the same series. */
  readonly replicas: number;
  /** Servers that the series are divided among, each sized for as many. */
  readonly shards: number;
  readonly raw: Duration;
  readonly fiveMinutes: Duration;
  readonly hours: Duration;
}

/**
 * Bytes of all blocks once the longest retention has passed, for so many series in a server. Two bytes a value, as on the disk of Prometheus:
 * the upper end. Samples of five minutes and an hour are counted from the first day on, although Thanos makes them after 40 hours and ten days.
 */
export function bytesOfBlocks(
  { replicas, shards, raw, fiveMinutes, hours }: Blocks,
  series: number,
  scrapeInterval: Duration,
): number {
  const values =
    seconds(raw) / seconds(scrapeInterval) +
    (AGGREGATES * seconds(fiveMinutes)) / 300 +
    (AGGREGATES * seconds(hours)) / 3600;
  return replicas * shards * series * values * BYTES_PER_SAMPLE;
}

/** How long each is kept, such as `90 days of samples, 400 of five minutes, 400 of an hour`. */
export function retentionInWords({ raw, fiveMinutes, hours }: Blocks): string {
  const days = (kept: Duration) => Math.round(seconds(kept) / DAY_SECONDS);
  return `${days(raw)} days of samples, ${days(fiveMinutes)} of five minutes, ${days(hours)} of an hour`;
}
