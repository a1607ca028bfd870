import { JOBS } from "../../signals/jobs.ts";
import { MONITORING_SIGNALS } from "../../signals/platform.ts";
import type { AlertDefinition } from "../definition.ts";
import { prometheus } from "../exporters.ts";
import { fires, silent, steady } from "../situations.ts";

/** Whether a pod of a shard is up: the pods of the first shard have no number in their names. */
function up(shard: number, replica: number, value: 0 | 1) {
  const pod = `prometheus-prometheus${shard === 0 ? "" : `-shard-${shard}`}-${replica}`;
  return steady(prometheus("up", {}, pod), value);
}

/** Two replicas of each of so many shards, all up but some of one. */
function servers(shards: number, down: readonly number[]) {
  return Array.from({ length: shards }, (_, shard) =>
    [0, 1].map((replica) => up(shard, replica, shard === shards - 1 && down.includes(replica) ? 0 : 1)),
  ).flat();
}

/** 1 for each shard of which a replica can be scraped. Their numbers are in the names of their pods. */
const SHARDS_UP =
  `max by (shard) (label_replace(label_replace(up{job="${JOBS.prometheus}"}, "shard", "0", "pod", "prometheus-prometheus-[0-9]+"),` +
  ` "shard", "$1", "pod", "prometheus-prometheus-shard-([0-9]+)-[0-9]+"))`;

/** Alerts about the shards of Prometheus, of which every one scrapes the servers of all. */
export const SHARD_ALERTS: readonly AlertDefinition[] = [
  {
    name: "PrometheusShardDown",
    summary: "No replica of a shard of Prometheus runs",
    description: ({ for: held, shards = 2 }) =>
      `For at least ${held}, only {{ $value }} of ${shards} shards of Prometheus have had a replica that can be scraped.`,
    impact:
      "The targets of the shard are not scraped. Thanos Ruler evaluates no rule meanwhile, because each would miss a part of the series.",
    expr: ({ shards = 2 }) => `count(${SHARDS_UP} == 1) < ${shards}`,
    for: "3m",
    severity: "critical",
    signal: MONITORING_SIGNALS.targetsUp,
    jobs: [JOBS.prometheus],
    needs: "shards",
    cases: [
      fires("both replicas of a shard are down", ({ shards = 2 }) => ({
        series: servers(shards, [0, 1]),
        alerts: [{ labels: {}, value: String(shards - 1) }],
      })),
      fires("the pods of a shard are not discovered", ({ shards = 2 }) => ({
        series: servers(shards, []).slice(0, -2),
        alerts: [{ labels: {}, value: String(shards - 1) }],
      })),
      silent("one replica of a shard is down", ({ shards = 2 }) => ({ series: servers(shards, [1]) })),
    ],
  },
];
