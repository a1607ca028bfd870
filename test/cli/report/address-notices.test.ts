import { describe, expect, it } from "vitest";
import { addressNotices } from "../../../cli/report/address-notices.ts";
import { autoscaler } from "../../../components/cluster/autoscaler-settings.ts";
import { environmentOf } from "../../e2e/environment.ts";

const prod = await environmentOf("prod");

/** Production with prefix delegation and a pool. Its groups have three zones of one /19 each: 8,192 addresses, of which AWS keeps five. */
function withPool(pool: object, changes: { readonly prefixDelegation?: boolean } = {}) {
  if (prod.cluster.kind !== "eks" || prod.network === undefined) throw new Error("prod has no EKS cluster");
  const pools = { general: { memoryLimit: "4096Gi", ...pool } };
  return {
    network: prod.network,
    cluster: {
      ...prod.cluster,
      prefixDelegation: true,
      nodeGroups: {},
      autoscaler: autoscaler.parse({ kind: "karpenter", pools }),
      ...changes,
    },
  };
}

describe("a report of an environment with Karpenter", () => {
  it("says when the nodes that it may start and their pods have no addresses in one zone", () => {
    // 63 nodes of 129 addresses are 8,127 of 8,187, and 64 are 8,256. A large has two vCPUs.
    expect(addressNotices(withPool({ cpuLimit: 127 }))).toEqual([]);
    const [notice] = addressNotices(withPool({ cpuLimit: 128 }));
    expect(notice).toContain("Karpenter may start 64 nodes");
    expect(notice).toContain("take 8,256 addresses");
    expect(notice).toContain("Zone eu-central-1a has 8,187 (10.40.0.0/19)");
  });

  it("counts nodes by the smallest type that the pool names", () => {
    const types = (...instanceTypes: string[]) => addressNotices(withPool({ cpuLimit: 256, instanceTypes }));
    expect(types("m7i.2xlarge", "m7i.4xlarge")).toEqual([]);
    expect(types("m7i.2xlarge", "m7i.large")[0]).toContain("128 nodes");
    // A medium with Graviton has one vCPU.
    expect(addressNotices(withPool({ cpuLimit: 64, architecture: "arm64" }))[0]).toContain("64 nodes");
  });

  it("counts the node groups of the zone beside it, and blocks for pods", () => {
    const { cluster, network } = withPool({ cpuLimit: 126 });
    const nodeGroups = prod.cluster.kind === "eks" ? prod.cluster.nodeGroups : {};
    const beside = { network, cluster: { ...cluster, nodeGroups } };
    expect(addressNotices(beside)).toHaveLength(1);
    expect(addressNotices({ ...beside, network: { ...network, podBlocks: ["100.64.0.0/16"] } })).toEqual([]);
  });

  it("says nothing where the number of addresses of a node is not known", () => {
    expect(addressNotices(withPool({ cpuLimit: 1024 }, { prefixDelegation: false }))).toEqual([]);
    expect(addressNotices(prod)).toEqual([]);
  });
});
