import { beforeAll, describe, expect, it } from "vitest";
import { graph, type Resource } from "./previews.ts";

const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

let resources: readonly Resource[];

beforeAll(() => {
  resources = graph("prod");
});

function ofType(type: string): readonly Resource[] {
  return resources.filter((resource) => resource.type === type);
}

function only(type: string): Resource {
  const [first, ...others] = ofType(type);
  if (first === undefined || others.length > 0)
    throw new Error(`${1 + others.length} resources of type ${type}`);
  return first;
}

function inZones(type: string, prefix: string): readonly string[] {
  return ofType(type)
    .map(({ name }) => name)
    .filter((name) => name.startsWith(`${prefix}-`))
    .map((name) => name.slice(prefix.length + 1));
}

/** Whether a resource comes after another, by what it depends on, its provider included, however far. */
function isAfter(later: Resource, earlier: Resource): boolean {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const seen = new Set<string>();
  const waiting = [later.urn];
  while (waiting.length > 0) {
    const urn = waiting.pop() as string;
    if (urn === earlier.urn) return true;
    if (seen.has(urn)) continue;
    seen.add(urn);
    const { dependsOn = [], provider } = byUrn.get(urn) ?? {};
    waiting.push(...dependsOn, ...(provider ? [provider] : []));
  }
  return false;
}

function addOn(name: string): Resource {
  const found = ofType("aws:eks/addon:Addon").find(({ inputs }) => inputs.addonName === name);
  if (found === undefined) throw new Error(`no add-on ${name}`);
  return found;
}

describe("the network of production", () => {
  it("is one VPC with a private and a public subnet in each zone, tagged for load balancers", () => {
    expect(only("aws:ec2/vpc:Vpc").inputs).toMatchObject({
      cidrBlock: "10.40.0.0/16",
      enableDnsHostnames: true,
    });
    expect(inZones("aws:ec2/subnet:Subnet", "network-private")).toEqual(ZONES);
    expect(inZones("aws:ec2/subnet:Subnet", "network-public")).toEqual(ZONES);
    for (const { name, inputs } of ofType("aws:ec2/subnet:Subnet"))
      expect(inputs.tags).toHaveProperty([
        name.includes("private") ? "kubernetes.io/role/internal-elb" : "kubernetes.io/role/elb",
      ]);
  });

  it("leaves each zone through a NAT gateway of its own", () => {
    expect(inZones("aws:ec2/natGateway:NatGateway", "network-nat")).toEqual(ZONES);
  });
});

describe("the cluster of production", () => {
  it("encrypts its secrets with a key that rotates", () => {
    const cluster = only("aws:eks/cluster:Cluster");
    expect(cluster.inputs.encryptionConfig.resources).toEqual(["secrets"]);
    const key = ofType("aws:kms/key:Key").find(({ name }) => name === "cluster-secrets");
    expect(key).toMatchObject({ protect: true, inputs: { enableKeyRotation: true } });
    expect(isAfter(cluster, key as Resource)).toBe(true);
  });

  it("keeps every log of the control plane, has a private endpoint only, and refuses to be deleted", () => {
    const { inputs, protect } = only("aws:eks/cluster:Cluster");
    expect([...inputs.enabledClusterLogTypes].sort()).toEqual([
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
    expect(inputs.vpcConfig).toMatchObject({ endpointPrivateAccess: true, endpointPublicAccess: false });
    expect(inputs.deletionProtection).toBe(true);
    expect(inputs.accessConfig).toMatchObject({
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: false,
    });
    expect(protect).toBe(true);
  });

  it("has a node group in each zone, whose nodes ask for IMDSv2 and encrypt their disks", () => {
    expect(inZones("aws:eks/nodeGroup:NodeGroup", "cluster-general")).toEqual(ZONES);
    for (const { inputs } of ofType("aws:ec2/launchTemplate:LaunchTemplate")) {
      expect(inputs.metadataOptions).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
      for (const disk of inputs.blockDeviceMappings) expect(disk.ebs).toMatchObject({ encrypted: "true" });
    }
  });

  it("has what the nodes need before them, and what needs nodes after them", () => {
    const [node] = ofType("aws:eks/nodeGroup:NodeGroup");
    if (node === undefined) throw new Error("no node group");
    for (const name of ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"])
      expect(isAfter(node, addOn(name)), name).toBe(true);
    for (const name of ["coredns", "aws-ebs-csi-driver"]) expect(isAfter(addOn(name), node), name).toBe(true);
    expect(JSON.parse(addOn("vpc-cni").inputs.configurationValues)).toMatchObject({
      enableNetworkPolicy: "true",
    });
  });

  it("gives volumes an encrypted class that waits for its first consumer and keeps what it held", () => {
    expect(only("kubernetes:storage.k8s.io/v1:StorageClass").inputs).toMatchObject({
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Retain",
      parameters: { type: "gp3", encrypted: "true" },
      metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    });
  });
});

describe("the monitoring of production", () => {
  it("is two Prometheus servers and three members of Alertmanager, whose claims are kept", () => {
    const prometheus = only("kubernetes:monitoring.coreos.com/v1:Prometheus").inputs.spec;
    const alertmanager = only("kubernetes:monitoring.coreos.com/v1:Alertmanager").inputs.spec;
    expect(prometheus.replicas).toBe(2);
    expect(alertmanager.replicas).toBe(3);
    for (const { persistentVolumeClaimRetentionPolicy } of [prometheus, alertmanager])
      expect(persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: "Retain", whenScaled: "Retain" });
  });

  it("selects every monitor and rule of every namespace", () => {
    const { spec } = only("kubernetes:monitoring.coreos.com/v1:Prometheus").inputs;
    for (const kind of ["serviceMonitor", "podMonitor", "probe", "rule", "scrapeConfig"]) {
      expect(spec[`${kind}Selector`], kind).toEqual({});
      expect(spec[`${kind}NamespaceSelector`], kind).toEqual({});
    }
  });

  it("waits for the nodes, the storage class and the operator's definitions", () => {
    const prometheus = only("kubernetes:monitoring.coreos.com/v1:Prometheus");
    for (const type of ["kubernetes:storage.k8s.io/v1:StorageClass", "kubernetes:helm.sh/v3:Release"])
      expect(isAfter(prometheus, only(type)), type).toBe(true);
    for (const node of ofType("aws:eks/nodeGroup:NodeGroup")) expect(isAfter(prometheus, node)).toBe(true);
  });
});

describe("what holds data in production", () => {
  it("is protected: the store of samples, keys, logs, the cluster, the namespace, Prometheus and Alertmanager", () => {
    const kept = resources.filter(({ protect }) => protect).map(({ type, name }) => `${type} ${name}`);
    expect(kept.sort()).toEqual([
      "aws:amp/workspace:Workspace samples",
      "aws:cloudwatch/logGroup:LogGroup cluster-logs",
      "aws:cloudwatch/logGroup:LogGroup network-flow-logs",
      "aws:eks/cluster:Cluster cluster",
      "aws:kms/key:Key cluster-logs-key",
      "aws:kms/key:Key cluster-secrets",
      "aws:kms/key:Key network-flow-logs-key",
      "kubernetes:core/v1:Namespace monitoring-namespace",
      "kubernetes:monitoring.coreos.com/v1:Alertmanager alertmanager",
      "kubernetes:monitoring.coreos.com/v1:Prometheus monitoring",
    ]);
  });
});

describe("providers", () => {
  it("are explicit for every resource, and AWS is held to its account", () => {
    const custom = resources.filter(
      ({ type }) => !type.startsWith("bellwether:") && !type.startsWith("pulumi:"),
    );
    expect(custom.filter((resource) => !("provider" in resource))).toEqual([]);
    const inputs = only("pulumi:providers:aws").inputs;
    expect(JSON.parse(inputs.allowedAccountIds)).toEqual(["111122223333"]);
    expect(only("pulumi:providers:kubernetes").inputs).toHaveProperty(
      "clusterIdentifier",
      "arn:aws:eks:eu-central-1:111122223333:cluster/prod",
    );
  });
});
