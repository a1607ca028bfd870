import { type AwsPlace, type PolicyStatement, partitionOf, policy } from "../aws/model.ts";
import { INTERRUPTIONS, queueName, ruleName } from "./model.ts";

type Events = keyof typeof INTERRUPTIONS;

function arnOf({ accountId, region }: AwsPlace, service: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
}

/** The ARN of the queue of interruptions. */
export function queueArn(place: AwsPlace, clusterName: string): string {
  return arnOf(place, "sqs", queueName(clusterName));
}

/** Who may write into the queue: EventBridge, for the rules of this cluster. */
export function queuePolicy(place: AwsPlace, clusterName: string): string {
  const rules = (Object.keys(INTERRUPTIONS) as Events[]).map((event) =>
    arnOf(place, "events", `rule/${ruleName(clusterName, event)}`),
  );
  return policy({
    Sid: "EventBridgeSendsInterruptions",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queueArn(place, clusterName),
    Condition: { ArnEquals: { "aws:SourceArn": rules } },
  });
}

/**
 * What Karpenter's controller may do: start instances with the tags of this cluster, and change and stop those that have them (Karpenter's
 * reference for CloudFormation, v1.14). It gets an instance profile, so it may make none, and pass the role of the nodes alone.
 */
export function controllerStatements<Arn>(
  place: AwsPlace,
  clusterName: string,
  nodeRoleArn: Arn,
): readonly (Omit<PolicyStatement, "Resource"> & { readonly Resource: string | readonly string[] | Arn })[] {
  const partition = partitionOf(place.region);
  const ec2 = (kind: string, owner = "*") => `arn:${partition}:ec2:${place.region}:${owner}:${kind}/*`;
  const owned = `kubernetes.io/cluster/${clusterName}`;
  const made = ["fleet", "instance", "volume", "network-interface", "launch-template"].map((kind) =>
    ec2(kind),
  );
  const makes = [...made, ec2("spot-instances-request")];
  const requested = {
    [`aws:RequestTag/${owned}`]: "owned",
    "aws:RequestTag/eks:eks-cluster-name": clusterName,
  };
  const OfThisCluster = {
    StringEquals: { [`aws:ResourceTag/${owned}`]: "owned" },
    StringLike: { "aws:ResourceTag/karpenter.sh/nodepool": "*" },
  };
  const start = ["ec2:RunInstances", "ec2:CreateFleet"];
  return [
    {
      Sid: "StartFromWhatExists",
      Effect: "Allow",
      Action: start,
      Resource: [
        ec2("image", ""),
        ec2("snapshot", ""),
        ec2("security-group"),
        ec2("subnet"),
        ec2("capacity-reservation"),
        ec2("placement-group"),
      ],
    },
    {
      Sid: "StartFromOwnTemplates",
      Effect: "Allow",
      Action: start,
      Resource: ec2("launch-template"),
      Condition: OfThisCluster,
    },
    {
      Sid: "StartWithTags",
      Effect: "Allow",
      Action: [...start, "ec2:CreateLaunchTemplate"],
      Resource: makes,
      Condition: {
        StringEquals: requested,
        StringLike: { "aws:RequestTag/karpenter.sh/nodepool": "*" },
      },
    },
    {
      Sid: "TagWhatItStarts",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: makes,
      Condition: {
        StringEquals: {
          ...requested,
          "ec2:CreateAction": [...start, "ec2:CreateLaunchTemplate"].map(nameOf),
        },
        StringLike: { "aws:RequestTag/karpenter.sh/nodepool": "*" },
      },
    },
    {
      Sid: "TagItsInstances",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: ec2("instance"),
      Condition: {
        ...OfThisCluster,
        StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": clusterName },
        "ForAllValues:StringEquals": {
          "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
        },
      },
    },
    {
      Sid: "StopItsInstances",
      Effect: "Allow",
      Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      Resource: [ec2("instance"), ec2("launch-template")],
      Condition: OfThisCluster,
    },
    {
      Sid: "LookUp",
      Effect: "Allow",
      Action: LOOKS_UP.map((what) => `ec2:Describe${what}`),
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": place.region } },
    },
    {
      Sid: "ReadImages",
      Effect: "Allow",
      Action: "ssm:GetParameter",
      Resource: `arn:${partition}:ssm:${place.region}::parameter/aws/service/*`,
    },
    { Sid: "ReadPrices", Effect: "Allow", Action: "pricing:GetProducts", Resource: "*" },
    { Sid: "ListProfiles", Effect: "Allow", Action: "iam:ListInstanceProfiles", Resource: "*" },
    {
      Sid: "ReadProfiles",
      Effect: "Allow",
      Action: "iam:GetInstanceProfile",
      Resource: `arn:${partition}:iam::${place.accountId}:instance-profile/*`,
    },
    {
      Sid: "PassTheNodesRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: nodeRoleArn,
      Condition: {
        StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] },
      },
    },
    {
      Sid: "ReadTheCluster",
      Effect: "Allow",
      Action: "eks:DescribeCluster",
      Resource: arnOf(place, "eks", `cluster/${clusterName}`),
    },
    {
      Sid: "TakeInterruptions",
      Effect: "Allow",
      Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
      Resource: queueArn(place, clusterName),
    },
    {
      Sid: "ReadZonalShifts",
      Effect: "Allow",
      Action: "arc-zonal-shift:GetManagedResource",
      Resource: "*",
      Condition: {
        StringEquals: {
          "arc-zonal-shift:ResourceIdentifier": arnOf(place, "eks", `cluster/${clusterName}`),
        },
      },
    },
  ];
}

const LOOKS_UP = [
  "CapacityReservations",
  "Images",
  "Instances",
  "InstanceStatus",
  "InstanceTypeOfferings",
  "InstanceTypes",
  "LaunchTemplates",
  "PlacementGroups",
  "SecurityGroups",
  "SpotPriceHistory",
  "Subnets",
];

function nameOf(action: string): string {
  return action.slice(action.indexOf(":") + 1);
}
