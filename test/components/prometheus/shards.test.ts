import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IPrometheus } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { describe, expect, it } from "vitest";
import { readWanted } from "../../../cli/volumes/wanted.ts";
import { CATALOGUE } from "../../../components/alerts/catalogue/index.ts";
import { monitoringObjects, renderMonitoring } from "../../../components/prometheus/render.ts";
import { shardProblems } from "../../../components/prometheus/rule-evaluation.ts";
import { READ_BY_PROMETHEUS } from "../../../components/prometheus/shards.ts";
import { statedVolumes } from "../../../infra/volumes.ts";
import { environmentOf } from "../../e2e/environment.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { resolved, WITH_RULER } from "./samples.ts";

const sharded = { ...WITH_RULER, settings: { ...WITH_RULER.settings, shards: 3 } };
const objects = monitoringObjects(resolved(sharded));
const prometheus = objects["prometheus"] as IPrometheus;

describe("a Prometheus with shards", () => {
  it("passes its schema, unknown fields refused, and says how many shards there are", () => {
    expect(strictProblems(prometheus)).toEqual([]);
    expect(prometheus.spec.shards).toBe(3);
    expect(
      (monitoringObjects(resolved(WITH_RULER))["prometheus"] as IPrometheus).spec.shards,
    ).toBeUndefined();
  });

  it("keeps the replicas of one shard apart, and not those of different shards", () => {
    const required = (prometheus.spec.topologySpreadConstraints ?? []).filter(
      ({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule",
    );
    expect(required).toMatchObject([
      { topologyKey: "topology.kubernetes.io/zone", maxSkew: 1, additionalLabelSelectors: "OnShard" },
      { topologyKey: "kubernetes.io/hostname", maxSkew: 1, additionalLabelSelectors: "OnShard" },
    ]);
    expect(prometheus.spec.affinity).toBeUndefined();
  });

  it("scrapes on every shard what the rules of Prometheus itself read, and nothing else", () => {
    const everywhere = (
      Object.values(renderMonitoring(resolved(sharded)).monitors) as (IServiceMonitor | IPodMonitor)[]
    )
      .filter(({ spec }) => JSON.stringify(spec).includes("__tmp_disable_sharding"))
      .map(({ metadata }) => metadata?.name);
    expect(everywhere.sort()).toEqual([...READ_BY_PROMETHEUS].sort());
    const parameters = { threshold: 1, for: "5m", severity: "critical", scrapeInterval: "30s" } as const;
    const read = CATALOGUE.filter(
      ({ area, needs }) => area === "prometheus" && needs !== "remote-write",
    ).flatMap(({ expr }) => expr(parameters).match(/(?<=job=")[\w-]+/g) ?? []);
    expect([...new Set(read)].sort()).toEqual([...READ_BY_PROMETHEUS].sort());
    expect(JSON.stringify(renderMonitoring(resolved(WITH_RULER)).monitors)).not.toContain("__tmp_disable");
  });

  it("is refused where a rule would see a part of the series, with a reason for each store", () => {
    const of = (store: unknown, rules: "local" | "store") =>
      shardProblems({ shards: 3, rules, store: store as never }, "prometheus").map(({ path, allowed }) => [
        path,
        allowed.slice(0, 40),
      ]);
    const thanos = WITH_RULER.settings.store;
    expect(of(thanos, "store")).toEqual([]);
    expect(of(thanos, "local")).toEqual(
      [["prometheus.rules", "store, with which Thanos Ruler sees the seri"]].map(([path, text = ""]) => [
        path,
        text.slice(0, 40),
      ]),
    );
    expect(of({ kind: "none" }, "local")[0]?.[1]).toContain("each shard has a part");
    expect(of({ kind: "endpoint" }, "local")[0]?.[1]).toContain("each shard has a part");
    expect(of({ kind: "amp", series: "all" }, "store")[0]?.[1]).toContain("the workspace keeps");
    expect(shardProblems({ shards: 1, rules: "local", store: { kind: "none" } }, "prometheus")).toEqual([]);
  });

  it("has a volume for each replica of each shard, which grow-volumes leaves alone", async () => {
    const prod = await environmentOf("prod");
    const environment = { ...prod, prometheus: { ...prod.prometheus, shards: 3 } };
    const [first] = statedVolumes(environment);
    expect(first?.count).toBe(3 * prod.prometheus.replicas);
    await expect(readWanted({} as never, { environment })).rejects.toThrow(
      /each shard has a StatefulSet of its own/,
    );
  });
});
