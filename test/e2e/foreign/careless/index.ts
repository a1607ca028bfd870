import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objects } from "./objects.ts";

// The bookshop of ../sound as it is after an evening with a tutorial: it runs, and the packs must find what is wrong with it.

/** Creates everything. */
export function carelessBookshop(): void {
  const opts = { provider: new aws.Provider("aws", { region: "eu-west-1" }) };
  const subnets = network(opts);
  const cluster = eks(subnets, opts);
  storage(opts);
  objects({ provider: new k8s.Provider("cluster", { kubeconfig: cluster.endpoint.apply((url) => url) }) });
}

type Options = pulumi.CustomResourceOptions;

function network(opts: Options): aws.ec2.Subnet[] {
  const vpc = new aws.ec2.Vpc("bookshop", { cidrBlock: "10.20.0.0/16" }, opts);
  const gateway = new aws.ec2.InternetGateway("bookshop", { vpcId: vpc.id }, opts);
  const table = new aws.ec2.RouteTable(
    "bookshop",
    { vpcId: vpc.id, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }] },
    opts,
  );
  new aws.ec2.SecurityGroup(
    "database",
    {
      vpcId: vpc.id,
      ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["0.0.0.0/0"] }],
    },
    opts,
  );
  return ["eu-west-1a", "eu-west-1b"].map((availabilityZone, index) => {
    const subnet = new aws.ec2.Subnet(
      `bookshop-${index}`,
      {
        vpcId: vpc.id,
        availabilityZone,
        cidrBlock: `10.20.${index}.0/24`,
        mapPublicIpOnLaunch: true,
      },
      opts,
    );
    new aws.ec2.RouteTableAssociation(
      `bookshop-${index}`,
      { subnetId: subnet.id, routeTableId: table.id },
      opts,
    );
    return subnet;
  });
}

function trust(principal: unknown): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
  });
}

function eks(subnets: readonly aws.ec2.Subnet[], opts: Options): aws.eks.Cluster {
  const role = new aws.iam.Role(
    "cluster",
    { assumeRolePolicy: trust({ Service: "eks.amazonaws.com" }) },
    opts,
  );
  const cluster = new aws.eks.Cluster(
    "bookshop",
    { roleArn: role.arn, version: "1.29", vpcConfig: { subnetIds: subnets.map(({ id }) => id) } },
    opts,
  );
  const nodes = new aws.iam.Role(
    "nodes",
    { assumeRolePolicy: trust({ Service: "ec2.amazonaws.com" }) },
    opts,
  );
  new aws.iam.RolePolicyAttachment(
    "nodes",
    { role: nodes.name, policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    opts,
  );
  const template = new aws.ec2.LaunchTemplate(
    "nodes",
    {
      keyName: "laptop",
      metadataOptions: { httpTokens: "optional" },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 20 } }],
    },
    opts,
  );
  new aws.eks.NodeGroup(
    "nodes",
    {
      clusterName: cluster.name,
      nodeRoleArn: nodes.arn,
      subnetIds: subnets.slice(0, 1).map(({ id }) => id),
      capacityType: "SPOT",
      launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
      scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 3 },
    },
    opts,
  );
  new aws.eks.Addon("vpc-cni", { clusterName: cluster.name, addonName: "vpc-cni" }, opts);
  new aws.cloudwatch.LogGroup("cluster", { name: "/aws/eks/bookshop/cluster" }, opts);
  return cluster;
}

function storage(opts: Options): void {
  const partner = new aws.iam.Role("partner", { assumeRolePolicy: trust({ AWS: "*" }) }, opts);
  new aws.iam.RolePolicy(
    "partner",
    {
      role: partner.id,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "*", Resource: "*" },
          { Effect: "Allow", Action: "iam:PassRole", Resource: "*" },
        ],
      }),
    },
    opts,
  );
  const robot = new aws.iam.User("robot", {}, opts);
  new aws.iam.AccessKey("robot", { user: robot.name }, opts);
  const covers = new aws.s3.Bucket("covers", {}, opts);
  new aws.s3.BucketPolicy(
    "covers",
    {
      bucket: covers.id,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource: "arn:aws:s3:::covers/*" },
        ],
      }),
    },
    opts,
  );
  new aws.kms.Key("bookshop", {}, opts);
  new aws.ecr.Repository("shop", {}, opts);
}
