import { beforeAll, describe, expect, it } from "vitest";
import { type GraphResource, graphOf } from "../aws/graph.ts";
import { VARIANTS } from "../aws/variants.ts";
import { zoneLossFaults } from "./zone-loss.ts";

let production: readonly GraphResource[];

beforeAll(async () => {
  production = await graphOf("prod");
});

function faultsOf(resources: readonly GraphResource[]): readonly string[] {
  return zoneLossFaults(resources).map(({ at, found, allowed }) => `${at}: ${found}; allowed: ${allowed}`);
}

const {
  "one NAT gateway and a public endpoint": SINGLE_GATEWAY,
  "a VPC that exists, and callers from connected networks": _,
  ...WHOLE
} = VARIANTS;
const PROMETHEUS = "kubernetes:monitoring.coreos.com/v1:Prometheus";
const ALERTMANAGER = "kubernetes:monitoring.coreos.com/v1:Alertmanager";
const NODES = "aws:eks/nodeGroup:NodeGroup";
const SUBNET = "aws:ec2/subnet:Subnet";

describe("production, after the loss of any zone", () => {
  it("still has Prometheus, most of Alertmanager, DNS, a way out, and room for every pod", () => {
    expect(faultsOf(production)).toEqual([]);
  });

  it.each(Object.entries(WHOLE))("still has all of it with %s", async (_name, changes) => {
    // Of a Grafana on the cluster the last test says what is lost with its zone. The compactor of Thanos waits for its own: blocks are then
    // neither merged nor removed, and queries find all of them.
    const faults = faultsOf(await graphOf("prod", changes)).filter(
      (fault) => !/^(?:grafana|monitoring-thanos-compactor) without /.test(fault),
    );
    expect(faults).toEqual([]);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: the inputs of a resource, changed in place
type Change = (inputs: any) => void;

const MISTAKES: readonly (readonly [name: string, type: string, change: Change, says: RegExp])[] = [
  ["one Prometheus", PROMETHEUS, ({ spec }) => (spec.replicas = 1), /Prometheus without .*: 0 of 1/],
  [
    "a spread of Prometheus that is only wished for",
    PROMETHEUS,
    ({ spec }) => (spec.topologySpreadConstraints[0].whenUnsatisfiable = "ScheduleAnyway"),
    /Prometheus without .*: 0 of 2/,
  ],
  [
    "a spread of Prometheus over nodes alone",
    PROMETHEUS,
    ({ spec }) => (spec.topologySpreadConstraints[0].topologyKey = "kubernetes.io/hostname"),
    /Prometheus without .*: 0 of 2/,
  ],
  [
    "a Prometheus that fits on no node",
    PROMETHEUS,
    ({ spec }) => (spec.resources.requests.memory = "15Gi"),
    /Prometheus without .*: no node/,
  ],
  [
    "two members of Alertmanager",
    ALERTMANAGER,
    ({ spec }) => (spec.replicas = 2),
    /Alertmanager without .*: 1 of 2/,
  ],
  [
    "no spread of Alertmanager",
    ALERTMANAGER,
    ({ spec }) => delete spec.topologySpreadConstraints,
    /Alertmanager without .*: 0 of 3/,
  ],
  [
    "a spread of Alertmanager that lets two more into one zone",
    ALERTMANAGER,
    ({ spec }) => (spec.topologySpreadConstraints[0].maxSkew = 3),
    /Alertmanager without .*: 0 of 3/,
  ],
  [
    "nodes in one zone",
    SUBNET,
    (inputs) => (inputs.availabilityZone = "eu-central-1a"),
    /without eu-central-1a/,
  ],
  ["groups without a node", NODES, ({ scalingConfig }) => (scalingConfig.minSize = 0), /no node with room/],
  [
    "nodes that are too small",
    NODES,
    (inputs) => (inputs.instanceTypes = ["m7i.large"]),
    /Prometheus without .*: no node/,
  ],
  [
    "nodes with a taint",
    NODES,
    (inputs) => (inputs.taints = [{ key: "example.com/batch", effect: "NO_SCHEDULE" }]),
    /no zone has a node/,
  ],
  ["spot instances", NODES, (inputs) => (inputs.capacityType = "SPOT"), /no zone has a node/],
  [
    "volumes that are made before their pods",
    "kubernetes:storage.k8s.io/v1:StorageClass",
    (inputs) => (inputs.volumeBindingMode = "Immediate"),
    /the storage class: Immediate/,
  ],
  [
    "cluster DNS as EKS installs it",
    "aws:eks/addon:Addon",
    (inputs) => delete inputs.configurationValues,
    /cluster DNS: no spread/,
  ],
];

describe("a mistake that costs more than a zone", () => {
  it.each(MISTAKES)("is found: %s", (_name, type, change, says) => {
    const resources = structuredClone(production) as GraphResource[];
    for (const resource of resources) if (resource.type === type) change(resource.inputs);
    const faults = faultsOf(resources);
    expect(
      faults.some((fault) => says.test(fault)),
      faults.join("\n"),
    ).toBe(true);
  });

  const KARPENTER = "Karpenter, with a pool on demand and one of spot instances";
  it.each<readonly [string, string, Change, RegExp]>([
    [
      "one pod of Karpenter",
      "autoscaler-controller",
      ({ spec }) => (spec.replicas = 1),
      /the autoscaler: 1 pod/,
    ],
    [
      "Karpenter on its own nodes",
      "autoscaler-controller",
      ({ spec }) => delete spec.template.spec.affinity.nodeAffinity,
      /the autoscaler: a place on nodes that it starts itself/,
    ],
    [
      "a Karpenter that no node group has room for",
      "autoscaler-controller",
      ({ spec }) => (spec.template.spec.containers[0].resources.requests.memory = "15Gi"),
      /autoscaler-controller without .*: no node/,
    ],
  ])("is found: %s", async (_name, resource, change, says) => {
    const resources = [...structuredClone(await graphOf("prod", VARIANTS[KARPENTER]))] as GraphResource[];
    change(resources.find(({ name, type }) => name === resource && type.endsWith(":Deployment"))?.inputs);
    expect(faultsOf(resources).join("\n")).toMatch(says);
  });

  it("is found: EKS Auto Mode, or Karpenter, in one zone", async () => {
    for (const [variant, says] of [
      ["EKS Auto Mode", /Prometheus without eu-central-1a: 0 of 2 pods/],
      [KARPENTER, /autoscaler-class-general without eu-central-1a: no subnet to start nodes in/],
    ] as const) {
      const resources = [...structuredClone(await graphOf("prod", VARIANTS[variant]))] as GraphResource[];
      for (const { type, inputs } of resources)
        if (type === SUBNET) inputs.availabilityZone = "eu-central-1a";
      expect(faultsOf(resources).join("\n")).toMatch(says);
    }
  });

  it("is found: a load balancer in one zone", async () => {
    const name = "a load balancer with sign-in, and Grafana on the cluster";
    const served = [...structuredClone(await graphOf("prod", VARIANTS[name]))] as GraphResource[];
    for (const { type, name, inputs } of served)
      if (type === SUBNET && name.startsWith("network-ingress-")) inputs.availabilityZone = "eu-central-1a";
    expect(faultsOf(served).join("\n")).toContain("the load balancer without eu-central-1a: 0 of 0 subnets");
  });

  it("is found: one NAT gateway for all zones", async () => {
    expect((await graphOf("prod", SINGLE_GATEWAY ?? {})).length).toBeGreaterThan(0);
    expect(faultsOf(await graphOf("prod", SINGLE_GATEWAY ?? {}))).toContain(
      "the nodes in eu-central-1b without eu-central-1a: a NAT gateway in eu-central-1a; allowed: one in their own zone",
    );
  });

  // docs/how-to/choose-a-grafana.md says so: one pod with one volume.
  it("is found: a Grafana on the cluster, which is in one zone with its volume", async () => {
    const grafana = faultsOf(await graphOf("staging")).filter((fault) => fault.startsWith("grafana"));
    expect(grafana).toHaveLength(3);
    expect(grafana[0]).toContain("0 of 1 pods");
  });
});
