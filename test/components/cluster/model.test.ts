import { describe, expect, it } from "vitest";
import {
  type ClusterSettings,
  clusterProblems,
  clusterSettings,
  clusterTraits,
  type EksSettings,
} from "../../../components/cluster/model.ts";
import { GENERAL_NODES, PRODUCTION_EKS } from "./settings.ts";

const TODAY = "2026-11-23";

function problems(changes: Partial<EksSettings>, today = TODAY) {
  return clusterProblems({ ...PRODUCTION_EKS, ...changes }, "environment.cluster", today);
}

function open(...allowedCidrs: string[]): Partial<EksSettings> {
  return { endpoint: { access: "public", networks: [], allowedCidrs } };
}

function nodes(changes: Partial<EksSettings["nodeGroups"][string]>): Partial<EksSettings> {
  return { nodeGroups: { general: { ...GENERAL_NODES, ...changes } } };
}

describe("a cluster without mistakes", () => {
  it.each([
    ["as production has it", {}],
    ["open to two offices", open("203.0.113.0/24", "198.51.100.7/32")],
    ["with a pinned Amazon Linux image", nodes({ os: "al2023", imageRelease: "1.35.6-20260818" })],
    ["with a pinned Bottlerocket image", nodes({ imageRelease: "1.64.0-0a1b2c3d" })],
    ["on Graviton", nodes({ architecture: "arm64", instanceTypes: ["m7g.large", "r8g.large"] })],
    [
      "with a spare group that starts empty",
      {
        nodeGroups: { general: GENERAL_NODES, batch: { ...GENERAL_NODES, minPerZone: 0 } },
      },
    ],
  ] satisfies [string, Partial<EksSettings>][])("%s has no problem", (_, changes) => {
    expect(problems(changes)).toEqual([]);
  });
});

interface Mistake {
  readonly title: string;
  readonly changes: Partial<EksSettings>;
  readonly path: string;
  readonly found: RegExp;
}

const MISTAKES: readonly Mistake[] = [
  {
    title: "a version that EKS never had or not yet has",
    changes: { version: "1.99" },
    path: "version",
    found: /support calendar does not hold/,
  },
  {
    title: "a version whose standard support has ended",
    changes: { version: "1.33" },
    path: "version",
    found: /standard support ended on 2026-07-29/,
  },
  {
    title: "Service addresses in too small a block",
    changes: { serviceCidr: "172.20.0.0/25" },
    path: "serviceCidr",
    found: /too small/,
  },
  {
    title: "Service addresses in too large a block",
    changes: { serviceCidr: "10.0.0.0/8" },
    path: "serviceCidr",
    found: /too large/,
  },
  {
    title: "public Service addresses",
    changes: { serviceCidr: "52.29.0.0/16" },
    path: "serviceCidr",
    found: /public addresses/,
  },
  {
    title: "an API open to the internet",
    changes: open("0.0.0.0/0"),
    path: "endpoint.allowedCidrs[0]",
    found: /the whole internet/,
  },
  {
    title: "an API open to half of it",
    changes: open("203.0.113.0/24", "128.0.0.0/1"),
    path: "endpoint.allowedCidrs[1]",
    found: /128\.0\.0\.0\/1/,
  },
  {
    title: "a private block at the public endpoint",
    changes: open("10.8.0.0/24"),
    path: "endpoint.allowedCidrs[0]",
    found: /which is private/,
  },
  {
    title: "a block listed twice",
    changes: open("203.0.113.0/24", "203.0.113.0/24"),
    path: "endpoint.allowedCidrs[1]",
    found: /allowedCidrs\[0\] already covers/,
  },
  {
    title: "a block inside a later one",
    changes: open("203.0.113.7/32", "203.0.113.0/24"),
    path: "endpoint.allowedCidrs[0]",
    found: /allowedCidrs\[1\] already covers/,
  },
  {
    title: "a retention that CloudWatch does not take",
    changes: { logRetentionDays: 100 },
    path: "logRetentionDays",
    found: /^100$/,
  },
  {
    title: "a log listed twice",
    changes: { logs: ["audit", "api", "audit"] },
    path: "logs[2]",
    found: /entry 0 already names/,
  },
  {
    title: "an administrator listed twice",
    changes: { administrators: [...PRODUCTION_EKS.administrators, ...PRODUCTION_EKS.administrators] },
    path: "administrators[1]",
    found: /entry 0 already names/,
  },
  { title: "no node group", changes: { nodeGroups: {} }, path: "nodeGroups", found: /no node group/ },
  {
    title: "no node to begin with",
    changes: nodes({ minPerZone: 0 }),
    path: "nodeGroups",
    found: /minPerZone 0 in every group/,
  },
  {
    title: "more nodes at least than at most",
    changes: nodes({ minPerZone: 5, maxPerZone: 4 }),
    path: "nodeGroups.general.minPerZone",
    found: /5, above maxPerZone, 4/,
  },
  {
    title: "a Graviton type in an amd64 group",
    changes: nodes({ instanceTypes: ["m7i.large", "m7gd.large"] }),
    path: "nodeGroups.general.instanceTypes[1]",
    found: /whose processor is arm64/,
  },
  {
    title: "an Intel type in an arm64 group",
    changes: nodes({ architecture: "arm64" }),
    path: "nodeGroups.general.instanceTypes[0]",
    found: /whose processor is amd64/,
  },
  {
    title: "an instance with room for four pods",
    changes: nodes({ instanceTypes: ["t3.micro"] }),
    path: "nodeGroups.general.instanceTypes[0]",
    found: /room for four pods/,
  },
  {
    title: "an instance that runs macOS",
    changes: nodes({ instanceTypes: ["mac2.metal"] }),
    path: "nodeGroups.general.instanceTypes[0]",
    found: /mac2/,
  },
  {
    title: "an instance type listed twice",
    changes: nodes({ instanceTypes: ["m7i.large", "m7i.large"] }),
    path: "nodeGroups.general.instanceTypes[1]",
    found: /entry 0 already names/,
  },
  {
    title: "an Amazon Linux image of another Kubernetes version",
    changes: nodes({ os: "al2023", imageRelease: "1.34.9-20260818" }),
    path: "nodeGroups.general.imageRelease",
    found: /another Kubernetes version/,
  },
  {
    title: "a disk that the images do not fit on",
    changes: nodes({ diskSize: "8Gi" }),
    path: "nodeGroups.general.diskSize",
    found: /8Gi/,
  },
  {
    title: "a disk that EBS does not make",
    changes: nodes({ diskSize: "20Ti" }),
    path: "nodeGroups.general.diskSize",
    found: /20Ti/,
  },
  {
    title: "a disk of no whole gibibytes",
    changes: nodes({ diskSize: "51300Mi" }),
    path: "nodeGroups.general.diskSize",
    found: /51300Mi/,
  },
];

describe("a cluster with one mistake", () => {
  it.each(MISTAKES)("$title is one problem at $path", ({ changes, path, found }) => {
    const all = problems(changes);
    expect(all.map((problem) => problem.path)).toEqual([`environment.cluster.${path}`]);
    expect(all[0]?.found).toMatch(found);
    expect(all[0]?.allowed).not.toBe("");
    expect(all[0]?.fix).not.toMatch(/\.$/);
  });

  it("offers the versions that are supported on the day", () => {
    expect(problems({ version: "1.33" })[0]?.allowed).toBe(
      "a version in standard support on 2026-11-23: 1.34, 1.35, 1.36",
    );
  });
});

describe("the support calendar", () => {
  it("supports a version on its last day and not on the next", () => {
    expect(problems({ version: "1.34" }, "2026-12-02")).toEqual([]);
    expect(problems({ version: "1.34" }, "2026-12-03")).toHaveLength(1);
  });

  it("is read for the support that the cluster asks for", () => {
    expect(problems({ version: "1.33", support: "extended" })).toEqual([]);
    expect(problems({ version: "1.33", support: "extended" }, "2027-07-30")[0]?.found).toMatch(
      /extended support ended on 2027-07-29/,
    );
  });

  it("offers extended support only while there is some", () => {
    expect(problems({ version: "1.33" })[0]?.fix).toMatch(
      /support to extended, at a price, until 2027-07-29/,
    );
    expect(problems({ version: "1.33" }, "2028-01-01")[0]?.fix).toBe("upgrade one minor version at a time");
  });
});

describe("an existing cluster", () => {
  const settings: ClusterSettings = clusterSettings.parse({
    kind: "existing",
    name: "local",
    context: "kind-bellwether",
  });

  it("has a kubeconfig that is found from every directory", () => {
    for (const kubeconfig of ["~/.kube/config", "/etc/kubeconfig"])
      expect(clusterProblems({ ...settings, kubeconfig } as ClusterSettings, "cluster", TODAY)).toEqual([]);
    expect(
      clusterProblems({ ...settings, kubeconfig: "../config" } as ClusterSettings, "cluster", TODAY),
    ).toMatchObject([{ path: "cluster.kubeconfig" }]);
  });

  it("tells the rest of the platform its own name, zones and storage class", () => {
    expect(clusterTraits(settings, "dev", 3)).toEqual({
      name: "local",
      distribution: "generic",
      zones: 1,
      storageClass: "standard",
    });
  });
});

describe("the shape of a cluster", () => {
  it("refuses the name of a node group that leaves no room for the zone's", () => {
    const longName = "a".repeat(25);
    const parsed = clusterSettings.safeParse({
      ...PRODUCTION_EKS,
      nodeGroups: { [longName]: GENERAL_NODES },
    });
    expect(parsed.success).toBe(false);
  });

  it("refuses 1.30 as the number that YAML reads", () => {
    expect(clusterSettings.safeParse({ ...PRODUCTION_EKS, version: 1.3 }).success).toBe(false);
  });
});
