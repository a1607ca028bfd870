import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { judge } from "../violation.ts";

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const SWITCHES = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const publicBuckets: ResourcePolicy = {
  id: "public-buckets",
  area: "network",
  pack: "security",
  standards: ["FSBP S3.2", "FSBP S3.3", "FSBP S3.8", "NIST AC-3"],
  scope: "resource",
  title: "No S3 bucket is public.",
  why: "Backups, logs and long-term samples hold names of customers and hosts.",
  fix: `remove the public acl, and set ${SWITCHES.join(", ")} of the public access block to true`,
  severity: "high",
  levels: ALWAYS,
  types: [
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:s3/bucketAcl:BucketAcl",
    "aws:s3/bucketAclV2:BucketAclV2",
    BLOCK,
  ],
  check: ({ type, properties }) =>
    judge(() => {
      if (type !== BLOCK)
        return /^public-/.test(properties.at("acl").text() ?? "")
          ? "the bucket can be read publicly"
          : undefined;
      const open = SWITCHES.filter((name) => !properties.at(name).is(true));
      return open.length > 0 ? `the public access block does not set ${open.join(", ")}` : undefined;
    }),
};
