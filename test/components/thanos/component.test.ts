import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { SampleBucket, type SampleBucketArgs } from "../../../components/thanos/component.ts";
import { registrationsEnded } from "../../support/pulumi-mocks.ts";

interface Registered {
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever the SDK sends.
  readonly inputs: any;
}

const registered: Registered[] = [];

pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      return { id: `${name}-id`, state: { ...inputs, arn: `arn:aws:iam::111122223333:role/${name}` } };
    },
    call: ({ inputs }) => inputs,
  },
  "bellwether",
  "test",
);

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

async function made(changes: Partial<SampleBucketArgs>): Promise<SampleBucket> {
  const bucket = new SampleBucket("sample-bucket", {
    storage: { bucket: "samples-prod-111122223333", region: "eu-central-1" },
    bucket: "created",
    cluster: { name: pulumi.output("prod") },
    clusterName: "prod",
    namespace: "monitoring",
    credentials: { kind: "pod-identity" },
    ruler: false,
    accountId: "111122223333",
    region: "eu-central-1",
    tags: {},
    protectData: true,
    ...changes,
  });
  await settled(bucket.urn);
  await registrationsEnded();
  return bucket;
}

const inputsOf = (type: string, name: string) =>
  registered.find((each) => each.type.endsWith(`:${type}`) && each.name === name)?.inputs;

beforeEach(() => {
  registered.length = 0;
});

it("a bucket of an environment with Thanos Ruler lets the ruler upload, and no other has its role", async () => {
  await made({ ruler: true });
  const uploads =
    inputsOf("RolePolicy", "sample-bucket-thanos-ruler") ?? inputsOf("Role", "sample-bucket-thanos-ruler");
  expect(JSON.stringify(uploads)).toContain("s3:PutObject");
  registered.length = 0;
  await made({});
  expect(registered.map(({ name }) => name).filter((name) => /ruler/.test(name))).toEqual([]);
});

const ARN = "arn:aws:s3:::samples-prod-111122223333";

describe("a bucket of the program", () => {
  it("is encrypted, closed to the public, and reached by TLS alone", async () => {
    await made({});
    expect(inputsOf("Bucket", "sample-bucket").bucket).toBe("samples-prod-111122223333");
    expect(inputsOf("BucketPublicAccessBlock", "sample-bucket")).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(
      inputsOf("BucketServerSideEncryptionConfiguration", "sample-bucket").rules[0]
        .applyServerSideEncryptionByDefault,
    ).toEqual({ sseAlgorithm: "AES256" });
    expect(inputsOf("BucketPolicy", "sample-bucket").policy.Statement).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Resource: [ARN, `${ARN}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    ]);
    expect(inputsOf("BucketLifecycleConfiguration", "sample-bucket").rules).toEqual([
      expect.objectContaining({ abortIncompleteMultipartUpload: { daysAfterInitiation: 3 } }),
    ]);
  });

  it("is written by Prometheus and the compactor, and only read by the store gateway", async () => {
    const { access } = await made({});
    const actions = (account: string) =>
      inputsOf("RolePolicy", `sample-bucket-${account}`).policy.Statement.map(
        ({ Action, Resource }: { readonly Action: unknown; readonly Resource: unknown }) => [
          Action,
          Resource,
        ],
      );
    const all = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
    expect(actions("prometheus")).toEqual([
      ["s3:ListBucket", ARN],
      [all, `${ARN}/*`],
    ]);
    expect(actions("thanos-compactor")).toEqual([
      ["s3:ListBucket", ARN],
      [all, `${ARN}/*`],
    ]);
    expect(actions("thanos-store")).toEqual([
      ["s3:ListBucket", ARN],
      [["s3:GetObject"], `${ARN}/*`],
    ]);
    expect(
      registered
        .filter(({ type }) => type.endsWith(":PodIdentityAssociation"))
        .map(({ inputs }) => inputs.serviceAccount)
        .sort(),
    ).toEqual(["prometheus", "thanos-compactor", "thanos-store"]);
    expect(access.roles).toEqual({});
  });
});

describe("a bucket of the program with its own key", () => {
  it("encrypts with it whatever is uploaded without a key, and lets decrypt who reads", async () => {
    await made({ keys: "own" });
    const key = "arn:aws:iam::111122223333:role/sample-bucket-key";
    expect(inputsOf("Key", "sample-bucket-key")).toMatchObject({ enableKeyRotation: true });
    expect(inputsOf("BucketServerSideEncryptionConfiguration", "sample-bucket").rules).toEqual([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
        bucketKeyEnabled: true,
      },
    ]);
    const last = (account: string) =>
      inputsOf("RolePolicy", `sample-bucket-${account}`).policy.Statement.at(-1);
    expect(last("thanos-compactor")).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: key,
    });
    expect(last("thanos-store")).toMatchObject({ Action: ["kms:Decrypt"], Resource: key });
  });
});

describe("a bucket that exists", () => {
  it("is not created, and its key is for those that need it", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    await made({
      bucket: "existing",
      storage: { bucket: "samples-prod-111122223333", region: "eu-central-1", kmsKeyArn },
      keys: "own",
    });
    expect(registered.filter(({ type }) => type.endsWith(":Key"))).toEqual([]);
    expect(registered.filter(({ type }) => type.startsWith("aws:s3/"))).toEqual([]);
    const key = (account: string) => inputsOf("RolePolicy", `sample-bucket-${account}`).policy.Statement[2];
    expect(key("prometheus")).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: kmsKeyArn,
    });
    expect(key("thanos-store")).toMatchObject({ Action: ["kms:Decrypt"], Resource: kmsKeyArn });
  });
});

describe("roles of service accounts in the place of EKS Pod Identity", () => {
  it("are named by the service account that assumes them", async () => {
    const { access } = await made({
      credentials: { kind: "irsa", oidcProvider: "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE" },
    });
    expect(Object.keys(access.roles ?? {})).toEqual(["prometheus", "thanos-store", "thanos-compactor"]);
    const role = access.roles?.["thanos-store"] as pulumi.Output<string>;
    expect(await settled(role)).toBe("arn:aws:iam::111122223333:role/sample-bucket-thanos-store");
    expect(registered.some(({ type }) => type.endsWith(":PodIdentityAssociation"))).toBe(false);
  });
});
