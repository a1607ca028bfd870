import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { clashes, selects } from "../../../cli/adopt-cluster/clashes.ts";
import { environmentFile } from "../../../cli/adopt-cluster/environment.ts";
import { type Found, inventoryOf } from "../../../cli/adopt-cluster/inventory.ts";
import { resolveEnvironment } from "../../../stacks/resolve.ts";

const node = (zone: string, providerID = "kind://node"): Found => ({
  kind: "Node",
  metadata: { name: `node-${zone}`, labels: { "topology.kubernetes.io/zone": zone } },
  spec: { providerID },
});
const storage = (name: string, isDefault: boolean): Found => ({
  kind: "StorageClass",
  metadata: {
    name,
    annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) },
  },
});
const CHOICES = { name: "trial", owner: "platform", teams: ["shop"], context: "kind-trial" } as const;

function environment(objects: readonly Found[], tier: "production" | "development", context = "kind-trial") {
  const text = environmentFile(inventoryOf(objects), { ...CHOICES, tier, context });
  return (parse(text) as { config: Record<string, unknown> }).config["bellwether:environment"];
}

function problems(raw: unknown) {
  const context = { stack: "trial", today: "2026-11-23", environments: ["trial"], services: [] };
  const result = resolveEnvironment(raw, context);
  return result.ok ? [] : result.problems;
}

describe("an empty cluster", () => {
  it("gets an environment without a mistake in every size, with no more replicas than zones", () => {
    for (const tier of ["production", "development"] as const)
      for (const zones of [["a"], ["a", "b"], ["a", "b", "c"]]) {
        const raw = environment([...zones.map((zone) => node(zone)), storage("standard", true)], tier);
        expect(problems(raw), `${tier} in ${zones.length} zones`).toEqual([]);
        expect(raw).toMatchObject({ cluster: { zones: zones.length, storageClass: "standard" } });
        expect(JSON.stringify(raw)).not.toContain("beside");
      }
  });

  it("without a storage class is told so", () => {
    const wrong = clashes(inventoryOf([node("a")])).filter(({ state }) => state === "wrong");
    expect(wrong).toMatchObject([{ check: "storage class", found: "none" }]);
  });
});

describe("an EKS cluster", () => {
  const nodes = [node("a", "aws:///eu-central-1a/i-0"), storage("gp2", false), storage("gp3", true)];

  it("is named by the ARN that its context has, with its account and region", () => {
    const arn = "arn:aws:eks:eu-central-1:111122223333:cluster/shop-prod";
    const raw = environment(nodes, "development", arn);
    expect(problems(raw)).toEqual([]);
    expect(raw).toMatchObject({
      aws: { accountId: "111122223333", region: "eu-central-1" },
      cluster: { name: "shop-prod", context: arn, eks: { name: "shop-prod" }, storageClass: "gp3" },
    });
  });

  it("with a context of another name has the metrics of EKS, and no account", () => {
    const raw = environment(nodes, "development", "Shop@prod");
    expect(problems(raw)).toEqual([]);
    expect(raw).toMatchObject({ cluster: { name: "shop-prod", distribution: "eks" } });
    expect(raw).not.toHaveProperty("aws");
  });
});

describe("a cluster on which something else has the namespace monitoring", () => {
  const namespaced = (...names: readonly string[]): Found[] => [
    node("a"),
    storage("standard", true),
    ...names.map((name): Found => ({ kind: "Namespace", metadata: { name } })),
  ];

  it.each([
    [["monitoring"], { monitoring: "bellwether", node: "bellwether-node" }],
    [["monitoring-node"], { monitoring: "bellwether", node: "bellwether-node" }],
    [
      ["monitoring", "bellwether"],
      { monitoring: "bellwether-monitoring", node: "bellwether-monitoring-node" },
    ],
  ])("%j: gets an environment with names that are free, and no clash", (names, namespaces) => {
    const objects = namespaced(...names);
    const raw = environment(objects, "development");
    expect(raw).toMatchObject({ namespaces });
    expect(problems(raw)).toEqual([]);
    expect(clashes(inventoryOf(objects)).filter(({ state }) => state === "wrong")).toEqual([]);
  });

  it("is told to choose if all names are taken that are tried, and gets none otherwise", () => {
    const taken = inventoryOf(namespaced("monitoring", "bellwether", "bellwether-monitoring"));
    expect(clashes(taken).filter(({ state }) => state === "wrong")).toMatchObject([
      { check: "namespaces", found: expect.stringMatching(/^monitoring, which/) },
    ]);
    expect(environment(namespaced("shop"), "development")).not.toHaveProperty("namespaces");
  });
});

describe("a label selector", () => {
  const OURS = { "app.kubernetes.io/part-of": "bellwether" };
  const key = "app.kubernetes.io/part-of";
  it.each([
    [undefined, false],
    [{}, true],
    [{ matchLabels: { release: "kps" } }, false],
    [{ matchLabels: OURS }, true],
    [{ matchExpressions: [{ key, operator: "NotIn", values: ["bellwether"] }] }, false],
    [{ matchExpressions: [{ key, operator: "In", values: ["bellwether"] }] }, true],
    [{ matchExpressions: [{ key: "release", operator: "Exists" }] }, false],
    [{ matchExpressions: [{ key: "release", operator: "DoesNotExist" }] }, true],
  ])("%j takes the platform's monitors: %s", (selector, takes) => {
    expect(selects(selector, OURS)).toBe(takes);
  });
});

describe("a platform of Bellwether that is there", () => {
  it("is a clash, and neither its namespace nor its operator is somebody else's", () => {
    const labels = { "app.kubernetes.io/part-of": "bellwether" };
    const inventory = inventoryOf([
      storage("standard", true),
      { kind: "Namespace", metadata: { name: "monitoring", labels } },
      { kind: "Prometheus", metadata: { name: "prometheus", namespace: "monitoring", labels } },
    ]);
    expect(inventory).toMatchObject({ platform: "monitoring", prometheuses: [] });
    expect(clashes(inventory).filter(({ state }) => state === "wrong")).toMatchObject([
      { check: "namespaces", found: "a platform of Bellwether, in monitoring" },
    ]);
  });
});
