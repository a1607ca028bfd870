import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, logKeyPolicy } from "./model.ts";

/** Tags of AWS resources, without the `Name` that each resource adds. */
export type Tags = Readonly<Record<string, string>>;

/** One CloudWatch log group and the key that encrypts it. */
export interface EncryptedLogGroupArgs extends AwsPlace {
  /** The physical name: whoever writes into the group expects that very name. */
  readonly logGroup: string;
  /** Days that events are kept. */
  readonly retentionDays: number;
  /** What the key's description says that it encrypts. */
  readonly purpose: string;
  readonly tags: Tags;
  /** Whether the key is kept: without it the logs cannot be read any more. */
  readonly protectData: boolean;
}

/** Days between the deletion of a key and its end: the longest that KMS takes, so that a mistake can be undone. */
export const KEY_DELETION_WINDOW_DAYS = 30;

/** One key, which is rotated every year. */
export interface KeyArgs {
  /** What the key's description says that it encrypts. */
  readonly purpose: string;
  /** See `keyPolicy`. */
  readonly policy: string;
  readonly tags: Tags;
  /** Whether the key is kept: without it nobody reads what it encrypts. */
  readonly protectData: boolean;
}

/** A key of the program's. */
export function createKey(
  name: string,
  { purpose, policy, tags, protectData }: KeyArgs,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  return new aws.kms.Key(
    name,
    {
      description: `Encrypts ${purpose}`,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_WINDOW_DAYS,
      policy,
      tags,
    },
    pulumi.mergeOptions(opts, { protect: protectData }),
  );
}

/** A log group as `${name}`, encrypted with a key of its own, `${name}-key`. */
export function createLogGroup(
  name: string,
  args: EncryptedLogGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  const { logGroup, retentionDays, purpose, tags, protectData } = args;
  const key = createKey(
    `${name}-key`,
    { purpose, policy: logKeyPolicy(args, logGroup), tags, protectData },
    opts,
  );
  return new aws.cloudwatch.LogGroup(
    name,
    { name: logGroup, retentionInDays: retentionDays, kmsKeyId: key.arn, tags },
    pulumi.mergeOptions(opts, { protect: protectData }),
  );
}
