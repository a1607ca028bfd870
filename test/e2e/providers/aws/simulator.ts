import { type Created, hex, type Requested, reveal, type Simulator, type World } from "../simulator.ts";

const REGION = "eu-central-1";
const ACCOUNT = "000000000000";

const WORKSPACE_TOKEN = "aws:grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken";
const WORKSPACE_ACCOUNT = "aws:grafana/workspaceServiceAccount:WorkspaceServiceAccount";
const DAY_SECONDS = 86_400;

/** How the ids of a type begin; types that are not listed are known by their name. */
const ID_PREFIXES: Readonly<Record<string, string>> = {
  "aws:ec2/vpc:Vpc": "vpc",
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": "vpc-cidr-assoc",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/internetGateway:InternetGateway": "igw",
  "aws:ec2/natGateway:NatGateway": "nat",
  "aws:ec2/eip:Eip": "eipalloc",
  "aws:ec2/routeTable:RouteTable": "rtb",
  "aws:ec2/route:Route": "r-rtb",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "rtbassoc",
  "aws:ec2/securityGroup:SecurityGroup": "sg",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "sg",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "sgr",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "sgr",
  "aws:ec2/launchTemplate:LaunchTemplate": "lt",
  "aws:ec2/flowLog:FlowLog": "fl",
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": "a",
};

/** What an API computes beside the id, the ARN and the name that everything has. */
const COMPUTED: Readonly<Record<string, (resource: Requested, id: string) => Record<string, unknown>>> = {
  "aws:ec2/vpc:Vpc": () => ({
    defaultSecurityGroupId: awsId("sg"),
    defaultRouteTableId: awsId("rtb"),
    mainRouteTableId: awsId("rtb"),
    defaultNetworkAclId: awsId("acl"),
  }),
  "aws:ec2/eip:Eip": (_, id) => ({ publicIp: "203.0.113.7", allocationId: id }),
  "aws:ec2/natGateway:NatGateway": () => ({ publicIp: "203.0.113.7", networkInterfaceId: awsId("eni") }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1, defaultVersion: 1 }),
  "aws:kms/key:Key": (_, id) => ({ keyId: id }),
  "aws:iam/role:Role": () => ({
    uniqueId: `AROA${hex(16).toUpperCase()}`,
    createDate: "2030-01-01T00:00:00Z",
  }),
  "aws:eks/cluster:Cluster": ({ inputs }) => ({
    endpoint: `https://${hex(32).toUpperCase()}.gr7.${REGION}.eks.amazonaws.com`,
    // A certificate authority is PEM in base64; nothing of this platform looks inside.
    certificateAuthority: {
      data: Buffer.from("-----BEGIN CERTIFICATE-----\nsimulated\n").toString("base64"),
    },
    certificateAuthorities: [],
    identities: [
      { oidcs: [{ issuer: `https://oidc.eks.${REGION}.amazonaws.com/id/${hex(32).toUpperCase()}` }] },
    ],
    platformVersion: "eks.1",
    status: "ACTIVE",
    createdAt: "2030-01-01T00:00:00Z",
    vpcConfig: {
      ...(reveal(inputs["vpcConfig"]) as object | undefined),
      clusterSecurityGroupId: awsId("sg"),
      vpcId: awsId("vpc"),
    },
  }),
  "aws:acm/certificate:Certificate": ({ inputs }) => ({
    domainValidationOptions: [
      {
        domainName: inputs["domainName"],
        resourceRecordName: `_${hex(32)}.${String(reveal(inputs["domainName"]))}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_${hex(32)}.acm-validations.aws.`,
      },
    ],
  }),
  "aws:lb/loadBalancer:LoadBalancer": (_, id) => ({
    dnsName: `${id}.${REGION}.elb.amazonaws.com`,
    zoneId: "Z215JYRZR1TBD5",
  }),
  "aws:route53/record:Record": ({ inputs }) => ({ fqdn: inputs["name"] }),
  "aws:sqs/queue:Queue": (_, id) => ({ url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${id}` }),
  "aws:grafana/workspace:Workspace": (_, id) => ({
    endpoint: `${id}.grafana-workspace.${REGION}.amazonaws.com`,
    grafanaVersion: "12.4",
    samlConfigurationStatus: "NOT_CONFIGURED",
  }),
  "aws:amp/workspace:Workspace": (_, id) => ({
    prometheusEndpoint: `https://aps-workspaces.${REGION}.amazonaws.com/workspaces/${id}/`,
  }),
  [WORKSPACE_ACCOUNT]: (_, id) => ({ serviceAccountId: id }),
  "aws:eks/nodeGroup:NodeGroup": () => ({
    status: "ACTIVE",
    resources: [{ autoscalingGroups: [{ name: `eks-${hex(8)}` }], remoteAccessSecurityGroupId: "" }],
  }),
};

/** What no API of AWS changes in place: `ForceNew` in the schemas of terraform-provider-aws, as far as a test changes it. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/vpc:Vpc": ["cidrBlock"],
  "aws:ec2/subnet:Subnet": ["cidrBlock", "availabilityZone", "vpcId"],
  "aws:ec2/routeTable:RouteTable": ["vpcId"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ["subnetId"],
  "aws:ec2/securityGroup:SecurityGroup": ["vpcId", "name", "description"],
  "aws:ec2/natGateway:NatGateway": ["subnetId", "allocationId"],
  "aws:ec2/flowLog:FlowLog": ["vpcId"],
  "aws:eks/cluster:Cluster": ["name", "roleArn"],
  "aws:eks/nodeGroup:NodeGroup": [
    "amiType",
    "capacityType",
    "clusterName",
    "instanceTypes",
    "nodeRoleArn",
    "subnetIds",
  ],
  "aws:eks/addon:Addon": ["addonName", "clusterName"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["serviceName", "vpcEndpointType", "vpcId"],
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": ["cidrBlock", "vpcId"],
};

/** Stands in for `pulumi-resource-aws`. */
export const awsSimulator: Simulator = {
  name: "aws",
  fixed: (_, type) => FIXED[type] ?? [],
  // Each change of a launch template is a version of it, by which a node group notices the change.
  recompute: (type, { latestVersion }) =>
    type === "aws:ec2/launchTemplate:LaunchTemplate" ? { latestVersion: Number(latestVersion) + 1 } : {},
  completed: (type) => (type === "aws:eks/cluster:Cluster" ? ["vpcConfig"] : []),
  unchangeable: new Set([WORKSPACE_ACCOUNT, WORKSPACE_TOKEN]),
  async create(resource, world) {
    if (resource.type === WORKSPACE_TOKEN) return workspaceToken(resource, world);
    const id = idOf(resource);
    const { type, inputs } = resource;
    return {
      id,
      computed: {
        arn: arnOf(type, id),
        name: nameOf(resource),
        tagsAll: inputs["tags"] ?? {},
        region: REGION,
        ...COMPUTED[type]?.(resource, id),
      },
    } satisfies Created;
  },
};

/** A token of a Grafana workspace, as its file remembers it for the Grafana that it opens. */
export interface WorkspaceToken {
  readonly name: string;
  readonly key: string;
  /** The first moment at which it opens nothing any more, in ISO 8601. */
  readonly expiresAt: string;
}

/** As AWS does, refuses a name that a token has already, expired or not, and a life of more than thirty days. */
async function workspaceToken({ inputs }: Requested, world: World): Promise<Created> {
  const name = String(reveal(inputs["name"]));
  const seconds = Number(reveal(inputs["secondsToLive"]));
  if (seconds > 30 * DAY_SECONDS) throw new Error("ValidationException: secondsToLive is above 2592000");
  const others = await workspaceTokens(world);
  if (others.some((other) => other.name === name))
    throw new Error(`ConflictException: a token ${name} exists already`);
  const expiresAt = new Date(Date.parse(`${world.today}T12:00:00Z`) + seconds * 1000).toISOString();
  const token: WorkspaceToken = { name, key: `glsa_${hex(40)}`, expiresAt };
  const id = hex(8);
  return {
    id,
    computed: { key: token.key, expiresAt, createdAt: `${world.today}T12:00:00Z`, serviceAccountTokenId: id },
    remembered: JSON.stringify(token),
  };
}

/** Every token of every workspace. */
export async function workspaceTokens(world: World): Promise<readonly WorkspaceToken[]> {
  const texts = await world.remembered("aws", WORKSPACE_TOKEN);
  return texts.map((text) => JSON.parse(text) as WorkspaceToken);
}

function idOf(resource: Requested): string {
  const { type, inputs } = resource;
  if (type === "aws:grafana/workspace:Workspace") return `g-${hex(10)}`;
  if (type === "aws:amp/workspace:Workspace") return `ws-${crypto.randomUUID()}`;
  if (type === "aws:grafana/roleAssociation:RoleAssociation")
    return `${String(reveal(inputs["workspaceId"]))}/${String(reveal(inputs["role"]))}`;
  if (type === "aws:route53/record:Record")
    return ["zoneId", "name", "type"].map((key) => String(reveal(inputs[key]))).join("_");
  const prefix = ID_PREFIXES[type];
  if (prefix !== undefined) return awsId(prefix);
  if (type === "aws:kms/key:Key") return crypto.randomUUID();
  const cluster = inputs["clusterName"];
  if (cluster === undefined) return nameOf(resource);
  const within = ["nodeGroupName", "addonName", "principalArn"].map((key) => inputs[key]);
  const parts = [cluster, ...within, inputs["policyArn"]].filter((part) => part !== undefined).map(reveal);
  return parts.length > 1 ? parts.join(":") : `${String(cluster)}:${nameOf(resource)}`;
}

/** The name that was asked for; else the logical name with a suffix, as the real provider gives one. */
function nameOf({ inputs, logicalName }: Requested): string {
  const name = reveal(inputs["name"]);
  return typeof name === "string" ? name : `${logicalName}-${hex(7)}`;
}

function arnOf(type: string, id: string): string {
  const [, module = ""] = type.split(":");
  const [service = "", kind = ""] = module.split("/");
  const region = service === "iam" ? "" : REGION;
  return `arn:aws:${service}:${region}:${ACCOUNT}:${kind.toLowerCase()}/${id}`;
}

function awsId(prefix: string): string {
  return `${prefix}-${hex(17)}`;
}
