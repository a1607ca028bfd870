import { createHash } from "node:crypto";
import { renderAlertRules } from "../../components/alerts/render.ts";
import { productionArgs } from "../components/alerts/samples.ts";

// How targets are divided among the shards of the engines' tests, and what says that one is away.

/** Shards of the tests. */
export const SHARDS = 3;

/** The shard of an address: Prometheus takes the last eight bytes of its MD5 (model/relabel/relabel.go, hashmod). */
export function shardOf(address: string): number {
  return Number(createHash("md5").update(address).digest().readBigUInt64BE(8) % BigInt(SHARDS));
}

/** The operator's rules for one shard of several (prometheus-operator 0.94, pkg/prometheus/promcfg.go). */
export function sharding(shard: number) {
  return [
    {
      source_labels: ["__address__", "__tmp_hash"],
      target_label: "__tmp_hash",
      regex: "(.+);",
      replacement: "$1",
      action: "replace",
    },
    { source_labels: ["__tmp_hash"], target_label: "__tmp_hash", modulus: SHARDS, action: "hashmod" },
    { source_labels: ["__tmp_hash", "__tmp_disable_sharding"], regex: `${shard};|.+;.+`, action: "keep" },
  ];
}

/** The alert that a shard is away, as it is rendered for so many. */
export const SHARD_ALERT = Object.values(
  renderAlertRules(
    productionArgs(
      {},
      {
        cluster: { distribution: "eks", store: "thanos", evaluator: "thanos-ruler", shards: SHARDS },
        rules: "store",
        scrapeInterval: "30s",
      },
    ),
  ),
)
  .flatMap(({ spec }) => spec.groups ?? [])
  .flatMap(({ rules = [] }) => rules)
  .find((rule) => rule.alert === "PrometheusShardDown");
