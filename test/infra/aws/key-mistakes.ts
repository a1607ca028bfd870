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
