import { type Calls, call, pairs, pascal, text } from "./call-inputs.ts";

const s3 = call("s3");

/** The calls that make the bucket of Thanos. */
export const SAMPLE_BUCKET: Readonly<Record<string, Calls>> = {
  "aws:s3/bucket:Bucket": ({ bucket: Bucket, tags, ...rest }) => [
    s3("CreateBucket", { ...pascal(rest), Bucket }),
    s3("PutBucketTagging", { Bucket, Tagging: { TagSet: pairs(tags) } }),
  ],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ({ bucket: Bucket, ...rest }) => [
    s3("PutPublicAccessBlock", { Bucket, PublicAccessBlockConfiguration: pascal(rest) }),
  ],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ({ bucket: Bucket, rule, ...rest }) => [
    s3("PutBucketOwnershipControls", { ...rest, Bucket, OwnershipControls: { Rules: [pascal(rule)] } }),
  ],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ({
    bucket: Bucket,
    rules,
    ...rest
  }) => [
    s3("PutBucketEncryption", {
      ...rest,
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: rules.map(
          ({
            applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId, ...others },
            ...rule
          }: Rule) => ({
            ...pascal(rule),
            ApplyServerSideEncryptionByDefault: {
              ...others,
              SSEAlgorithm: sseAlgorithm,
              ...(kmsMasterKeyId && { KMSMasterKeyID: kmsMasterKeyId }),
            },
          }),
        ),
      },
    }),
  ],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ({
    bucket: Bucket,
    rules,
    ...rest
  }) => [
    s3("PutBucketLifecycleConfiguration", {
      ...rest,
      Bucket,
      LifecycleConfiguration: { Rules: rules.map(({ id, ...rule }: Rule) => ({ ...pascal(rule), ID: id })) },
    }),
  ],
  "aws:s3/bucketPolicy:BucketPolicy": ({ bucket: Bucket, policy, ...rest }) => [
    s3("PutBucketPolicy", { ...rest, Bucket, Policy: text(policy) }),
  ],
};

// biome-ignore lint/suspicious/noExplicitAny: the inputs of a resource, which the model judges
type Rule = any;
