import { z } from "zod";
import { seconds } from "../core/duration.ts";
import type { Problem } from "../core/problems.ts";
import { byteQuantity, durationBetween, secretName, text, webUrl } from "../core/schema.ts";
import type { NamedSecret } from "../core/secrets.ts";

const volume = () => byteQuantity();

/** Where the blocks of samples are kept. */
const bucket = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("created") }),
  z.strictObject({
    kind: z.literal("s3"),
    name: text(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "the name of an S3 bucket: 3 to 63 lower-case letters, digits, dots and hyphens",
    ).meta({
      description: "Name of the bucket.",
    }),
    region: text(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "an AWS region such as eu-central-1").meta({
      description: "Region of the bucket.",
    }),
    kmsKeyArn: text(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]{36}$/,
      "the ARN of a key: arn:aws:kms:<region>:<account>:key/<id>",
    )
      .optional()
      .meta({ description: "KMS key with which the bucket encrypts. Default: a key of S3." }),
  }),
  z.strictObject({
    kind: z.literal("secret"),
    configSecret: secretName().meta({
      description:
        "Secret: the configuration of the object storage, in the form of Thanos (type, config, prefix), with its credentials.",
    }),
    endpoint: webUrl().meta({
      description:
        "URL of the object storage, such as https://storage.googleapis.com. Network policies let the platform connect to its port, or to the namespace of a Service of the cluster.",
    }),
  }),
]);

/** Thanos: blocks of samples in object storage, and one query over them and the servers. */
export const thanosSettings = z.strictObject({
  kind: z.literal("thanos"),
  bucket: bucket.meta({
    description:
      "created: an S3 bucket of this environment, with EKS. s3: an S3 bucket that exists, with EKS. secret: object storage of any provider.",
  }),
  rawRetention: durationBetween("40h", "3650d").default("90d").meta({
    description:
      "How long every sample is kept in object storage. Objectives are exact for as long; what is older is shown from five-minute samples.",
  }),
  fiveMinuteRetention: durationBetween("10d", "3650d").default("400d").meta({
    description: "How long samples of five minutes are kept.",
  }),
  hourRetention: durationBetween("10d", "3650d").default("400d").meta({
    description: "How long samples of an hour are kept.",
  }),
  queryMemory: byteQuantity()
    .default("1Gi")
    .meta({ description: "Memory request and limit of Thanos Query, and of the queries beside rulers." }),
  storeMemory: byteQuantity().default("2Gi").meta({
    description: "Memory request and limit of the store gateway. A quarter of it caches the index.",
  }),
  storeVolume: volume().default("10Gi").meta({
    description: "Volume of each store gateway, for parts of the index. It can be lost.",
  }),
  compactorMemory: byteQuantity()
    .default("2Gi")
    .meta({ description: "Memory request and limit of the compactor." }),
  compactorVolume: volume().default("100Gi").meta({
    description:
      "Volume of the compactor, for the blocks that it merges: about twice two weeks of samples. It can be lost.",
  }),
  rulerMemory: byteQuantity().default("512Mi").meta({
    description:
      "Memory request and limit of each Thanos Ruler, with prometheus.rules: store. The query beside it has queryMemory.",
  }),
  rulerVolume: volume().default("10Gi").meta({
    description:
      "Volume of each Thanos Ruler, for what its rules have recorded in prometheus.retention. One of two can be lost.",
  }),
});

export type ThanosSettings = z.output<typeof thanosSettings>;

/** An S3 bucket, and the key that it encrypts with if it is not one of S3. */
export interface ObjectStorage {
  readonly bucket: string;
  readonly region: string;
  readonly kmsKeyArn?: string;
}

/** The label that the two servers of a pair differ by: the operator's default, named here because Thanos Query is given it. */
export const REPLICA_LABEL = "prometheus_replica";

/** The label that two rulers differ by. The operator sets it and takes it off alerts (prometheus-operator 0.94, pkg/thanos/statefulset.go). */
export const RULER_REPLICA_LABEL = "thanos_ruler_replica";

/** The operator's sidecar in the pods of Prometheus (prometheus-operator 0.94, pkg/prometheus/server/statefulset.go). */
export const SIDECAR = { container: "thanos-sidecar", ports: { http: 10_902, grpc: 10_901 } } as const;

/** The secrets of the settings; `path` is theirs. */
export function thanosSecrets({ bucket: chosen }: ThanosSettings, path: string): readonly NamedSecret[] {
  return chosen.kind === "secret" ? [{ name: chosen.configSecret, path: `${path}.bucket.configSecret` }] : [];
}

/**
 * The name of the bucket that the program creates: unique in AWS by the account, and in the account by the environment. The longest name of
 * an environment makes 61 of the 63 characters that S3 takes.
 */
export function createdBucket(environment: string, accountId: string): string {
  return `samples-${environment}-${accountId}`;
}

/** The S3 bucket of the settings, in the account and region of the environment; undefined where it is another object storage. */
export function objectStorageOf(
  { bucket: chosen }: ThanosSettings,
  environment: string,
  aws: { readonly accountId: string; readonly region: string } | undefined,
): ObjectStorage | undefined {
  if (chosen.kind === "secret" || aws === undefined) return undefined;
  if (chosen.kind === "created")
    return { bucket: createdBucket(environment, aws.accountId), region: aws.region };
  const { name, region, kmsKeyArn } = chosen;
  return { bucket: name, region, ...(kmsKeyArn !== undefined && { kmsKeyArn }) };
}

/** What of the settings does not agree. `localRetention` is that of Prometheus. */
export function thanosProblems(
  { rawRetention, fiveMinuteRetention, hourRetention }: ThanosSettings,
  localRetention: ThanosSettings["rawRetention"],
  path: string,
  pathOfLocal: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  const notShorter = (field: string, value: string, than: string, least: string) =>
    seconds(value as typeof rawRetention) < seconds(least as typeof rawRetention) &&
    problems.push({
      path: `${path}.${field}`,
      found: `${value}, and ${than} is ${least}`,
      allowed: `at least ${least}: coarser samples are there to outlive finer ones`,
      fix: `raise it to ${least}, or lower ${than}`,
    });
  notShorter("fiveMinuteRetention", fiveMinuteRetention, "rawRetention", rawRetention);
  notShorter("hourRetention", hourRetention, "fiveMinuteRetention", fiveMinuteRetention);
  // A block is two hours long. Thanos' sidecar wants three of them (docs/components/sidecar.md of 0.42): object storage may be away for some time.
  if (seconds(localRetention) < 6 * 3600)
    problems.push({
      path: pathOfLocal,
      found: `${localRetention}, with blocks of two hours that are uploaded`,
      allowed: "at least 6h: while object storage is away, Prometheus keeps what is not uploaded yet",
      fix: "raise it to 6h",
    });
  return problems;
}
