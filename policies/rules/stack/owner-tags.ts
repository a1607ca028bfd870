import { type ResourcePolicy, SHARED } from "../policy.ts";
import { remediesOf } from "../remedy.ts";
import { type ResourceView, TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { Value } from "../value.ts";
import { judge } from "../violation.ts";

const SETTINGS = {
  keys: {
    type: "strings",
    default: ["owner", "team", "contact"],
    description: "Keys of tags that name an owner, in lower case and without the prefix that ends in : or /.",
  },
  owner: {
    type: "string",
    default: "",
    description:
      "The owner that the level `remediate` writes into the first of these tags. Empty: it writes none.",
  },
} as const;

/** Types that cost money or hold rights, and take tags. */
const TAGGED: readonly string[] = [
  TYPES.vpc,
  TYPES.subnet,
  TYPES.eksCluster,
  TYPES.nodeGroup,
  TYPES.launchTemplate,
  TYPES.key,
  TYPES.logGroup,
  TYPES.role,
  TYPES.ebsVolume,
  TYPES.grafanaWorkspace,
  "aws:amp/workspace:Workspace",
  "aws:ec2/instance:Instance",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/eip:Eip",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:rds/instance:Instance",
  "aws:rds/cluster:Cluster",
  "aws:dynamodb/table:Table",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
  "aws:lambda/function:Function",
  "aws:ecr/repository:Repository",
  "aws:efs/fileSystem:FileSystem",
  "aws:secretsmanager/secret:Secret",
];

export const ownerTags: ResourcePolicy = {
  id: "owner-tags",
  area: "stack",
  pack: "reliability",
  standards: ["NIST CM-8"],
  scope: "resource",
  title: "Every AWS resource names its owner in a tag.",
  why: "Who finds the resource in a bill or an incident must find the team to ask.",
  fix: "set tags.owner, or owner in defaultTags of the provider",
  severity: "low",
  levels: SHARED,
  types: TAGGED,
  settings: SETTINGS,
  check: (resource, context) =>
    judge(() =>
      hasOwner(resource, settingsOf(SETTINGS, context).keys) ? undefined : "no tag names its owner",
    ),
  remedies: (resource, context) => {
    const { keys, owner } = settingsOf(SETTINGS, context);
    return remediesOf(owner === "" ? [] : keys.slice(0, 1), (key) =>
      hasOwner(resource, keys) ? undefined : { path: ["tags", key], value: owner },
    );
  },
};

function hasOwner(resource: ResourceView, keys: readonly string[]): boolean {
  const tags = [resource.properties.at("tags"), resource.properties.at("tagsAll"), defaultTags(resource)];
  const names = tags
    .flatMap((map) => map.fields())
    .filter(([, value]) => !value.known || value.text() !== "");
  return names.some(([name]) => keys.includes(lastWord(name)));
}

/** Tags that the provider gives each resource. A provider's inputs that are no texts come as JSON. */
function defaultTags({ provider }: ResourceView): Value {
  const given = provider?.at("defaultTags") ?? new Value(undefined);
  const text = given.text();
  return (text === undefined ? given : new Value(JSON.parse(text))).at("tags");
}

function lastWord(key: string): string {
  return (key.split(/[:/]/).at(-1) ?? key).toLowerCase();
}
