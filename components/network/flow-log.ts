import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createLogGroup } from "../aws/component.ts";
import { type AwsPlace, assumedBy, logGroupArn, policy } from "../aws/model.ts";
import type { NetworkPlace } from "./subnets.ts";

/** How rejected traffic is logged. */
export interface FlowLogArgs extends NetworkPlace, AwsPlace {
  /** Days that flow logs are kept. */
  readonly retentionDays: number;
  readonly protectData: boolean;
}

/**
 * Logs what security groups and network ACLs rejected: what an intruder tries, and what a missing rule breaks. Accepted
 * traffic is the bulk, is paid for by volume, and answers few questions that a metric does not.
 */
export function createFlowLog(name: string, args: FlowLogArgs, opts: pulumi.CustomResourceOptions): void {
  const { vpc, clusterName, tags, retentionDays, protectData, accountId, region } = args;
  const logGroup = `/aws/vpc/${clusterName}/flow-logs`;
  const group = createLogGroup(
    `${name}-flow-logs`,
    {
      logGroup,
      retentionDays,
      purpose: `VPC flow logs of ${clusterName}`,
      accountId,
      region,
      tags,
      protectData,
    },
    opts,
  );
  const role = new aws.iam.Role(
    `${name}-flow-logs`,
    {
      description: `Lets VPC flow logs of ${clusterName} write to CloudWatch`,
      // Only on behalf of this account: the service must not be talked into it by another one.
      assumeRolePolicy: assumedBy("vpc-flow-logs.amazonaws.com", ["sts:AssumeRole"], {
        StringEquals: { "aws:SourceAccount": accountId },
      }),
      tags,
    },
    opts,
  );
  const mayWrite = new aws.iam.RolePolicy(
    `${name}-flow-logs`,
    {
      role: role.id,
      policy: policy(
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: `${logGroupArn(args, logGroup)}:*`,
        },
        // The action knows no resource (Service Authorization Reference, CloudWatch Logs): on the ARN of a group it is allowed nothing.
        { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
      ),
    },
    opts,
  );
  new aws.ec2.FlowLog(
    `${name}-rejected`,
    {
      vpcId: vpc.id,
      trafficType: "REJECT",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: { ...tags, Name: `${clusterName}-rejected` },
    },
    pulumi.mergeOptions(opts, { dependsOn: [mayWrite] }),
  );
}
