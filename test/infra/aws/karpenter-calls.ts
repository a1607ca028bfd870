import { autoName, type Calls, call, MADE, pairs, pascal, text } from "./call-inputs.ts";

const events = call("events");
const iam = call("iam");
const sqs = call("sqs");

/** The calls that make the queue of Karpenter, the rules that write into it, and the profile of its nodes. */
export const KARPENTER: Readonly<Record<string, Calls>> = {
  "aws:sqs/queue:Queue": (
    { name: given, messageRetentionSeconds, sqsManagedSseEnabled, kmsMasterKeyId, tags, ...rest },
    name,
  ) => [
    sqs("CreateQueue", {
      ...rest,
      QueueName: autoName(given, name),
      tags,
      Attributes: {
        ...(messageRetentionSeconds && { MessageRetentionPeriod: String(messageRetentionSeconds) }),
        ...(sqsManagedSseEnabled && { SqsManagedSseEnabled: String(sqsManagedSseEnabled) }),
        ...(kmsMasterKeyId && { KmsMasterKeyId: kmsMasterKeyId }),
      },
    }),
  ],
  "aws:sqs/queuePolicy:QueuePolicy": ({ queueUrl, policy, ...rest }) => [
    sqs("SetQueueAttributes", { ...rest, QueueUrl: queueUrl, Attributes: { Policy: text(policy) } }),
  ],
  "aws:cloudwatch/eventRule:EventRule": ({ name: given, tags, ...rest }, name) => [
    events("PutRule", { ...pascal(rest), Name: autoName(given, name), Tags: pairs(tags) }),
  ],
  "aws:cloudwatch/eventTarget:EventTarget": ({ rule, targetId, arn, ...rest }) => [
    events("PutTargets", { ...pascal(rest), Rule: rule, Targets: [{ Id: targetId, Arn: arn }] }),
  ],
  "aws:iam/instanceProfile:InstanceProfile": ({ name: given, role, tags, ...rest }, name) => [
    iam("CreateInstanceProfile", {
      ...pascal(rest),
      InstanceProfileName: autoName(given, name),
      Tags: pairs(tags),
    }),
    iam("AddRoleToInstanceProfile", { InstanceProfileName: MADE, RoleName: role }),
  ],
};
