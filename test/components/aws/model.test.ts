import { describe, expect, it } from "vitest";
import {
  assumedBy,
  ec2Principal,
  logKeyPolicy,
  logRetentionProblems,
  managedPolicyArn,
  partitionOf,
} from "../../../components/aws/model.ts";

describe("ARNs and principals", () => {
  it("name the partition of their region", () => {
    expect(["eu-central-1", "cn-north-1", "us-gov-west-1"].map(partitionOf)).toEqual([
      "aws",
      "aws-cn",
      "aws-us-gov",
    ]);
    expect(managedPolicyArn("cn-north-1", "AmazonEKSClusterPolicy")).toBe(
      "arn:aws-cn:iam::aws:policy/AmazonEKSClusterPolicy",
    );
    expect([ec2Principal("eu-central-1"), ec2Principal("cn-north-1")]).toEqual([
      "ec2.amazonaws.com",
      "ec2.amazonaws.com.cn",
    ]);
  });
});

describe("a role's trust", () => {
  it("goes to one service, under a condition where there is one", () => {
    expect(JSON.parse(assumedBy("eks.amazonaws.com"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: ["sts:AssumeRole"] },
      ],
    });
    const condition = { StringEquals: { "aws:SourceAccount": "111122223333" } };
    expect(
      JSON.parse(assumedBy("x.amazonaws.com", ["sts:AssumeRole"], condition)).Statement[0].Condition,
    ).toEqual(condition);
  });
});

describe("the policy of a log group's key", () => {
  const [administration, use] = JSON.parse(
    logKeyPolicy({ accountId: "111122223333", region: "eu-central-1" }, "/aws/eks/prod/cluster"),
  ).Statement;

  it("leaves the account in charge, or nobody could ever change it", () => {
    expect(administration).toMatchObject({
      Principal: { AWS: "arn:aws:iam::111122223333:root" },
      Action: "kms:*",
    });
  });

  it("gives CloudWatch of this region no more than encrypting that group", () => {
    expect(use.Principal).toEqual({ Service: "logs.eu-central-1.amazonaws.com" });
    expect(use.Action).not.toContain("kms:*");
    expect(use.Condition.ArnEquals["kms:EncryptionContext:aws:logs:arn"]).toBe(
      "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/eks/prod/cluster",
    );
  });
});

describe("a log group's retention", () => {
  it("is one of CloudWatch's own, and otherwise the next longer one is the fix", () => {
    expect(logRetentionProblems(90, "days")).toEqual([]);
    expect(logRetentionProblems(91, "days")).toMatchObject([
      { path: "days", fix: "write 120, the next longer one" },
    ]);
  });
});
