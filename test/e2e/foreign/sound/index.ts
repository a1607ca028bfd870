import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objects } from "./objects.ts";

// A bookshop on EKS as a team that knows nothing of Bellwether may write it, with care: kube-prometheus-stack as a Helm release, and
// custom resources of its own. test/e2e/engine/foreign-program.test.ts runs the packs on it.

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

/** Creates everything. The packs must find nothing here. */
export function soundBookshop(): void {
  const provider = new aws.Provider("aws", {
    region: "eu-west-1",
    defaultTags: { tags: { "bookshop:team": "catalogue" } },
  });
  const own = { provider };
  const key = new aws.kms.Key("bookshop", { enableKeyRotation: true }, { ...own, protect: true });
  const subnets = network(key, own);
  const cluster = eks(key, subnets, own);
  const cloud = new k8s.Provider("cluster", { kubeconfig: cluster.endpoint.apply(kubeconfigOf) });
  objects({ provider: cloud });
}

type Options = pulumi.CustomResourceOptions;

function network(key: aws.kms.Key, opts: Options): aws.ec2.Subnet[] {
  const vpc = new aws.ec2.Vpc("bookshop", { cidrBlock: "10.20.0.0/16" }, opts);
  const gateway = new aws.ec2.InternetGateway("bookshop", { vpcId: vpc.id }, opts);
  const toInternet = new aws.ec2.RouteTable(
    "public",
    { vpcId: vpc.id, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }] },
    opts,
  );
  const logs = new aws.cloudwatch.LogGroup("flows", { retentionInDays: 365, kmsKeyId: key.arn }, opts);
  const writer = new aws.iam.Role("flows", { assumeRolePolicy: trust("vpc-flow-logs.amazonaws.com") }, opts);
  new aws.ec2.FlowLog(
    "bookshop",
    { vpcId: vpc.id, trafficType: "ALL", logDestination: logs.arn, iamRoleArn: writer.arn },
    opts,
  );
  new aws.ec2.SecurityGroup(
    "database",
    {
      vpcId: vpc.id,
      ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["10.20.0.0/16"] }],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
    },
    opts,
  );
  return ZONES.map((availabilityZone, index) => {
    const zone = availabilityZone.at(-1);
    const outer = new aws.ec2.Subnet(
      `public-${zone}`,
      {
        vpcId: vpc.id,
        availabilityZone,
        cidrBlock: `10.20.${index}.0/24`,
        tags: { "kubernetes.io/role/elb": "1" },
      },
      opts,
    );
    new aws.ec2.RouteTableAssociation(
      `public-${zone}`,
      { subnetId: outer.id, routeTableId: toInternet.id },
      opts,
    );
    const address = new aws.ec2.Eip(`nat-${zone}`, { domain: "vpc" }, opts);
    const nat = new aws.ec2.NatGateway(`nat-${zone}`, { subnetId: outer.id, allocationId: address.id }, opts);
    const table = new aws.ec2.RouteTable(`private-${zone}`, { vpcId: vpc.id }, opts);
    new aws.ec2.Route(
      `private-${zone}`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id },
      opts,
    );
    const inner = new aws.ec2.Subnet(
      `private-${zone}`,
      {
        vpcId: vpc.id,
        availabilityZone,
        cidrBlock: `10.20.1${index}.0/24`,
        tags: { "kubernetes.io/role/internal-elb": "1" },
      },
      opts,
    );
    new aws.ec2.RouteTableAssociation(
      `private-${zone}`,
      { subnetId: inner.id, routeTableId: table.id },
      opts,
    );
    return inner;
  });
}

function trust(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}

function eks(key: aws.kms.Key, subnets: readonly aws.ec2.Subnet[], opts: Options): aws.eks.Cluster {
  const role = new aws.iam.Role("cluster", { assumeRolePolicy: trust("eks.amazonaws.com") }, opts);
  new aws.iam.RolePolicyAttachment(
    "cluster",
    { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
    opts,
  );
  const audit = new aws.cloudwatch.LogGroup(
    "cluster",
    { name: "/aws/eks/bookshop/cluster", retentionInDays: 365, kmsKeyId: key.arn },
    opts,
  );
  const cluster = new aws.eks.Cluster(
    "bookshop",
    {
      name: "bookshop",
      roleArn: role.arn,
      version: "1.35",
      deletionProtection: true,
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      vpcConfig: {
        subnetIds: subnets.map(({ id }) => id),
        endpointPrivateAccess: true,
        endpointPublicAccess: true,
        publicAccessCidrs: ["198.51.100.0/24"],
      },
    },
    { ...opts, dependsOn: [audit] },
  );
  const nodeRole = new aws.iam.Role("nodes", { assumeRolePolicy: trust("ec2.amazonaws.com") }, opts);
  const template = new aws.ec2.LaunchTemplate(
    "nodes",
    {
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { volumeSize: 50, encrypted: "true", kmsKeyId: key.arn } },
      ],
    },
    opts,
  );
  subnets.forEach((subnet, index) => {
    new aws.eks.NodeGroup(
      `nodes-${index}`,
      {
        clusterName: cluster.name,
        nodeRoleArn: nodeRole.arn,
        subnetIds: [subnet.id],
        launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
        scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 4 },
        updateConfig: { maxUnavailable: 1 },
      },
      opts,
    );
  });
  new aws.eks.Addon(
    "vpc-cni",
    { clusterName: cluster.name, addonName: "vpc-cni", addonVersion: "v1.21.1-eksbuild.1" },
    opts,
  );
  const shopRole = new aws.iam.Role(
    "shop",
    {
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
          },
        ],
      }),
    },
    opts,
  );
  const covers = new aws.s3.Bucket("covers", {}, opts);
  new aws.s3.BucketPublicAccessBlock(
    "covers",
    {
      bucket: covers.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    opts,
  );
  new aws.iam.RolePolicy(
    "shop",
    {
      role: shopRole.id,
      policy: covers.arn.apply((arn) =>
        JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: `${arn}/*` }],
        }),
      ),
    },
    opts,
  );
  new aws.eks.PodIdentityAssociation(
    "shop",
    { clusterName: cluster.name, namespace: "shop", serviceAccount: "shop", roleArn: shopRole.arn },
    opts,
  );
  new aws.ecr.Repository(
    "shop",
    { imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true } },
    opts,
  );
  return cluster;
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "bookshop", cluster: { server } }],
    users: [
      { name: "deployer", user: { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "aws" } } },
    ],
    contexts: [{ name: "bookshop", context: { cluster: "bookshop", user: "deployer" } }],
    "current-context": "bookshop",
  });
}
