import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addOnVersions, EKS_VERSIONS } from "../../../components/cluster/eks-versions.ts";
import { installedClone } from "../clone.ts";
import { follow, howTo, type Ran } from "../page.ts";

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

describe("docs/how-to/upgrade-kubernetes.md, followed in a clone", () => {
  const page = howTo("upgrade-kubernetes");
  const clone = installedClone();
  let ran: readonly Ran[];

  const graph = (path: string): readonly Resource[] =>
    (JSON.parse(readFileSync(join(clone.folder, path, "graph.json"), "utf8")) as { resources: Resource[] })
      .resources;

  beforeAll(async () => {
    ran = await follow(page, clone.folder);
  });
  afterAll(clone.remove);

  it("needs no command that fails", () => {
    expect(ran.length).toBe(3);
    for (const { text, code, stderr } of ran) expect(code, `${text}${stderr}`).toBe(0);
  });

  it("changes the resources and inputs of the page's table, and no other", () => {
    const before = new Map(graph("out-before/staging").map((resource) => [resource.urn, resource]));
    const after = graph("out/staging");
    expect(after.map(({ urn }) => urn)).toEqual([...before.keys()]);
    const changed = after.flatMap(({ urn, type, inputs }) =>
      Object.keys(inputs)
        .filter((key) => JSON.stringify(inputs[key]) !== JSON.stringify(before.get(urn)?.inputs[key]))
        .map((key) => `${type}${type.endsWith("Addon") ? ` ${String(inputs["addonName"])}` : ""}: ${key}`),
    );
    const rows = [...page.matchAll(/^\| `(aws:\S+)`(?: `([a-z-]+)`)?.* \| `(\w+)` \|$/gm)];
    const shown = rows.map(
      ([, type, addOn, key]) => `${type}${addOn === undefined ? "" : ` ${addOn}`}: ${key}`,
    );
    expect([...new Set(changed)].sort()).toEqual(shown.sort());
    expect(changed.filter((change) => change.includes("NodeGroup"))).toHaveLength(3);
  });

  it("changes no manifest, no rule, no route and no dashboard", () => {
    const files = [...(ran[1]?.stdout ?? "").matchAll(/^\+\+\+ out\/staging\/(\S+)/gm)].map(
      ([, file]) => file,
    );
    expect(files.filter((file) => !/^report\.(md|html)$/.test(file ?? ""))).toEqual([
      "graph.json",
      "model.json",
    ]);
  });

  it("names add-ons that have one version for all of Kubernetes' versions", () => {
    const [, list = ""] = /^The add-ons (.*) have versions that support every/m.exec(page) ?? [];
    const kept = [...list.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name);
    const versions = EKS_VERSIONS.map(({ addOns }) => Object.entries(addOns));
    const same = Object.entries(addOnVersions("1.36"))
      .filter(([name, value]) => versions.every((all) => Object.fromEntries(all)[name] === value))
      .map(([name]) => name);
    expect(kept.sort()).toEqual(same.sort());
  });

  it("adds a version by data alone", () => {
    const cluster = graph("out/dev").find(({ type }) => type === "aws:eks/cluster:Cluster");
    expect(cluster?.inputs["version"]).toBe("1.37");
    const proxy = graph("out/dev").find(({ inputs }) => inputs["addonName"] === "kube-proxy");
    expect(proxy?.inputs["addonVersion"]).toBe("v1.37.0-eksbuild.1");
  });
});
