import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askPacks, foreignStack } from "../pack-results.ts";
import { createProject, type TemporaryProject } from "../project.ts";

// docs/how-to/policies.md, "Let a policy mend": the level remediate, on the real engine.

const PACKS = ["reliability", "security"] as const;
const PASSWORD = "bookworm-1984";

function program(): void {
  const cloud = { provider: new aws.Provider("aws", { region: "eu-west-1" }) };
  new aws.sns.Topic("orders", { tags: { cost: "12" } }, cloud);
  const opts = { provider: new k8s.Provider("cluster", { kubeconfig: "{}" }) };
  const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }, opts);
  const within = { ...opts, dependsOn: [namespace] };
  const metadata = { name: "shop", namespace: "shop", labels: { tier: "front" } };
  // Not a Secret, whose data the SDK makes secret in any case.
  new k8s.core.v1.ConfigMap("shop", { metadata, data: pulumi.secret({ password: PASSWORD }) }, within);
  new k8s.apps.v1.Deployment(
    "shop",
    {
      metadata,
      spec: {
        selector: { matchLabels: { app: "shop" } },
        template: {
          metadata: { labels: { app: "shop" } },
          spec: {
            containers: [
              { name: "shop", image: "shop:1.4.2" },
              { name: "log", image: "log:2.0.1", securityContext: { allowPrivilegeEscalation: true } },
            ],
          },
        },
      },
    },
    within,
  );
}

const mending = {
  all: "advisory",
  "recommended-labels": "remediate",
  "restricted-pods": "advisory",
  "owner-tags": { enforcementLevel: "remediate", owner: "catalogue" },
} as const;

describe("the level remediate", () => {
  let project: TemporaryProject;
  let stack: Stack;
  beforeAll(async () => {
    project = await createProject();
    stack = await foreignStack(project, "mended", async () => program());
  });
  afterAll(() => project?.remove());

  const inputsOf = async (kind: string) => {
    const { deployment } = await stack.exportStack();
    const { resources } = deployment as {
      readonly resources: readonly { readonly type: string; readonly inputs: Record<string, unknown> }[];
    };
    const found = resources.find(({ type }) => type.endsWith(`:${kind}`));
    return JSON.stringify(found?.inputs);
  };

  it("is not the default: nothing is changed", async () => {
    await askPacks(project, stack, "up", PACKS, { all: "advisory" });
    expect(await inputsOf("Topic")).not.toContain("catalogue");
    expect(await inputsOf("Deployment")).not.toContain("managed-by");
  });

  it("sets labels and tags that are left out, and keeps secrets secret", async () => {
    const { findings } = await askPacks(project, stack, "up", PACKS, mending);
    expect(findings.filter(({ policy }) => /^(?:recommended-labels|owner-tags)$/.test(policy))).toEqual([]);
    expect(await inputsOf("Topic")).toContain('"cost":"12","owner":"catalogue"');
    for (const kind of ["Deployment", "Namespace", "ConfigMap"])
      expect(await inputsOf(kind)).toContain('"app.kubernetes.io/part-of":"bookshop"');
    // The mark of a secret: the value is encrypted in the state, and shown by an export alone.
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    expect(await inputsOf("ConfigMap")).toContain(
      `"data":${JSON.stringify({ ...secret, plaintext: JSON.stringify({ password: PASSWORD }) })}`,
    );
  });

  it("forbids privilege escalation where nothing is stated, and refuses what is stated", async () => {
    const config = { ...mending, "restricted-pods": "remediate" } as const;
    const { refused, findings } = await askPacks(project, stack, "preview", ["security"], config);
    expect(refused).toBe(true);
    const escalating = findings.filter(({ message }) => message.includes("allows privilege escalation"));
    expect(escalating.map(({ message }) => message.split("\n")[0])).toEqual([
      "container log allows privilege escalation.",
    ]);
  });
});
