import { describe, expect, it } from "vitest";
import { capacityChanges, newCost } from "../../../cli/review/capacity.ts";
import type { ModelResource } from "../../../cli/review/model.ts";
import { model, resource } from "./sample-model.ts";

const AWS = resource("pulumi:providers:aws", "aws", { inputs: { region: "eu-central-1" } });
const nodes = (instanceType: string, wanted: number, most = 4) =>
  resource("aws:eks/nodeGroup:NodeGroup", "cluster-general-a", {
    inputs: {
      instanceTypes: [instanceType],
      scalingConfig: { minSize: 1, desiredSize: wanted, maxSize: most },
    },
  });
const logs = (days: number) =>
  resource("aws:cloudwatch/logGroup:LogGroup", "cluster-logs", { inputs: { retentionInDays: days } });
const changes = (before: readonly ModelResource[], after: readonly ModelResource[]) =>
  capacityChanges(model({ resources: before }), model({ resources: after }));
const cost = (before: readonly ModelResource[], after: readonly ModelResource[]) =>
  changes(before, after).find(({ kind }) => kind === "cost-changed");

// An m7i.xlarge costs $0.2415 an hour in eu-central-1, $176.295 in 730 hours, and an m7i.large half of it.
describe("the cost of a change", () => {
  it("is said before and after, with the difference, the changed items and what the prices are", () => {
    const change = cost([AWS, nodes("m7i.xlarge", 1, 4)], [AWS, nodes("m7i.xlarge", 2, 5)]);
    expect(change?.what).toBe("$176 → $353 a month, $176 more");
    expect(change?.details).toEqual([
      {
        label: "nodes m7i.xlarge",
        before: "$176 (1 node at $0.2415 an hour)",
        after: "$353 (2 nodes at $0.2415 an hour)",
      },
      { label: "list prices of eu-central-1 (2026-08-15), without discounts, free tiers and taxes" },
    ]);
  });

  it("is less with a smaller instance type, and none of the sum is of a part that stays", () => {
    const gateway = resource("aws:ec2/natGateway:NatGateway", "a");
    const change = cost([AWS, gateway, nodes("m7i.xlarge", 1)], [AWS, gateway, nodes("m7i.large", 1)]);
    // 37.96 for the NAT gateway on both sides.
    expect(change?.what).toBe("$214 → $126 a month, $88.15 less");
    expect(change?.details?.map(({ label }) => label).slice(0, 3)).toEqual([
      "nodes m7i.large",
      "nodes m7i.xlarge",
      "with the most nodes of each group",
    ]);
  });

  it("says of an instance type without a price that the difference is not known", () => {
    const change = cost([AWS, nodes("m7i.xlarge", 1)], [AWS, nodes("m7g.xlarge", 1)]);
    expect(change?.what).toBe(
      "$176 → at least $0.00 a month; how much more or less is not known, because the price list has no price for a part",
    );
    expect(change?.details).toContainEqual({
      label: "no price for instance m7g.xlarge in eu-central-1: 1 node is not in the estimate",
    });
  });

  it("does not say a sum twice that a small change leaves as it is", () => {
    const address = resource("aws:ec2/eip:Eip", "a");
    const many = Array.from({ length: 3 }, (_, zone) => ({
      ...nodes("m7i.2xlarge", 3),
      name: `cluster-general-${zone}`,
    }));
    // $3,173.31 and 0.2 GiB of a volume.
    const volume = (storage: string) =>
      resource("kubernetes:apps/v1:StatefulSet", "cache", {
        inputs: {
          spec: {
            volumeClaimTemplates: [
              { spec: { storageClassName: "fast", resources: { requests: { storage } } } },
            ],
          },
        },
      });
    const fast = resource("kubernetes:storage.k8s.io/v1:StorageClass", "fast", {
      inputs: { parameters: { type: "gp3" } },
    });
    const change = cost(
      [AWS, address, fast, ...many, volume("1Gi")],
      [AWS, address, fast, ...many, volume("2Gi")],
    );
    expect(change?.what).toBe("$3,177 a month, $0.10 more");
  });

  it("is told if only the most nodes of a group change", () => {
    const change = cost([AWS, nodes("m7i.xlarge", 1, 4)], [AWS, nodes("m7i.xlarge", 1, 8)]);
    expect(change?.what).toBe(
      "$176 a month, as before; up to $705 → $1,410 with the most nodes of each group",
    );
  });

  it("is no change if nothing that has a price changes", () => {
    expect(cost([AWS, logs(90), nodes("m7i.xlarge", 1)], [AWS, logs(30), nodes("m7i.xlarge", 1)])).toBe(
      undefined,
    );
  });

  it("is not told of an environment without AWS", () => {
    expect(cost([nodes("m7i.xlarge", 1)], [nodes("m7i.xlarge", 2)])).toBeUndefined();
    expect(newCost(model({ resources: [nodes("m7i.xlarge", 1)] }))).toEqual([]);
  });

  it("of a new environment is the whole estimate", () => {
    const [change] = newCost(model({ resources: [AWS, nodes("m7i.xlarge", 1)] }));
    expect(change?.what).toBe("$176 a month");
    expect(change?.details?.[0]).toEqual({
      label: "nodes m7i.xlarge",
      after: "$176 (1 node at $0.2415 an hour)",
    });
  });
});

describe("the capacity that changes", () => {
  it("is nodes with their least and most, NAT gateways and how long logs are kept", () => {
    const gateway = resource("aws:ec2/natGateway:NatGateway", "a");
    const size = changes(
      [AWS, logs(90), nodes("m7i.xlarge", 1)],
      [AWS, gateway, logs(30), nodes("m7i.xlarge", 2)],
    )
      .filter(({ kind }) => kind === "capacity")
      .map(({ about, what }) => `${about}: ${what}`);
    expect(size).toEqual([
      "The capacity: NAT gateways 0 → 1; cluster-logs kept for 90 days → 30 days; nodes m7i.xlarge 1, and between 1 and 4 → 2, and between 1 and 4",
    ]);
  });

  it("is memory and volumes of the programs, of which a sentence says three and the details all", () => {
    const server = (replicas: number, memory: string, storage: string) =>
      resource("kubernetes:monitoring.coreos.com/v1:Prometheus", "monitoring", {
        inputs: {
          spec: {
            replicas,
            resources: { requests: { cpu: "1", memory }, limits: { memory } },
            storage: { volumeClaimTemplate: { spec: { resources: { requests: { storage } } } } },
          },
        },
      });
    const found = changes([server(1, "4Gi", "50Gi"), logs(7)], [server(2, "8Gi", "90Gi"), logs(30)]);
    expect(found.map(({ what }) => what)).toEqual([
      "CPU of Prometheus 1 × 1 → 2 × 1; cluster-logs kept for 7 days → 30 days; memory of Prometheus 1 × 4Gi → 2 × 8Gi; and 1 more",
    ]);
    expect(found[0]?.details).toContainEqual({
      label: "volumes of Prometheus",
      before: "1 × 50Gi",
      after: "2 × 90Gi",
    });
  });

  it("leaves alone what a deployment leaves alone of a resource that exists", () => {
    const server = (storage: string) =>
      resource("kubernetes:monitoring.coreos.com/v1:Prometheus", "monitoring", {
        ignoreChanges: ["spec.storage", "spec.retentionSize"],
        inputs: {
          spec: { storage: { volumeClaimTemplate: { spec: { resources: { requests: { storage } } } } } },
        },
      });
    expect(changes([server("50Gi")], [server("90Gi")])).toEqual([]);
    expect(changes([], [server("90Gi")]).map(({ what }) => what)).toEqual([
      "volumes of Prometheus new: 1 × 90Gi",
    ]);
  });
});
