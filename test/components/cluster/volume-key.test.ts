import { beforeAll, describe, expect, it } from "vitest";
import { EksCluster } from "../../../components/cluster/component.ts";
import { type Recording, record } from "../../support/pulumi-mocks.ts";
import { clusterArgs, clusterOf, STORAGE_CLASS, TEMPLATE } from "./recorded-cluster.ts";
import { PRODUCTION_EKS } from "./settings.ts";

const KEY = "aws:kms/key:Key";

describe("the key of disks and volumes", () => {
  let recording: Recording;
  beforeAll(async () => {
    recording = await record(() => {
      new EksCluster("cluster", { ...clusterArgs(PRODUCTION_EKS, true), keys: "own" });
    });
  });

  it("is rotated and, in production, protected", () => {
    const key = recording.the(KEY, "cluster-volumes");
    expect(key.inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(key.protect).toBe(true);
  });

  it("encrypts the disks of nodes and the volumes of the storage class", () => {
    const disks = recording.the(TEMPLATE, "cluster-general").inputs["blockDeviceMappings"] as readonly {
      readonly ebs: { readonly kmsKeyId?: string };
    }[];
    const [kmsKeyId] = recording
      .ofType(STORAGE_CLASS)
      .map(({ inputs }) => (inputs["parameters"] as { readonly kmsKeyId?: string }).kmsKeyId);
    expect(kmsKeyId).toContain("cluster-volumes");
    expect(disks.map(({ ebs }) => ebs.kmsKeyId)).toEqual([kmsKeyId, kmsKeyId]);
  });

  it("lets Auto Scaling use it, and grant it to services of AWS alone", () => {
    const { Statement } = JSON.parse(String(recording.the(KEY, "cluster-volumes").inputs["policy"]));
    const role =
      "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
    const [, use, grant] = Statement;
    expect(use).toMatchObject({ Principal: { AWS: role } });
    expect(grant).toMatchObject({
      Principal: { AWS: role },
      Action: "kms:CreateGrant",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    });
  });

  it("is not there where AWS's keys are chosen", async () => {
    const plain = await clusterOf();
    expect(plain.ofType(KEY).map(({ name }) => name)).toEqual(["cluster-secrets", "cluster-logs-key"]);
    expect(JSON.stringify(plain.the(TEMPLATE, "cluster-general").inputs)).not.toContain("kmsKeyId");
  });
});
