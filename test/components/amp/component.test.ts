import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { MetricsStore } from "../../../components/amp/component.ts";
import { registrationsEnded } from "../../support/pulumi-mocks.ts";

interface Registered {
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever the SDK sends.
  readonly inputs: any;
}

const registered: Registered[] = [];
const ARN = "arn:aws:aps:eu-central-1:111122223333:workspace/ws-1";
const ENDPOINT = "https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1/";

pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      const computed = type.endsWith(":Workspace") ? { arn: ARN, prometheusEndpoint: ENDPOINT } : {};
      return { id: `${name}-id`, state: { ...inputs, ...computed } };
    },
    call: ({ inputs }) => inputs,
  },
  "bellwether",
  "test",
);

function store(protectData: boolean): MetricsStore {
  return new MetricsStore("samples", {
    environment: "prod",
    retentionDays: 395,
    cluster: { name: pulumi.output("prod") },
    clusterName: "prod",
    writer: { namespace: "monitoring", serviceAccount: "prometheus" },
    accountId: "111122223333",
    region: "eu-central-1",
    tags: { "bellwether:environment": "prod" },
    protectData,
  });
}

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

const one = (type: string) => registered.find((resource) => resource.type.endsWith(`:${type}`))?.inputs;

describe("the store of samples", () => {
  let made: MetricsStore;

  beforeAll(async () => {
    made = store(true);
    await settled(made.urn);
    await registrationsEnded();
  });

  it("is a workspace, how long it keeps samples, and the right of one service account to write", () => {
    expect(registered.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "aws:amp/workspace:Workspace samples",
      "aws:amp/workspaceConfiguration:WorkspaceConfiguration samples",
      "aws:eks/podIdentityAssociation:PodIdentityAssociation samples-writer",
      "aws:iam/role:Role samples-writer",
      "aws:iam/rolePolicy:RolePolicy samples-writer",
      "bellwether:amp:MetricsStore samples",
    ]);
    expect(one("WorkspaceConfiguration")).toMatchObject({ retentionPeriodInDays: 395 });
    expect(one("PodIdentityAssociation")).toMatchObject({
      clusterName: "prod",
      namespace: "monitoring",
      serviceAccount: "prometheus",
    });
  });

  it("lets its writer write here, and nothing else anywhere", () => {
    expect(one("RolePolicy").policy.Statement).toEqual([
      { Sid: "WriteSamples", Effect: "Allow", Action: "aps:RemoteWrite", Resource: ARN },
    ]);
    expect(JSON.parse(one("Role").assumeRolePolicy).Statement[0]).toMatchObject({
      Principal: { Service: "pods.eks.amazonaws.com" },
      Condition: {
        StringEquals: {
          "aws:RequestTag/eks-cluster-name": "prod",
          "aws:RequestTag/kubernetes-namespace": "monitoring",
          "aws:RequestTag/kubernetes-service-account": "prometheus",
        },
      },
    });
  });

  it("says where samples are sent and asked for", async () => {
    expect(await settled(made.remoteWriteUrl)).toBe(`${ENDPOINT}api/v1/remote_write`);
    expect(await settled(made.endpoint)).toBe(ENDPOINT);
    expect(made.ready).toHaveLength(1);
  });
});
