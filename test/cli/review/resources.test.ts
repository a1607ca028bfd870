import { describe, expect, it } from "vitest";
import type { ModelResource } from "../../../cli/review/model.ts";
import { resourceChanges } from "../../../cli/review/resources.ts";
import { model, resource } from "./sample-model.ts";

const KEY = "aws:kms/key:Key";
const SECRET = "kubernetes:core/v1:Secret";
const COMPONENT = "bellwether:cluster:EksCluster";

function changes(before: readonly ModelResource[], after: readonly ModelResource[]) {
  return resourceChanges(model({ resources: before }), model({ resources: after }));
}

function kinds(before: readonly ModelResource[], after: readonly ModelResource[]) {
  return changes(before, after).map(({ kind }) => kind);
}

describe("resources before and after", () => {
  it("says nothing of the order of keys and of values that stay", () => {
    const one = resource(SECRET, "a", { inputs: { metadata: { name: "a", labels: { x: "1", y: "2" } } } });
    const other = resource(SECRET, "a", { inputs: { metadata: { labels: { y: "2", x: "1" }, name: "a" } } });
    expect(changes([one], [other])).toEqual([]);
  });

  it("puts what holds data apart from what else is deleted, unless it is kept", () => {
    expect(kinds([resource(KEY, "key"), resource("aws:ec2/eip:Eip", "eip")], [])).toEqual([
      "data-deleted",
      "resource-deleted",
    ]);
    expect(kinds([resource(KEY, "key", { retainOnDelete: true })], [])).toEqual(["resource-deleted"]);
  });

  it("says nothing of a field that a deployment leaves alone once the resource exists", () => {
    const type = "kubernetes:monitoring.coreos.com/v1:Prometheus";
    const of = (storage: string, storageClass: string) =>
      resource(type, "p", {
        inputs: { spec: { storage: { size: storage }, storageClass } },
        ignoreChanges: ["spec.storage"],
      });
    expect(changes([of("200Gi", "gp3")], [of("150Gi", "gp3")])).toEqual([]);
    const [change] = changes([of("200Gi", "gp3")], [of("150Gi", "gp2")]);
    expect(change?.details?.map(({ label }) => label)).toEqual(["spec.storageClass"]);
  });

  it("says that protection is lifted", () => {
    expect(kinds([resource(KEY, "key", { protect: true })], [resource(KEY, "key")])).toEqual([
      "protection-lifted",
    ]);
    expect(kinds([resource(KEY, "key")], [resource(KEY, "key", { protect: true })])).toEqual([]);
  });

  it.each([
    [
      "aws:eks/nodeGroup:NodeGroup",
      { instanceTypes: ["a"] },
      { instanceTypes: ["b"] },
      "resource-replaced",
      "replaced by new nodes",
    ],
    [
      "aws:eks/nodeGroup:NodeGroup",
      { version: "1.35" },
      { version: "1.36" },
      "resource-updated",
      "EKS rolls the nodes",
    ],
    ["aws:eks/cluster:Cluster", { name: "a" }, { name: "b" }, "data-deleted", "the cluster is replaced"],
    [
      "aws:amp/workspace:Workspace",
      { kmsKeyArn: "a" },
      { kmsKeyArn: "b" },
      "data-deleted",
      "samples are deleted",
    ],
    ["aws:iam/role:Role", { path: "/a" }, { path: "/b" }, "resource-updated", "is not known here"],
    [
      "kubernetes:apps/v1:Deployment",
      { spec: { template: { a: 1 } } },
      { spec: { template: { a: 2 } } },
      "resource-updated",
      "restarts its pods",
    ],
  ])("says of %s what happens to what runs", (type, before, after, kind, words) => {
    const [change, ...more] = changes(
      [resource(type, "x", { inputs: before })],
      [resource(type, "x", { inputs: after })],
    );
    expect(more).toEqual([]);
    expect(change?.kind).toBe(kind);
    expect(change?.what).toContain(words);
  });

  it("finds a resource under its alias, and the children of a component under that of the component", () => {
    const urn = (name: string) => `urn:pulumi:prod::bellwether::${COMPONENT}::${name}`;
    const child = (name: string) =>
      resource(SECRET, `${name}-config`, {
        parent: urn(name),
        urn: `urn:pulumi:prod::bellwether::${COMPONENT}$${SECRET}::${name}-config`,
      });
    const before = [resource(COMPONENT, "old"), child("old"), resource(SECRET, "first")];
    const after = [
      resource(COMPONENT, "new", { aliases: ["name=old"] }),
      child("new"),
      resource(SECRET, "second", { aliases: [`urn:pulumi:prod::bellwether::${SECRET}::first`] }),
    ];
    expect(kinds(before, after)).toEqual(["resource-moved", "resource-moved"]);
  });

  it("warns of an object that is deleted under one name and created under another", () => {
    const inputs = { metadata: { name: "config", namespace: "monitoring" } };
    const [change, created] = changes(
      [resource(SECRET, "a", { inputs })],
      [resource(SECRET, "b", { inputs })],
    );
    expect(change).toMatchObject({
      kind: "resource-replaced",
      what: expect.stringContaining("give the new one an alias"),
    });
    expect(created?.kind).toBe("resource-created");
  });
});

describe("resources of which the engine says what it does", () => {
  const told = (
    type: string,
    before: Readonly<Record<string, unknown>>,
    after: Readonly<Record<string, unknown>>,
    verdict: { readonly is: "same" | "updated" | "replaced"; readonly paths: readonly string[] },
    of: "change" | "drift" = "change",
  ) => {
    const [was, is] = [resource(type, "x", { inputs: before }), resource(type, "x", { inputs: after })];
    const engine = new Map([[is.urn, verdict]]);
    return resourceChanges(model({ resources: [was] }), model({ resources: [is] }), of, engine).map(
      ({ kind, what }) => [kind, what],
    );
  };

  it("are replaced where the engine replaces them, also if no table knows it", () => {
    expect(
      told("aws:iam/role:Role", { path: "/a" }, { path: "/b" }, { is: "replaced", paths: ["path"] }),
    ).toEqual([
      [
        "resource-replaced",
        "path /a → /b; path cannot be changed in place: the engine replaces the resource",
      ],
    ]);
    const key = told(KEY, { policy: "a" }, { policy: "b" }, { is: "replaced", paths: ["policy"] });
    expect(key[0]?.[0]).toBe("data-deleted");
  });

  it("are not replaced where the engine updates them, whatever the table says", () => {
    const type = "aws:eks/nodeGroup:NodeGroup";
    expect(told(type, { diskSize: 1 }, { diskSize: 2 }, { is: "updated", paths: ["diskSize"] })).toEqual([
      ["resource-updated", "diskSize 1 → 2; AWS changes it in place"],
    ]);
  });

  it("are no change where the engine finds none", () => {
    expect(told(SECRET, { a: "1" }, { a: "[unknown]" }, { is: "same", paths: [] })).toEqual([]);
  });

  it("may change where the engine cannot compare them", () => {
    const same = { metadata: { name: "a" } };
    const [[kind, what] = []] = told(SECRET, same, same, { is: "updated", paths: [] });
    expect([kind, what]).toEqual([
      "resource-updated",
      expect.stringContaining("may change: what its provider"),
    ]);
  });

  it("have no value that follows from another resource beside one that does not", () => {
    const type = "aws:ec2/subnet:Subnet";
    const [before, after] = [
      { cidrBlock: "a", vpcId: "vpc-1" },
      { cidrBlock: "b", vpcId: "[unknown]" },
    ];
    const both = { is: "replaced", paths: ["cidrBlock", "vpcId"] } as const;
    expect(told(type, before, after, both)[0]?.[1]).toMatch(/^cidrBlock a → b; AWS cannot change it/);
    const alone = told(type, before, { ...before, vpcId: "[unknown]" }, { is: "replaced", paths: ["vpcId"] });
    expect(alone[0]?.[1]).toMatch(/^vpcId vpc-1 → \[unknown\]/);
  });

  it("have a document that is not known yet as one value", () => {
    const kubeconfig = JSON.stringify({ apiVersion: "v1", users: [{ name: "a" }] });
    const open = { is: "updated", paths: ["kubeconfig"] } as const;
    expect(told("pulumi:providers:kubernetes", { kubeconfig }, { kubeconfig: "[unknown]" }, open)).toEqual([
      ["resource-updated", "kubeconfig a value → [unknown]"],
    ]);
  });

  it.each(["change", "drift"] as const)("have a secret that changes, of a %s, without its value", (of) => {
    const hidden = { stringData: "[secret]" };
    expect(told(SECRET, hidden, hidden, { is: "updated", paths: ["stringData"] }, of)).toEqual([
      ["resource-updated", "stringData changes; the engine does not show it, because it is secret"],
    ]);
  });
});
