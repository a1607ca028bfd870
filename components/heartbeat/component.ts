import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createKey, type Tags } from "../aws/component.ts";
import { type AwsPlace, type Keys, keyPolicy, type PolicyStatement, partitionOf } from "../aws/model.ts";
import { createPodIdentity } from "../cluster/pod-identity.ts";
import type { Duration } from "../core/duration.ts";
import { type Namespaces, WORKLOADS } from "../workloads/model.ts";
import { type AwsHeartbeat, alarmPeriod, heartbeatTopicName, storeHeartbeatTopicName } from "./model.ts";

/** What every alarm on missing heartbeats is made from. */
interface AlarmArgs {
  readonly settings: AwsHeartbeat;
  readonly environment: string;
  /** How often Alertmanager sends one. */
  readonly interval: Duration;
  /** The pager's URL. Needed where the settings name a secret. */
  readonly pagerUrl?: pulumi.Input<string>;
  /** Whose keys encrypt the messages. Default: they are not encrypted beyond what SNS does. */
  readonly keys?: Keys;
  /** Whether the key is kept. Default: false. */
  readonly protectData?: boolean;
  readonly tags: Tags;
}

/** What an alarm on missing heartbeats of the cluster is made from. */
export interface HeartbeatAlarmArgs extends AlarmArgs {
  readonly cluster: { readonly name: pulumi.Output<string> };
  readonly clusterName: string;
  /** The cluster's region. */
  readonly region: string;
  readonly namespaces: Pick<Namespaces, "monitoring">;
  /** ARNs of other topics that Alertmanager publishes to. Default: none. */
  readonly topics?: readonly string[];
  /** Twelve digits. */
  readonly accountId: string;
  /** The provider of the other region: the settings'. */
  readonly elsewhere: aws.Provider;
}

/**
 * A watch from another region of AWS: Alertmanager publishes each heartbeat to a topic, signed as its pod. The alarm counts them,
 * and takes a count that is missing for one of zero. Needs a provider of the cluster's region.
 */
export class HeartbeatAlarm extends pulumi.ComponentResource {
  /** What a pod of Alertmanager must come after: it gets its credentials when it starts, or never. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: HeartbeatAlarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bellwether:heartbeat:HeartbeatAlarm", name, {}, opts);
    const { environment } = args;
    const elsewhere = { parent: this, provider: args.elsewhere };
    const { accountId, settings } = args;
    const key = createTopicKey(name, args, { accountId, region: settings.region }, [], elsewhere);
    const beats = createAlarm(name, heartbeatTopicName(environment), args, elsewhere, key);
    const { topics = [] } = args;
    const inlinePolicy: aws.iam.PolicyDocument = {
      Version: "2012-10-17",
      Statement: [
        { Sid: "SendHeartbeats", Effect: "Allow", Action: "sns:Publish", Resource: beats.arn },
        ...(topics.length === 0
          ? []
          : [
              {
                Sid: "SendNotifications",
                Effect: "Allow" as const,
                Action: "sns:Publish",
                Resource: [...topics],
              },
            ]),
        ...(key === undefined
          ? []
          : [
              {
                Sid: "EncryptHeartbeats",
                Effect: "Allow" as const,
                Action: ["kms:GenerateDataKey", "kms:Decrypt"],
                Resource: key.arn,
              },
            ]),
      ],
    };
    const { cluster, clusterName, region, namespaces, tags } = args;
    const identity = createPodIdentity(
      name,
      {
        cluster,
        clusterName,
        region,
        tags,
        inlinePolicy,
        namespace: namespaces.monitoring,
        serviceAccount: WORKLOADS.alertmanager.name,
      },
      { parent: this },
    );
    this.ready = [identity];
    this.registerOutputs({});
  }
}

/** What the alarm on the heartbeats of a store is made from. */
export interface StoreHeartbeatArgs extends AlarmArgs, AwsPlace {}

/**
 * The same watch over the alert manager of a store, in the store's region: that is another one than the cluster's alarm is in, so that
 * neither is silent with both. Needs a provider of that region.
 */
export class StoreHeartbeatAlarm extends pulumi.ComponentResource {
  /** The topic's ARN, which is known before the topic exists. */
  readonly topicArn: string;
  /** What the alert manager must come after: it may not publish before. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: StoreHeartbeatArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bellwether:heartbeat:StoreHeartbeatAlarm", name, {}, opts);
    const { environment, accountId, region } = args;
    const child = { parent: this };
    const topicName = storeHeartbeatTopicName(environment);
    this.topicArn = `arn:${partitionOf(region)}:sns:${region}:${accountId}:${topicName}`;
    const key = createTopicKey(name, args, args, [usedByWorkspaces(this.topicArn)], child);
    const beats = createAlarm(name, topicName, args, child, key);
    const policy = publishedByWorkspaces(this.topicArn, args);
    this.ready = [new aws.sns.TopicPolicy(name, { arn: beats.arn, policy: JSON.stringify(policy) }, child)];
    this.registerOutputs({});
  }
}

/**
 * Publishing for the workspaces of the account, as AWS's guide has it:
 * https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-alertmanager-receiver-AMPpermission.html. Text that is known in a preview, so
 * that policies judge it; the id of the workspace is not.
 */
function publishedByWorkspaces(topicArn: string, { accountId, region }: AwsPlace): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "PublishFromWorkspace",
        Effect: "Allow",
        Principal: { Service: "aps.amazonaws.com" },
        Action: ["sns:Publish", "sns:GetTopicAttributes"],
        Resource: topicArn,
        Condition: {
          ArnLike: { "aws:SourceArn": `arn:${partitionOf(region)}:aps:${region}:${accountId}:workspace/*` },
          StringEquals: { "aws:SourceAccount": accountId },
        },
      },
    ],
  };
}

/** A topic that counts its messages, the alarm on the count, and the topic of the pager. */
function createAlarm(
  name: string,
  topicName: string,
  { settings, environment, interval, tags, pagerUrl }: AlarmArgs,
  opts: pulumi.CustomResourceOptions,
  key?: aws.kms.Key,
): aws.sns.Topic {
  const elsewhere = opts;
  const encrypted = { ...(key && { kmsMasterKeyId: key.arn }), tags };
  const beats = new aws.sns.Topic(name, { name: topicName, ...encrypted }, elsewhere);
  const pager = new aws.sns.Topic(`${name}-pager`, { name: `${topicName}-pager`, ...encrypted }, elsewhere);
  if (pagerUrl !== undefined)
    new aws.sns.TopicSubscription(
      `${name}-pager`,
      { topic: pager.arn, protocol: "https", endpoint: pagerUrl, endpointAutoConfirms: true },
      elsewhere,
    );
  for (const address of settings.emails)
    new aws.sns.TopicSubscription(
      `${name}-${address}`,
      { topic: pager.arn, protocol: "email", endpoint: address },
      elsewhere,
    );
  const period = alarmPeriod(interval);
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      name: topicName,
      alarmDescription: `Alerting of ${environment} is down: no heartbeat for ${period / 60} minutes. docs/runbooks/WatchdogMissing.md`,
      namespace: "AWS/SNS",
      metricName: "NumberOfMessagesPublished",
      dimensions: { TopicName: topicName },
      statistic: "Sum",
      period,
      evaluationPeriods: 1,
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
      alarmActions: [pager.arn],
      okActions: [pager.arn],
      tags,
    },
    { ...elsewhere, dependsOn: [beats] },
  );
  return beats;
}

const ENCRYPTS_MESSAGES = ["kms:Decrypt", "kms:GenerateDataKey*"];

/**
 * A key for both topics in their region, for the alarms of this account, because CloudWatch publishes in its own name, and whoever else the
 * statements name. Undefined with keys of AWS.
 */
function createTopicKey(
  name: string,
  { keys, environment, tags, protectData = false }: AlarmArgs,
  place: AwsPlace,
  statements: readonly PolicyStatement[],
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key | undefined {
  if (keys !== "own") return undefined;
  const alarms: PolicyStatement = {
    Sid: "AlarmsUseItForTheirTopic",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: ENCRYPTS_MESSAGES,
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceAccount": place.accountId } },
  };
  const purpose = `the messages of the ${name} alarm of ${environment}`;
  const policy = keyPolicy(place, alarms, ...statements);
  return createKey(`${name}-key`, { purpose, policy, tags, protectData }, opts);
}

/** The alert manager of a workspace publishes in the service's name. SNS names the topic in the encryption context (Amazon SNS, Encryption at rest). */
function usedByWorkspaces(topicArn: string): PolicyStatement {
  return {
    Sid: "WorkspacesUseItForTheirTopic",
    Effect: "Allow",
    Principal: { Service: "aps.amazonaws.com" },
    Action: ENCRYPTS_MESSAGES,
    Resource: "*",
    Condition: { StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": topicArn } },
  };
}
