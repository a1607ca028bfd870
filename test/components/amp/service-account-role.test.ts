import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { MetricsStore } from "../../../components/amp/component.ts";
import { record } from "../../support/pulumi-mocks.ts";

const ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";

it("lets the service account of Prometheus, and no other, assume the writer's role with IRSA", async () => {
  let role: pulumi.Output<string> | undefined;
  const recording = await record(() => {
    ({ writerRole: role } = new MetricsStore("samples", {
      environment: "prod",
      retentionDays: 395,
      cluster: { name: pulumi.output("shop-prod") },
      clusterName: "shop-prod",
      credentials: { kind: "irsa", oidcProvider: ISSUER },
      writer: { namespace: "monitoring", serviceAccount: "prometheus" },
      accountId: "111122223333",
      region: "eu-central-1",
      tags: {},
      protectData: false,
    }));
  });
  const { inputs } = recording.the("aws:iam/role:Role", "samples-writer");
  expect(JSON.parse(String(inputs["assumeRolePolicy"])).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${ISSUER}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${ISSUER}:sub`]: "system:serviceaccount:monitoring:prometheus",
          [`${ISSUER}:aud`]: "sts.amazonaws.com",
        },
      },
    },
  ]);
  expect(recording.ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation")).toEqual([]);
  expect(await new Promise((resolve) => role?.apply(resolve))).toBe("arn:aws:test:::samples-writer");
});
