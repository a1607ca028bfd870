import { beforeAll, describe, expect, it } from "vitest";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { Network } from "../../../components/network/component.ts";
import type { NetworkSettings } from "../../../components/network/model.ts";
import { label, type Recording, record, value, waitedFor } from "../../support/pulumi-mocks.ts";
import { PRODUCTION_NETWORK } from "./settings.ts";

const ZONES = PRODUCTION_NETWORK.zones;
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

function networkOf(settings: NetworkSettings, protectData = true): Promise<Recording> {
  return record(() => {
    new Network("network", {
      settings,
      clusterName: "prod",
      accountId: "111122223333",
      tags: { "bellwether:environment": "prod" },
      protectData,
    });
  });
}

describe("a production network", () => {
  let recording: Recording;
  beforeAll(async () => {
    recording = await networkOf(PRODUCTION_NETWORK);
  });

  it("is one VPC that resolves the names of a private cluster endpoint", () => {
    const vpc = recording.the("aws:ec2/vpc:Vpc", "network");
    expect(vpc.inputs).toMatchObject({
      cidrBlock: "10.40.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
    });
    expect(vpc.parent).toBe("bellwether:network:Network network");
  });

  it("has a private and a public subnet in every zone, tagged for the load balancers of its cluster", () => {
    for (const zone of ZONES) {
      expect(recording.the("aws:ec2/subnet:Subnet", `network-private-${zone}`).inputs).toMatchObject({
        availabilityZone: zone,
        mapPublicIpOnLaunch: false,
        tags: { "kubernetes.io/role/internal-elb": "1", "kubernetes.io/cluster/prod": "shared" },
      });
      expect(recording.the("aws:ec2/subnet:Subnet", `network-public-${zone}`).inputs).toMatchObject({
        availabilityZone: zone,
        mapPublicIpOnLaunch: false,
        tags: { "kubernetes.io/role/elb": "1", "kubernetes.io/cluster/prod": "shared" },
      });
    }
    expect(recording.ofType("aws:ec2/subnet:Subnet")).toHaveLength(6);
  });

  it("leads every private subnet to the NAT gateway of its own zone", () => {
    expect(recording.ofType("aws:ec2/natGateway:NatGateway")).toHaveLength(3);
    expect(recording.ofType("aws:ec2/eip:Eip")).toHaveLength(3);
    for (const zone of ZONES)
      expect(recording.the("aws:ec2/route:Route", `network-private-${zone}`).inputs).toMatchObject({
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: `network-nat-${zone}-id`,
      });
  });

  it("puts each NAT gateway into the public subnet of its zone, once the internet gateway is attached", () => {
    for (const zone of ZONES) {
      const gateway = recording.the("aws:ec2/natGateway:NatGateway", `network-nat-${zone}`);
      expect(gateway.inputs).toMatchObject({
        subnetId: `network-public-${zone}-id`,
        allocationId: `network-nat-${zone}-id`,
      });
      expect(gateway.dependsOn).toContain(
        label({ type: "aws:ec2/internetGateway:InternetGateway", name: "network-internet" }),
      );
    }
  });

  it("associates a subnet only after its default route, so that its id stands for a routed subnet", () => {
    for (const zone of ZONES)
      expect(
        recording.the("aws:ec2/routeTableAssociation:RouteTableAssociation", `network-private-${zone}`)
          .dependsOn,
      ).toContain(label({ type: "aws:ec2/route:Route", name: `network-private-${zone}` }));
  });

  it("gives out subnet ids that wait for the association with the route table", async () => {
    let network: Network | undefined;
    await record(() => {
      network = new Network("network", {
        settings: PRODUCTION_NETWORK,
        clusterName: "prod",
        accountId: "111122223333",
        tags: {},
        protectData: false,
      });
    });
    for (const id of Object.values(network?.privateSubnetIds ?? {})) {
      expect(await value(id)).toMatch(/^network-private-.*-id$/);
      expect(await waitedFor(id)).toContain("aws:ec2/routeTableAssociation:RouteTableAssociation");
    }
  });

  it("takes every rule from the default security group", () => {
    expect(
      recording.the("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "network-default").inputs,
    ).toMatchObject({ ingress: [], egress: [] });
  });

  it("logs rejected traffic to an encrypted group that is kept for 90 days", () => {
    const flowLog = recording.the("aws:ec2/flowLog:FlowLog", "network-rejected");
    expect(flowLog.inputs).toMatchObject({
      trafficType: "REJECT",
      logDestination: "arn:aws:test:::network-flow-logs",
      iamRoleArn: "arn:aws:test:::network-flow-logs",
    });
    expect(flowLog.dependsOn).toContain("aws:iam/rolePolicy:RolePolicy network-flow-logs");
    const group = recording.the("aws:cloudwatch/logGroup:LogGroup", "network-flow-logs");
    expect(group.inputs).toMatchObject({
      name: "/aws/vpc/prod/flow-logs",
      retentionInDays: 90,
      kmsKeyId: "arn:aws:test:::network-flow-logs-key",
    });
    const key = recording.the("aws:kms/key:Key", "network-flow-logs-key");
    expect(key.inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect([group.protect, key.protect]).toEqual([true, true]);
  });

  it("lets CloudWatch use the key for that log group and no other", () => {
    const { policy } = recording.the("aws:kms/key:Key", "network-flow-logs-key").inputs;
    expect(JSON.parse(String(policy)).Statement[1]).toMatchObject({
      Principal: { Service: "logs.eu-central-1.amazonaws.com" },
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn":
            "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/vpc/prod/flow-logs",
        },
      },
    });
  });

  it("tags everything that can be tagged with its environment", () => {
    const untagged = recording.all.filter(
      ({ type, inputs }) =>
        type.startsWith("aws:") &&
        ![
          "aws:ec2/route:Route",
          "aws:ec2/routeTableAssociation:RouteTableAssociation",
          "aws:iam/rolePolicy:RolePolicy",
        ].includes(type) &&
        (inputs["tags"] as Record<string, string> | undefined)?.["bellwether:environment"] !== "prod",
    );
    expect(untagged.map(label)).toEqual([]);
  });
});

describe("a cheaper network", () => {
  it("leads every private subnet to the one NAT gateway, in the first zone", async () => {
    const recording = await networkOf({ ...PRODUCTION_NETWORK, natGateways: "single" });
    expect(recording.ofType("aws:ec2/natGateway:NatGateway").map(({ name }) => name)).toEqual([
      "network-nat-eu-central-1a",
    ]);
    for (const zone of ZONES)
      expect(recording.the("aws:ec2/route:Route", `network-private-${zone}`).inputs).toMatchObject({
        natGatewayId: "network-nat-eu-central-1a-id",
      });
  });

  it("makes neither flow log, nor group, nor key, nor role when flow logs are off", async () => {
    const recording = await networkOf({ ...PRODUCTION_NETWORK, flowLogs: false });
    const types = recording.all.map(({ type }) => type);
    for (const type of [
      "aws:ec2/flowLog:FlowLog",
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:kms/key:Key",
      "aws:iam/role:Role",
    ])
      expect(types).not.toContain(type);
  });

  it("reaches S3 from every private subnet without a NAT gateway, and has no other endpoint unless it is asked for", async () => {
    const recording = await networkOf(PRODUCTION_NETWORK);
    expect(recording.ofType(ENDPOINT).map(({ name }) => name)).toEqual(["network-s3"]);
    expect(recording.the(ENDPOINT, "network-s3").inputs).toMatchObject({
      vpcEndpointType: "Gateway",
      serviceName: "com.amazonaws.eu-central-1.s3",
      routeTableIds: ZONES.map((zone) => `network-private-${zone}-id`),
    });
  });

  it("has an address of each endpoint that is asked for in every zone, reached from the VPC by HTTPS alone", async () => {
    const recording = await networkOf({ ...PRODUCTION_NETWORK, interfaceEndpoints: ["ecr.api", "sts"] });
    for (const [name, service] of [
      ["network-ecr-api", "ecr.api"],
      ["network-sts", "sts"],
    ] as const) {
      const { inputs } = recording.the(ENDPOINT, name);
      expect(inputs).toMatchObject({
        vpcEndpointType: "Interface",
        serviceName: `com.amazonaws.eu-central-1.${service}`,
        securityGroupIds: ["network-endpoints-id"],
        privateDnsEnabled: true,
      });
      expect(inputs["subnetIds"]).toHaveLength(3);
    }
    const rules = recording.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    expect(rules.map(({ inputs }) => [inputs["cidrIpv4"], inputs["fromPort"], inputs["toPort"]])).toEqual([
      ["10.40.0.0/16", 443, 443],
    ]);
  });

  it("has subnets for pods in each block of theirs, which the CNI finds by tag and which are there as long as nodes are", async () => {
    const blocks = ["100.64.0.0/16", "10.140.0.0/18"];
    const recording = await networkOf({
      ...PRODUCTION_NETWORK,
      podBlocks: blocks,
      interfaceEndpoints: ["sts"],
    });
    const made = recording.ofType("aws:ec2/subnet:Subnet").filter(({ name }) => name.includes("-pods-"));
    expect(made.map(({ name, inputs }) => [name, inputs["cidrBlock"]])).toEqual([
      ["network-pods-100.64.0.0/16-eu-central-1a", "100.64.0.0/19"],
      ["network-pods-10.140.0.0/18-eu-central-1a", "10.140.0.0/21"],
      ["network-pods-100.64.0.0/16-eu-central-1b", "100.64.32.0/19"],
      ["network-pods-10.140.0.0/18-eu-central-1b", "10.140.8.0/21"],
      ["network-pods-100.64.0.0/16-eu-central-1c", "100.64.64.0/19"],
      ["network-pods-10.140.0.0/18-eu-central-1c", "10.140.16.0/21"],
    ]);
    for (const { name, inputs, dependsOn } of made) {
      expect(inputs).toMatchObject({ mapPublicIpOnLaunch: false, tags: { "kubernetes.io/role/cni": "1" } });
      const block = blocks.find((each) => name.includes(each)) ?? "";
      expect(dependsOn).toContain(
        `aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation network-pods-${block}`,
      );
      const zone = ZONES.find((each) => name.endsWith(each)) ?? "";
      const association = "aws:ec2/routeTableAssociation:RouteTableAssociation";
      expect(recording.the(association, name).inputs["routeTableId"]).toBe(`network-private-${zone}-id`);
      expect(recording.the(association, `network-private-${zone}`).dependsOn).toContain(
        `${association} ${name}`,
      );
    }
    const rules = recording.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    expect(rules.map(({ inputs }) => inputs["cidrIpv4"])).toEqual(["10.40.0.0/16", ...blocks]);
  });

  it("protects nothing when its data need not be kept", async () => {
    const recording = await networkOf(PRODUCTION_NETWORK, false);
    expect(recording.all.filter(({ protect }) => protect)).toEqual([]);
  });
});

describe("the identity of subnets", () => {
  it("stays the same when zones are added and reordered", async () => {
    const before = await networkOf(PRODUCTION_NETWORK);
    const after = await networkOf({
      ...PRODUCTION_NETWORK,
      zones: ["eu-central-1d", "eu-central-1c", "eu-central-1b", "eu-central-1a"],
    });
    for (const { name, inputs } of before.ofType("aws:ec2/subnet:Subnet"))
      expect(after.the("aws:ec2/subnet:Subnet", name).inputs["cidrBlock"]).toBe(inputs["cidrBlock"]);
  });
});

describe("a network with mistakes", () => {
  it("throws every problem at once, before it registers anything", async () => {
    let caught: unknown;
    const recording = await record(() => {
      try {
        new Network("network", {
          settings: { ...PRODUCTION_NETWORK, cidr: "10.40.0.0/24", flowLogRetentionDays: 100 },
          clusterName: "prod",
          accountId: "111122223333",
          tags: {},
          protectData: false,
        });
      } catch (error) {
        caught = error;
      }
    });
    expect(caught).toBeInstanceOf(InvalidInputError);
    expect((caught as InvalidInputError).problems.map(({ path }) => path)).toEqual([
      "settings.cidr",
      "settings.flowLogRetentionDays",
    ]);
    expect(recording.all.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
  });
});
