import { unwrapped } from "../../../cli/recording/wire.ts";
import { autoName, type Calls, call, pairs, pascal } from "./call-inputs.ts";

const cloudwatch = call("cloudwatch");
const sns = call("sns");

/** The calls that make an alarm on missing heartbeats. */
export const HEARTBEAT: Readonly<Record<string, Calls>> = {
  "aws:sns/topic:Topic": ({ name: given, tags, kmsMasterKeyId, ...rest }, name) => [
    sns("CreateTopic", {
      ...pascal(rest),
      Name: autoName(given, name),
      ...(kmsMasterKeyId && { Attributes: { KmsMasterKeyId: kmsMasterKeyId } }),
      Tags: pairs(tags),
    }),
  ],
  "aws:sns/topicPolicy:TopicPolicy": ({ arn, policy }) => [
    sns("SetTopicAttributes", { TopicArn: arn, AttributeName: "Policy", AttributeValue: policy }),
  ],
  "aws:sns/topicSubscription:TopicSubscription": ({
    topic,
    endpoint,
    // The provider waits for the confirmation by itself.
    endpointAutoConfirms: _,
    ...rest
  }) => [sns("Subscribe", { ...pascal(rest), TopicArn: topic, Endpoint: unwrapped(endpoint) })],
  "aws:cloudwatch/metricAlarm:MetricAlarm": (
    { name: given, dimensions, alarmActions, okActions, tags, ...rest },
    name,
  ) => [
    cloudwatch("PutMetricAlarm", {
      ...pascal(rest),
      AlarmName: autoName(given, name),
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      AlarmActions: alarmActions,
      OKActions: okActions,
      Tags: pairs(tags),
    }),
  ],
};
