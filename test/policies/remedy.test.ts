import { describe, expect, it } from "vitest";
import { policies } from "../../policies/rules/index.ts";
import type { Context, ResourcePolicy } from "../../policies/rules/policy.ts";
import { withRemedies } from "../../policies/rules/remedy.ts";
import { ownerTags } from "../../policies/rules/stack/owner-tags.ts";
import { recommendedLabels } from "../../policies/rules/stack/recommended-labels.ts";
import { UNKNOWN, Value } from "../../policies/rules/value.ts";
import { judge } from "../../policies/rules/violation.ts";
import { restrictedPods } from "../../policies/rules/workloads/restricted-pods.ts";
import { TODAY, urnOf } from "./compliant-stack/fixture.ts";

class Sealed {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}
const isSealed = (value: unknown) => value instanceof Sealed;

const CONTEXT: Context = { today: TODAY };

function remedied(policy: ResourcePolicy, type: string, properties: object, context = CONTEXT): object {
  const view = { type, name: "x", urn: urnOf(type, "x"), protect: false, properties: new Value(properties) };
  return withRemedies(properties, policy.remedies?.(view, context) ?? [], isSealed);
}

function said(policy: ResourcePolicy, type: string, properties: object, context = CONTEXT): string[] {
  const view = { type, name: "x", urn: urnOf(type, "x"), protect: false, properties: new Value(properties) };
  return judge(() => policy.check(view, context)).map(({ what }) => what);
}

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const BUCKET = "aws:s3/bucket:Bucket";

describe("remedies", () => {
  it("set what is left out, in maps that are left out too, and change nothing that is stated", () => {
    const properties = { a: { b: "stated" }, list: [{ c: 1 }] };
    const remedies = [
      { path: ["a", "b"], value: "x" },
      { path: ["a", "d", "e"], value: "x" },
      { path: ["list", 0, "c"], value: false },
      { path: ["list", 0, "f"], value: false },
    ];
    expect(withRemedies(properties, remedies, isSealed)).toEqual({
      a: { b: "stated", d: { e: "x" } },
      list: [{ c: 1, f: false }],
    });
    expect(properties).toEqual({ a: { b: "stated" }, list: [{ c: 1 }] });
  });

  it("leave what is secret, and what is known only after deployment", () => {
    const properties = { a: new Sealed({}), b: UNKNOWN };
    const remedies = [
      { path: ["a", "x"], value: "x" },
      { path: ["b", "x"], value: "x" },
    ];
    expect(withRemedies(properties, remedies, isSealed)).toEqual(properties);
  });

  it("exist for labels, tags and privilege escalation alone", () => {
    const having = policies.filter((policy) => policy.scope === "resource" && policy.remedies !== undefined);
    expect(having.map(({ id }) => id)).toEqual(["restricted-pods", "recommended-labels", "owner-tags"]);
  });

  it("give an object its labels, so that the policy has nothing left to say", () => {
    const object = { metadata: { name: "x", labels: { app: "x" } } };
    expect(said(recommendedLabels, DEPLOYMENT, object)).toHaveLength(1);
    const after = remedied(recommendedLabels, DEPLOYMENT, object);
    expect(after).toEqual({
      metadata: {
        name: "x",
        labels: {
          app: "x",
          "app.kubernetes.io/part-of": "bellwether",
          "app.kubernetes.io/managed-by": "pulumi",
        },
      },
    });
    expect(said(recommendedLabels, DEPLOYMENT, after)).toEqual([]);
  });

  it("give no label whose value nobody states", () => {
    const context = { ...CONTEXT, settings: { labels: ["cost-centre"] } };
    expect(remedied(recommendedLabels, DEPLOYMENT, { metadata: {} }, context)).toEqual({ metadata: {} });
  });

  it("give a resource the owner that the configuration names, and none without", () => {
    expect(remedied(ownerTags, BUCKET, { tags: { cost: "1" } })).toEqual({ tags: { cost: "1" } });
    const context = { ...CONTEXT, settings: { owner: "catalogue" } };
    const after = remedied(ownerTags, BUCKET, { tags: { cost: "1" } }, context);
    expect(after).toEqual({ tags: { cost: "1", owner: "catalogue" } });
    expect(said(ownerTags, BUCKET, after, context)).toEqual([]);
    const owned = { tags: { "acme:team": "shop" } };
    expect(remedied(ownerTags, BUCKET, owned, context)).toEqual(owned);
  });

  it("forbid privilege escalation to each container that says nothing of it", () => {
    const template = (containers: readonly object[]) => ({ spec: { template: { spec: { containers } } } });
    const before = template([
      { name: "plain" },
      { name: "allows", securityContext: { allowPrivilegeEscalation: true } },
      // The API server refuses false beside these two.
      { name: "privileged", securityContext: { privileged: true } },
      { name: "administers", securityContext: { capabilities: { add: ["SYS_ADMIN"] } } },
    ]);
    expect(remedied(restrictedPods, DEPLOYMENT, before)).toEqual(
      template([
        { name: "plain", securityContext: { allowPrivilegeEscalation: false } },
        { name: "allows", securityContext: { allowPrivilegeEscalation: true } },
        { name: "privileged", securityContext: { privileged: true } },
        { name: "administers", securityContext: { capabilities: { add: ["SYS_ADMIN"] } } },
      ]),
    );
    const job = {
      spec: { jobTemplate: { spec: { template: { spec: { initContainers: [{ name: "i" }] } } } } },
    };
    expect(JSON.stringify(remedied(restrictedPods, "kubernetes:batch/v1:CronJob", job))).toContain(
      '{"name":"i","securityContext":{"allowPrivilegeEscalation":false}}',
    );
    const agent = { metadata: { namespace: "monitoring-node" }, ...template([{ name: "plain" }]) };
    expect(remedied(restrictedPods, DEPLOYMENT, agent)).toEqual(agent);
    const windows = {
      spec: { template: { spec: { os: { name: "windows" }, containers: [{ name: "w" }] } } },
    };
    expect(remedied(restrictedPods, DEPLOYMENT, windows)).toEqual(windows);
  });
});
