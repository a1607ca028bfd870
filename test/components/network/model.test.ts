import { describe, expect, it } from "vitest";
import { layoutOf, type NetworkSettings, networkProblems } from "../../../components/network/model.ts";
import { PRODUCTION_NETWORK } from "./settings.ts";

const SUBNETS = {
  private: ["10.40.0.0/19", "10.40.32.0/19", "10.40.64.0/19"],
  public: ["10.40.224.0/22", "10.40.228.0/22", "10.40.232.0/22"],
};

function problems(changes: Partial<NetworkSettings>) {
  return networkProblems({ ...PRODUCTION_NETWORK, ...changes }, "environment.network");
}

describe("a network without mistakes", () => {
  it.each([
    ["with computed subnets", {}],
    ["with subnets of its own", { subnets: SUBNETS }],
    ["as small as it may be", { cidr: "192.168.16.0/20" }],
  ] satisfies [string, Partial<NetworkSettings>][])("%s has no problem", (_, changes) => {
    expect(problems(changes)).toEqual([]);
  });

  it("pairs the blocks that it lists with its zones, in order", () => {
    expect(layoutOf({ ...PRODUCTION_NETWORK, subnets: SUBNETS }).private).toEqual({
      "eu-central-1a": "10.40.0.0/19",
      "eu-central-1b": "10.40.32.0/19",
      "eu-central-1c": "10.40.64.0/19",
    });
  });
});

interface Mistake {
  readonly title: string;
  readonly changes: Partial<NetworkSettings>;
  readonly path: string;
  readonly found: RegExp;
}

const MISTAKES: readonly Mistake[] = [
  { title: "a VPC that is too small", changes: { cidr: "10.40.0.0/21" }, path: "cidr", found: /too small/ },
  { title: "a VPC that is too large", changes: { cidr: "10.0.0.0/15" }, path: "cidr", found: /too large/ },
  { title: "a public VPC", changes: { cidr: "52.29.0.0/16" }, path: "cidr", found: /public addresses/ },
  {
    title: "a zone named twice",
    changes: { zones: ["eu-central-1a", "eu-central-1b", "eu-central-1a"] },
    path: "zones[2]",
    found: /zones\[0\] already names/,
  },
  {
    title: "zones of two regions",
    changes: { zones: ["eu-central-1a", "eu-west-1b"] },
    path: "zones[1]",
    found: /outside eu-central-1/,
  },
  {
    title: "a zone that the computed layout has no place for",
    changes: { zones: ["eu-central-1a", "eu-central-1z"] },
    path: "zones[1]",
    found: /eu-central-1z/,
  },
  {
    title: "a retention that CloudWatch does not take",
    changes: { flowLogRetentionDays: 45 },
    path: "flowLogRetentionDays",
    found: /^45$/,
  },
  {
    title: "fewer blocks than zones",
    changes: { subnets: { ...SUBNETS, private: SUBNETS.private.slice(1) } },
    path: "subnets.private",
    found: /2 blocks for 3 zones/,
  },
  {
    title: "more blocks than zones",
    changes: { subnets: { ...SUBNETS, public: [...SUBNETS.public, "10.40.236.0/22"] } },
    path: "subnets.public",
    found: /4 blocks for 3 zones/,
  },
  {
    title: "a subnet outside the VPC",
    changes: { subnets: { ...SUBNETS, private: ["10.41.0.0/19", ...SUBNETS.private.slice(1)] } },
    path: "subnets.private[0]",
    found: /outside the VPC/,
  },
  {
    title: "a private subnet that is too small",
    changes: { subnets: { ...SUBNETS, private: ["10.40.0.0/25", ...SUBNETS.private.slice(1)] } },
    path: "subnets.private[0]",
    found: /too small for a private subnet/,
  },
  {
    title: "a public subnet that is too small",
    changes: { subnets: { ...SUBNETS, public: ["10.40.224.0/28", ...SUBNETS.public.slice(1)] } },
    path: "subnets.public[0]",
    found: /too small for a public subnet/,
  },
  {
    title: "a public subnet over a private one",
    changes: { subnets: { ...SUBNETS, public: ["10.40.32.0/22", ...SUBNETS.public.slice(1)] } },
    path: "subnets.public[0]",
    found: /overlaps private\[1\], 10\.40\.32\.0\/19/,
  },
];

describe("a network with one mistake", () => {
  it.each(MISTAKES)("$title is one problem at $path", ({ changes, path, found }) => {
    const all = problems(changes);
    expect(all.map((problem) => problem.path)).toEqual([`environment.network.${path}`]);
    expect(all[0]?.found).toMatch(found);
    expect(all[0]?.allowed).not.toBe("");
    expect(all[0]?.fix).not.toMatch(/\.$/);
  });
});

describe("a network with several mistakes", () => {
  it("names them all at once", () => {
    const all = problems({ cidr: "52.29.0.0/21", flowLogRetentionDays: 2, zones: ["a-b-1a", "a-b-1a"] });
    expect(all.map(({ path }) => path)).toEqual([
      "environment.network.cidr",
      "environment.network.cidr",
      "environment.network.zones[1]",
      "environment.network.flowLogRetentionDays",
    ]);
  });
});
