import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { Karpenter } from "../../../components/autoscaler/component.ts";
import { autoscaler } from "../../../components/cluster/autoscaler-settings.ts";
import { type Recording, record } from "../../support/pulumi-mocks.ts";

const CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";
const POOL = "kubernetes:karpenter.sh/v1:NodePool";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const RULE = "aws:cloudwatch/eventRule:EventRule";

const settings = autoscaler.parse({
  kind: "karpenter",
  pools: { general: { cpuLimit: 64, memoryLimit: "256Gi" } },
});

describe("Karpenter", () => {
  let recording: Recording;
  beforeAll(async () => {
    recording = await record(() => {
      const provider = new aws.Provider("aws", { region: "eu-central-1" });
      if (settings.kind !== "karpenter") throw new Error("another kind");
      new Karpenter("autoscaler", {
        pools: settings.pools,
        prefixDelegation: false,
        cluster: { name: pulumi.output("prod"), nodesGroupId: pulumi.output("sg-nodes") },
        clusterName: "prod",
        privateSubnetIds: { "eu-central-1a": "subnet-a", "eu-central-1b": "subnet-b" },
        accountId: "111122223333",
        region: "eu-central-1",
        tags: {},
        aws: provider,
      });
    });
  });

  it("has its nodes in the subnets and the security group of the others, with a role of their own", () => {
    expect(recording.the(CLASS, "autoscaler-class-general").inputs["spec"]).toMatchObject({
      subnetSelectorTerms: [{ id: "subnet-a" }, { id: "subnet-b" }],
      securityGroupSelectorTerms: [{ id: "sg-nodes" }],
    });
    expect(recording.the("aws:eks/accessEntry:AccessEntry", "autoscaler-nodes").inputs["type"]).toBe(
      "EC2_LINUX",
    );
  });

  it("is destroyed after its pools, whose nodes it stops, and their classes, which wait for that", () => {
    const { dependsOn } = recording.the(POOL, "autoscaler-pool-general");
    expect(dependsOn).toContain(`${CLASS} autoscaler-class-general`);
    expect(recording.the(CLASS, "autoscaler-class-general").dependsOn).toContain(
      `${DEPLOYMENT} autoscaler-controller`,
    );
  });

  it("runs after its rights, its definitions and its queue", () => {
    expect(recording.the(DEPLOYMENT, "autoscaler-controller").dependsOn).toEqual(
      expect.arrayContaining([
        "aws:eks/podIdentityAssociation:PodIdentityAssociation autoscaler-controller",
        "aws:sqs/queue:Queue autoscaler-interruptions",
        "kubernetes:helm.sh/v3:Release autoscaler-definitions",
      ]),
    );
  });

  it("is told of what happens to instances, and by nothing but its own rules", () => {
    const rules = recording.ofType(RULE);
    expect(rules.map(({ inputs }) => JSON.parse(String(inputs["eventPattern"]))["detail-type"][0])).toEqual([
      "AWS Health Event",
      "EC2 Spot Instance Interruption Warning",
      "EC2 Instance Rebalance Recommendation",
      "EC2 Instance State-change Notification",
      "EC2 Capacity Reservation Instance Interruption Warning",
    ]);
    const { policy } = recording.the("aws:sqs/queuePolicy:QueuePolicy", "autoscaler-interruptions").inputs;
    const [statement] = JSON.parse(String(policy)).Statement;
    expect(statement.Principal).toEqual({ Service: "events.amazonaws.com" });
    expect(statement.Condition.ArnEquals["aws:SourceArn"]).toEqual(
      rules.map(({ inputs }) => `arn:aws:events:eu-central-1:111122223333:rule/${inputs["name"]}`),
    );
  });

  it("may change and stop only what has the tag of this cluster", () => {
    const { policy } = recording.the("aws:iam/rolePolicy:RolePolicy", "autoscaler-controller").inputs;
    const changing = ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"];
    const { Statement } = policy as { Statement: readonly { Action: string[]; Condition: object }[] };
    for (const { Action, Condition } of Statement)
      if (changing.some((action) => [Action].flat().includes(action)))
        expect(Condition).toMatchObject({
          StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/prod": "owned" },
        });
    expect(Statement.filter(({ Action }) => [Action].flat().includes("ec2:TerminateInstances"))).toHaveLength(
      1,
    );
    expect(JSON.stringify(Statement)).not.toMatch(/iam:(?:Create|Delete|Add)/);
  });
});
