import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import { createPodIdentity } from "../cluster/pod-identity.ts";
import type { Duration } from "../core/duration.ts";
import { type Namespaces, WORKLOADS } from "../workloads/model.ts";
import { type AwsHeartbeat, alarmPeriod, heartbeatTopicName } from "./model.ts";

/** What an alarm on missing heartbeats is made from. */
export interface HeartbeatAlarmArgs {
  readonly settings: AwsHeartbeat;
  readonly environment: string;
  /** How often Alertmanager sends one. */
  readonly interval: Duration;
  readonly cluster: { readonly name: pulumi.Output<string> };
  readonly clusterName: string;
  /** The cluster's region. */
  readonly region: string;
  readonly namespaces: Pick<Namespaces, "monitoring">;
  /** The pager's URL. Needed where the settings name a secret. */
  readonly pagerUrl?: pulumi.Input<string>;
  readonly tags: Tags;
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
    const { settings, environment, interval, tags, pagerUrl } = args;
    const elsewhere = { parent: this, provider: args.elsewhere };
    const topicName = heartbeatTopicName(environment);
    const beats = new aws.sns.Topic(name, { name: topicName, tags }, elsewhere);
    const pager = new aws.sns.Topic(`${name}-pager`, { name: `${topicName}-pager`, tags }, elsewhere);
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
    const inlinePolicy: aws.iam.PolicyDocument = {
      Version: "2012-10-17",
      Statement: [{ Sid: "SendHeartbeats", Effect: "Allow", Action: "sns:Publish", Resource: beats.arn }],
    };
    const { cluster, clusterName, region, namespaces } = args;
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
