import type { Mistake } from "./mistake.ts";

const VOLUMES = { type: "aws:kms/key:Key", name: "cluster-volumes" };
const TOPICS = { type: "aws:kms/key:Key", name: "heartbeat-key" };
const policy = (name: string) => ({ type: "aws:iam/rolePolicy:RolePolicy", name });

interface Inputs {
  policy: { Statement: { Sid: string }[] };
}

function without(inputs: Inputs, sid: string): void {
  inputs.policy.Statement = inputs.policy.Statement.filter(({ Sid }) => Sid !== sid);
}

/** Mistakes in keys, and in the rights of whoever encrypts with them. */
export const KEY_MISTAKES: Readonly<Record<string, Mistake>> = {
  "a key that Auto Scaling may not use": {
    ...VOLUMES,
    make: (inputs) =>
      (inputs.policy = inputs.policy.replaceAll("autoscaling.amazonaws.com/", "ec2.amazonaws.com/")),
    says: /the policy of the key cluster-volumes is no kms:Encrypt for EC2 Auto Scaling/,
  },
  "a key that Auto Scaling may not let EC2 use": {
    ...VOLUMES,
    make: (inputs) => (inputs.policy = inputs.policy.replace("kms:CreateGrant", "kms:ListGrants")),
    says: /no kms:CreateGrant for EC2 Auto Scaling/,
  },
  "grants for anyone": {
    ...VOLUMES,
    make: (inputs) => (inputs.policy = inputs.policy.replace("GrantIsForAWSResource", "ViaService")),
    says: /ViaService|grants for others/,
  },
  "a grant whose condition is false": {
    ...VOLUMES,
    make: (inputs) =>
      (inputs.policy = inputs.policy.replace(
        '"kms:GrantIsForAWSResource":"true"',
        '"kms:GrantIsForAWSResource":"false"',
      )),
    says: /grants for others than services of AWS/,
  },
  "a driver of volumes that may not use the key": {
    ...policy("cluster-ebs-csi"),
    make: (inputs) => without(inputs, "UseTheKeyOfVolumes"),
    says: /what cluster-ebs-csi may do is no kms:Encrypt with cluster-volumes/,
  },
  "a driver of volumes that may not attach them": {
    ...policy("cluster-ebs-csi"),
    make: (inputs) => without(inputs, "LetEc2UseTheKeyOfVolumes"),
    says: /no kms:CreateGrant with cluster-volumes/,
  },
  "a Karpenter that may not start encrypted nodes": {
    ...policy("autoscaler-controller"),
    make: (inputs) => without(inputs, "UseTheKeyOfVolumes"),
    says: /what autoscaler-controller may do is no kms:Encrypt with cluster-volumes/,
  },
  "an alarm that may not encrypt": {
    ...TOPICS,
    make: (inputs) =>
      (inputs.policy = inputs.policy.replace("cloudwatch.amazonaws.com", "events.amazonaws.com")),
    says: /the policy of the key heartbeat-key is no kms:Decrypt for CloudWatch/,
  },
  "an Alertmanager that may not encrypt": {
    ...policy("heartbeat"),
    make: (inputs) => without(inputs, "EncryptHeartbeats"),
    says: /what heartbeat may do is no kms:Decrypt/,
  },
  "a key that is never rotated": {
    type: "aws:kms/key:Key",
    name: "samples-key",
    make: (inputs) => (inputs.enableKeyRotation = false),
    says: /enableKeyRotation is false/,
  },
};

/** Mistakes in the key of Thanos' bucket, and in the rights of those that read and write there. */
export const BUCKET_KEY_MISTAKES: Readonly<Record<string, Mistake>> = {
  "a store gateway that may not decrypt": {
    ...policy("sample-bucket-thanos-store"),
    make: (inputs) => without(inputs, "Key"),
    says: /what sample-bucket-thanos-store may do is no kms:Decrypt with sample-bucket-key/,
  },
  "a sidecar that may read what it may not write": {
    ...policy("sample-bucket-prometheus"),
    make: (inputs) =>
      (inputs.policy.Statement = inputs.policy.Statement.map((statement: { Sid: string }) =>
        statement.Sid === "Key" ? { ...statement, Action: ["kms:Decrypt"] } : statement,
      )),
    says: /what sample-bucket-prometheus may do is no kms:GenerateDataKey with sample-bucket-key/,
  },
  "an encryption that S3 does not know": {
    type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    name: "sample-bucket",
    make: (inputs) => (inputs.rules[0].applyServerSideEncryptionByDefault.sseAlgorithm = "aws:kms:own"),
    says: /aws:kms:own/,
  },
};

const STORE_TOPIC = { type: "aws:kms/key:Key", name: "store-heartbeat-key" };

/** Mistakes in the key of the topic that the alert manager of a workspace publishes its heartbeats to. */
export const STORE_TOPIC_KEY_MISTAKES: Readonly<Record<string, Mistake>> = {
  "a workspace that may not encrypt": {
    ...STORE_TOPIC,
    make: (inputs) => (inputs.policy = inputs.policy.replace("aps.amazonaws.com", "aoss.amazonaws.com")),
    says: /the policy of the key store-heartbeat-key is no kms:Decrypt for aps\.amazonaws\.com/,
  },
  "a workspace that may encrypt for another topic": {
    ...STORE_TOPIC,
    make: (inputs) => (inputs.policy = inputs.policy.replace("store-heartbeat", "heartbeat")),
    says: /kms:Decrypt for arn:aws:sns:eu-central-1:\d+:bellwether-prod-heartbeat/,
  },
  "an alarm on the store that may not encrypt": {
    ...STORE_TOPIC,
    make: (inputs) =>
      (inputs.policy = inputs.policy.replace("cloudwatch.amazonaws.com", "events.amazonaws.com")),
    says: /the policy of the key store-heartbeat-key is no kms:Decrypt for CloudWatch/,
  },
};
