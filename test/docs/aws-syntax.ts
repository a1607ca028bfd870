/** The options of a command of the aws CLI, as its documentation lists them. */
interface Syntax {
  readonly required: readonly string[];
  readonly options: readonly string[];
}

/**
 * The commands of the how-tos. Those of an API are the members of its input in botocore 1.43.11, 1.44.8 for those that update a cluster (the service-2.json of each service),
 * from which the aws CLI makes its options and its documentation; the others are the options of the CLI's own commands.
 */
export const AWS_COMMANDS: Readonly<Record<string, Syntax>> = {
  "ec2 describe-volumes": {
    required: [],
    options: [
      "--volume-ids",
      "--include-managed-resources",
      "--dry-run",
      "--filters",
      "--next-token",
      "--max-results",
    ],
  },
  "ec2 describe-subnets": {
    required: [],
    options: ["--filters", "--subnet-ids", "--dry-run", "--next-token", "--max-results"],
  },
  "iam create-service-linked-role": {
    required: ["--aws-service-name"],
    options: ["--aws-service-name", "--description", "--custom-suffix"],
  },
  "ec2 create-subnet-cidr-reservation": {
    required: ["--subnet-id", "--cidr", "--reservation-type"],
    options: [
      "--subnet-id",
      "--cidr",
      "--reservation-type",
      "--description",
      "--dry-run",
      "--tag-specifications",
    ],
  },
  "ec2 delete-volume": {
    required: ["--volume-id"],
    options: ["--volume-id", "--dry-run"],
  },
  "eks list-insights": {
    required: ["--cluster-name"],
    options: ["--cluster-name", "--filter", "--max-results", "--next-token"],
  },
  "eks describe-addon-versions": {
    required: [],
    options: [
      "--kubernetes-version",
      "--max-results",
      "--next-token",
      "--addon-name",
      "--types",
      "--publishers",
      "--owners",
    ],
  },
  "eks describe-cluster": {
    required: ["--name"],
    options: ["--name"],
  },
  "eks update-nodegroup-version": {
    required: ["--cluster-name", "--nodegroup-name"],
    options: [
      "--cluster-name",
      "--nodegroup-name",
      "--kubernetes-version",
      "--release-version",
      "--launch-template",
      "--force",
      "--client-request-token",
    ],
  },
  "eks describe-nodegroup": {
    required: ["--cluster-name", "--nodegroup-name"],
    options: ["--cluster-name", "--nodegroup-name"],
  },
  "eks update-addon": {
    required: ["--cluster-name", "--addon-name"],
    options: [
      "--cluster-name",
      "--addon-name",
      "--addon-version",
      "--service-account-role-arn",
      "--resolve-conflicts",
      "--client-request-token",
      "--configuration-values",
      "--pod-identity-associations",
    ],
  },
  "eks update-cluster-version": {
    required: ["--name", "--kubernetes-version"],
    options: ["--name", "--kubernetes-version", "--client-request-token", "--force", "--rollback-config"],
  },
  "kms create-alias": {
    required: ["--alias-name", "--target-key-id"],
    options: ["--alias-name", "--target-key-id"],
  },
  "kms create-key": {
    required: [],
    options: [
      "--policy",
      "--description",
      "--key-usage",
      "--customer-master-key-spec",
      "--key-spec",
      "--origin",
      "--custom-key-store-id",
      "--bypass-policy-lockout-safety-check",
      "--tags",
      "--multi-region",
      "--xks-key-id",
    ],
  },
  "kms enable-key-rotation": {
    required: ["--key-id"],
    options: ["--key-id", "--rotation-period-in-days"],
  },
  "s3api create-bucket": {
    required: ["--bucket"],
    options: [
      "--acl",
      "--bucket",
      "--create-bucket-configuration",
      "--grant-full-control",
      "--grant-read",
      "--grant-read-acp",
      "--grant-write",
      "--grant-write-acp",
      "--object-lock-enabled-for-bucket",
      "--object-ownership",
      "--bucket-namespace",
    ],
  },
  "s3api put-bucket-versioning": {
    required: ["--bucket", "--versioning-configuration"],
    options: [
      "--bucket",
      "--content-md5",
      "--checksum-algorithm",
      "--mfa",
      "--versioning-configuration",
      "--expected-bucket-owner",
    ],
  },
  "s3api put-public-access-block": {
    required: ["--bucket", "--public-access-block-configuration"],
    options: [
      "--bucket",
      "--content-md5",
      "--checksum-algorithm",
      "--public-access-block-configuration",
      "--expected-bucket-owner",
    ],
  },
  "sts get-caller-identity": {
    required: [],
    options: [],
  },
  "grafana list-versions": {
    required: [],
    options: ["--max-results", "--next-token", "--workspace-id"],
  },
  "eks update-kubeconfig": {
    required: ["--name"],
    options: [
      "--name",
      "--kubeconfig",
      "--role-arn",
      "--dry-run",
      "--verbose",
      "--alias",
      "--user-alias",
      "--proxy-url",
    ],
  },
  "eks get-token": {
    required: [],
    options: ["--cluster-name", "--role-arn", "--cluster-id"],
  },
  "sso login": {
    required: [],
    options: ["--no-browser", "--use-device-code", "--sso-session"],
  },
};

/** What every command takes, as `aws help` lists it. */
export const AWS_GLOBAL = ["--region", "--profile", "--output", "--query", "--no-cli-pager"];

/** The members of the structures that the how-tos write in the shorthand syntax, with the values that they may have. */
export const AWS_STRUCTURES: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  "--create-bucket-configuration": { LocationConstraint: /^[a-z]{2}(?:-[a-z]+)+-\d$/ },
  "--versioning-configuration": { MFADelete: /^(?:Enabled|Disabled)$/, Status: /^(?:Enabled|Suspended)$/ },
  "--public-access-block-configuration": {
    BlockPublicAcls: /^(?:true|false)$/,
    IgnorePublicAcls: /^(?:true|false)$/,
    BlockPublicPolicy: /^(?:true|false)$/,
    RestrictPublicBuckets: /^(?:true|false)$/,
  },
  "--filters": { Name: /^[\w:./-]+$/, Values: /^.+$/ },
};
