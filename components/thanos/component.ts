import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createKey } from "../aws/component.ts";
import { type AwsPlace, type Keys, keyPolicy, partitionOf } from "../aws/model.ts";
import type { PodCredentials } from "../cluster/model.ts";
import { createPodIdentity } from "../cluster/pod-identity.ts";
import { createServiceAccountRole } from "../cluster/service-account-role.ts";
import { after, createObject, createObjects, generatedName } from "../kubernetes/component.ts";
import type { ResolvedMonitoring } from "../prometheus/model.ts";
import type { renderMonitoring } from "../prometheus/render.ts";
import { WORKLOADS } from "../workloads/model.ts";
import { type ObjectStorageAccess, withRole } from "./access.ts";
import type { ObjectStorage } from "./model.ts";
import { renderObjectStorageSecret, s3Config } from "./object-storage.ts";

/** What the object storage of Thanos in S3 is made from. */
export interface SampleBucketArgs extends AwsPlace {
  /** The bucket. */
  readonly storage: ObjectStorage;
  /** Whether the program creates the bucket, or it exists. */
  readonly bucket: "created" | "existing";
  /** The EKS cluster whose pods read and write it. */
  readonly cluster: { readonly name: pulumi.Output<string> };
  /** The cluster's name, as it is known before there is one. */
  readonly clusterName: string;
  /** The namespace of Prometheus and Thanos. */
  readonly namespace: string;
  /** How the pods get their credentials. */
  readonly credentials: PodCredentials;
  /** Whether Thanos Ruler writes to it. */
  readonly ruler: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Whose key encrypts a bucket of the program: a key of S3's, or one of its own. An existing bucket names its key itself. Default: `aws`. */
  readonly keys?: Keys;
  /** Whether a bucket of the program and its key are protected from deletion. */
  readonly protectData: boolean;
}

const READ = ["s3:GetObject"];
const WRITE = [...READ, "s3:PutObject"];

/** What each of the three does in the bucket: Thanos' docs/storage.md of 0.42. A sidecar deletes what it could not upload whole. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  [WORKLOADS.prometheus.name]: [...WRITE, "s3:DeleteObject"],
  [WORKLOADS.thanosStore.name]: READ,
  [WORKLOADS.thanosCompactor.name]: [...WRITE, "s3:DeleteObject"],
};
/** A ruler uploads as a sidecar does. */
const RULER_ACTIONS: typeof ACTIONS = { [WORKLOADS.thanosRuler.name]: [...WRITE, "s3:DeleteObject"] };

/**
 * An S3 bucket for blocks of samples, and what Prometheus' sidecar, the store gateway and the compactor may do in it, by EKS Pod
 * Identity or by roles of service accounts. A bucket of the program is encrypted with a key of S3 or its own, has no public access, refuses
 * plain http and removes uploads that were broken off. It has no versions: the compactor replaces blocks by merged ones all the time.
 */
export class SampleBucket extends pulumi.ComponentResource {
  /** For the pods that read and write it. */
  readonly access: ObjectStorageAccess;

  constructor(name: string, args: SampleBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bellwether:thanos:SampleBucket", name, {}, opts);
    const { storage, credentials } = args;
    const child = { parent: this };
    const key =
      args.bucket === "created" && args.keys === "own" ? createBucketKey(name, args, child) : undefined;
    const made = args.bucket === "created" ? createBucket(name, args, key, child) : [];
    const roles: Record<string, pulumi.Input<string>> = {};
    const ready: pulumi.Resource[] = [...made];
    for (const [serviceAccount, actions] of Object.entries({
      ...ACTIONS,
      ...(args.ruler && RULER_ACTIONS),
    })) {
      const inputs = {
        ...args,
        serviceAccount,
        inlinePolicy: policyOf(storage, actions, key?.arn ?? storage.kmsKeyArn),
      };
      const role = `${name}-${serviceAccount}`;
      if (credentials.kind === "irsa") {
        const created = createServiceAccountRole(
          role,
          { ...inputs, oidcProvider: credentials.oidcProvider },
          child,
        );
        roles[serviceAccount] = created.arn;
        ready.push(created.ready);
      } else ready.push(createPodIdentity(role, inputs, child));
    }
    this.access = { after: ready, roles };
    this.registerOutputs({ bucket: storage.bucket });
  }
}

/** A key for the bucket alone. The account's policies say who uses it: S3 asks in the name of whoever reads or writes. */
function createBucketKey(
  name: string,
  args: SampleBucketArgs,
  child: pulumi.CustomResourceOptions,
): aws.kms.Key {
  const { tags, protectData, storage } = args;
  const purpose = `the samples in the bucket ${storage.bucket}`;
  return createKey(`${name}-key`, { purpose, policy: keyPolicy(args), tags, protectData }, child);
}

/** What S3 encrypts objects with that name no key. With a bucket key S3 asks KMS for each bucket and not for each object. */
function encryptionWith(
  key: aws.kms.Key | undefined,
): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  if (key === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
    bucketKeyEnabled: true,
  };
}

function createBucket(
  name: string,
  { storage, tags, protectData }: SampleBucketArgs,
  key: aws.kms.Key | undefined,
  child: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const bucket = new aws.s3.Bucket(
    name,
    { bucket: storage.bucket, tags },
    { ...child, protect: protectData },
  );
  const of = { bucket: bucket.id };
  const closed = new aws.s3.BucketPublicAccessBlock(
    name,
    {
      ...of,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    child,
  );
  return [
    closed,
    new aws.s3.BucketOwnershipControls(
      name,
      { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    ),
    new aws.s3.BucketServerSideEncryptionConfiguration(name, { ...of, rules: [encryptionWith(key)] }, child),
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        ...of,
        rules: [
          {
            id: "broken-off-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 3 },
          },
        ],
      },
      child,
    ),
    new aws.s3.BucketPolicy(
      name,
      { ...of, policy: onlyTls(storage) },
      // S3 refuses one of two changes of the same bucket at once.
      pulumi.mergeOptions(child, { dependsOn: closed }),
    ),
  ];
}

function onlyTls({ bucket, region }: ObjectStorage): aws.iam.PolicyDocument {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

function policyOf(
  { bucket, region }: ObjectStorage,
  actions: readonly string[],
  key: pulumi.Input<string> | undefined,
): aws.iam.PolicyDocument {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  const writes = actions.includes("s3:PutObject");
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "FindBlocks", Effect: "Allow", Action: "s3:ListBucket", Resource: arn },
      { Sid: "Blocks", Effect: "Allow", Action: [...actions], Resource: `${arn}/*` },
      ...(key === undefined
        ? []
        : [
            {
              Sid: "Key",
              Effect: "Allow" as const,
              Action: ["kms:Decrypt", ...(writes ? ["kms:GenerateDataKey"] : [])],
              Resource: key,
            },
          ]),
    ],
  };
}

/** What of Thanos the Prometheus resource and the Services of Thanos need. */
export interface CreatedThanos {
  /** The fields of the Prometheus resource for the sidecar. */
  readonly sidecar: object;
  /** What the pods of Prometheus must come after. */
  readonly before: readonly pulumi.Resource[];
}

/** Creates Thanos beside Prometheus; undefined where the store is another. `priority` is there before a pod of it. */
export function createThanos(
  name: string,
  { settings: { store }, namespaces, objectStorage }: ResolvedMonitoring,
  render: ReturnType<typeof renderMonitoring>["thanos"],
  inputs: {
    readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
    readonly access: ObjectStorageAccess | undefined;
    readonly inNamespaces: pulumi.CustomResourceOptions;
    readonly priority: pulumi.Resource;
    /** The operator, and what it needs. */
    readonly operator: readonly pulumi.Resource[];
  },
): CreatedThanos | undefined {
  if (store.kind !== "thanos" || render === undefined) return undefined;
  const { secrets, access, inNamespaces, priority, operator } = inputs;
  const { bucket } = store;
  // infra/platform.ts gives the bucket wherever the settings do not have another object storage.
  if (bucket.kind !== "secret" && objectStorage === undefined)
    throw new Error("store has the kind thanos, and no bucket is given");
  const config =
    bucket.kind === "secret"
      ? pulumi.secret(secrets[bucket.configSecret] as pulumi.Input<string>)
      : s3Config(objectStorage as NonNullable<typeof objectStorage>);
  const secret = createObject(
    `${name}-object-storage`,
    renderObjectStorageSecret<pulumi.Input<string>>(namespaces, config),
    inNamespaces,
  );
  const rendered = render(generatedName(secret));
  const before = Object.values(createObjects(name, withRole(rendered.before, access?.roles), inNamespaces));
  const ready = [secret, priority, ...before, ...(access?.after ?? [])];
  // What is on their volumes can be lost, and templates of claims cannot be changed.
  const pods = Object.values(
    createObjects(name, rendered.pods, {
      ...after(inNamespaces, ...ready),
      ignoreChanges: ["spec.volumeClaimTemplates"],
    }),
  );
  createObjects(name, rendered.services, after(inNamespaces, ...pods));
  // Before Prometheus leaves rules to it.
  const rulers = Object.values(
    createObjects(name, rendered.operated, {
      ...after(inNamespaces, ...ready, ...pods, ...operator),
      ignoreChanges: ["spec.storage"],
    }),
  );
  return { sidecar: rendered.sidecar, before: [...ready, ...rulers] };
}
