import type { Mistake } from "./mistake.ts";

const CLUSTER = { type: "aws:eks/cluster:Cluster", name: "cluster" };
const NODES = { type: "aws:eks/nodeGroup:NodeGroup", name: "cluster-general-eu-central-1a" };
const TEMPLATE = { type: "aws:ec2/launchTemplate:LaunchTemplate", name: "cluster-general" };
const RULE = {
  type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  name: "cluster-api-from-vpc",
};
const LOGS = { type: "aws:cloudwatch/logGroup:LogGroup", name: "cluster-logs" };
const SUBNET = { type: "aws:ec2/subnet:Subnet", name: "network-private-eu-central-1a" };
const ROUTE = { type: "aws:ec2/route:Route", name: "network-private-eu-central-1a" };
const FLOWS = { type: "aws:ec2/flowLog:FlowLog", name: "network-rejected" };
const CNI = { type: "aws:eks/addon:Addon", name: "cluster-vpc-cni" };
const ADMIN = {
  type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  name: "cluster-admin-111122223333-role/platform-admin",
};

/** Mistakes in the inputs of resources, and between resources. */
export const RESOURCE_MISTAKES: Readonly<Record<string, Mistake>> = {
  "an image that EKS does not have": {
    ...NODES,
    make: (inputs) => (inputs.amiType = "BOTTLEROCKET_AMD64"),
    says: /CreateNodegroup\.amiType is "BOTTLEROCKET_AMD64"/,
  },
  "an image of another architecture": {
    ...NODES,
    make: (inputs) => (inputs.amiType = "BOTTLEROCKET_ARM_64"),
    says: /amiType is BOTTLEROCKET_ARM_64 for m7i\.xlarge/,
  },
  "an instance type that EC2 does not have": {
    ...NODES,
    make: (inputs) => (inputs.instanceTypes = ["m7i.huge"]),
    says: /instanceTypes is m7i\.huge/,
  },
  "more nodes wanted than allowed": {
    ...NODES,
    make: (inputs) => (inputs.scalingConfig.desiredSize = 9),
    says: /scalingConfig is 1, 9, 4/,
  },
  "a share of nodes above a hundred percent": {
    ...NODES,
    make: (inputs) => (inputs.updateConfig.maxUnavailablePercentage = 133),
    says: /maxUnavailablePercentage is 133; allowed: 1 to 100/,
  },
  "a repair under a field's old name": {
    ...NODES,
    make: (inputs) => (inputs.nodeRepairConfig = { isEnabled: true }),
    says: /nodeRepairConfig\.isEnabled/,
  },
  "a taint that Kubernetes spells otherwise": {
    ...NODES,
    make: (inputs) => (inputs.taints = [{ key: "spot", effect: "NoSchedule" }]),
    says: /taints\[0\]\.effect is "NoSchedule"; allowed: one of NO_SCHEDULE/,
  },
  "a log that the control plane does not write": {
    ...CLUSTER,
    make: (inputs) => inputs.enabledClusterLogTypes.push("controller-manager"),
    says: /types\[5\] is "controller-manager"/,
  },
  "a name with a dot": {
    ...CLUSTER,
    make: (inputs) => (inputs.name = "prod.eu"),
    says: /CreateCluster\.name is "prod\.eu"/,
  },
  "a cluster without a role": {
    ...CLUSTER,
    make: (inputs) => delete inputs.roleArn,
    says: /CreateCluster\.roleArn is missing/,
  },
  "a way of authentication in lower case": {
    ...CLUSTER,
    make: (inputs) => (inputs.accessConfig.authenticationMode = "api"),
    says: /authenticationMode is "api"/,
  },
  "addresses allowed at an endpoint that is not public": {
    ...CLUSTER,
    make: (inputs) => (inputs.vpcConfig.publicAccessCidrs = ["203.0.113.0/24"]),
    says: /publicAccessCidrs/,
  },
  "Auto Mode without its storage": {
    ...CLUSTER,
    make: (inputs) => (inputs.computeConfig = { enabled: true }),
    says: /computeConfig is \[true,false,false\]/,
  },
  "an add-on whose configuration is YAML": {
    ...CNI,
    make: (inputs) => (inputs.configurationValues = "enableNetworkPolicy: true"),
    says: /configurationValues/,
  },
  "an add-on whose conflicts are solved by a word that EKS does not know": {
    ...CNI,
    make: (inputs) => (inputs.resolveConflictsOnUpdate = "REPLACE"),
    says: /UpdateAddon\.resolveConflicts is "REPLACE"/,
  },
  "rights by a policy of IAM": {
    ...ADMIN,
    make: (inputs) => (inputs.policyArn = "arn:aws:iam::aws:policy/AdministratorAccess"),
    says: /policyArn is arn:aws:iam::aws:policy\/AdministratorAccess/,
  },
  "rights of somebody without an access entry": {
    ...ADMIN,
    make: (inputs) => (inputs.principalArn = "arn:aws:iam::111122223333:role/somebody"),
    says: /principalArn is arn:aws:iam::111122223333:role\/somebody/,
  },
  "a retention that CloudWatch does not have": {
    ...LOGS,
    make: (inputs) => (inputs.retentionInDays = 100),
    says: /retentionInDays is 100; allowed: one of 1, 3, 5/,
  },
  "a log group whose name has a space": {
    ...LOGS,
    make: (inputs) => (inputs.name = "/aws/eks/prod cluster"),
    says: /logGroupName is/,
  },
  "traffic of a kind that flow logs do not have": {
    ...FLOWS,
    make: (inputs) => (inputs.trafficType = "REJECTED"),
    says: /TrafficType is "REJECTED"/,
  },
  "an interval that flow logs do not have": {
    ...FLOWS,
    make: (inputs) => (inputs.maxAggregationInterval = 300),
    says: /MaxAggregationInterval is 300; allowed: one of 60, 600/,
  },
  "a subnet outside its network": {
    ...SUBNET,
    make: (inputs) => (inputs.cidrBlock = "10.41.0.0/19"),
    says: /allowed: a block inside one of the VPC's/,
  },
  "a subnet on another one": {
    ...SUBNET,
    make: (inputs) => (inputs.cidrBlock = "10.40.32.0/19"),
    says: /apart from network-private-eu-central-1b/,
  },
  "a zone of another region": {
    ...SUBNET,
    make: (inputs) => (inputs.availabilityZone = "eu-west-1a"),
    says: /availabilityZone is eu-west-1a/,
  },
  "a route with two targets": {
    ...ROUTE,
    make: (inputs) => (inputs.gatewayId = "igw-0123456789abcdef0"),
    says: /a target is gatewayId and natGatewayId/,
  },
  "a port range that descends": {
    ...RULE,
    make: (inputs) => (inputs.toPort = 80),
    says: /fromPort is 443 to 80/,
  },
  "a description with a character that EC2 does not take": {
    ...RULE,
    make: (inputs) => (inputs.description = "HTTPS → API"),
    says: /Description is "HTTPS → API"/,
  },
  "metadata that asks for tokens in its own words": {
    ...TEMPLATE,
    make: (inputs) => (inputs.metadataOptions.httpTokens = "mandatory"),
    says: /HttpTokens is "mandatory"/,
  },
  "a tag for what an instance does not bring along": {
    ...TEMPLATE,
    make: (inputs) => (inputs.tagSpecifications[0].resourceType = "subnet"),
    says: /tagSpecifications is subnet/,
  },
  "a disk of a kind that EBS does not have": {
    ...TEMPLATE,
    make: (inputs) => (inputs.blockDeviceMappings[0].ebs.volumeType = "ssd"),
    says: /VolumeType is "ssd"/,
  },
  "an instance profile in the template of a managed group": {
    ...TEMPLATE,
    make: (inputs) => (inputs.iamInstanceProfile = { name: "nodes" }),
    says: /iamInstanceProfile of cluster-general/,
  },
};
