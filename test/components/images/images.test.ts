import { readdirSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { IMAGES, type ImageName, imageSettings, pulledImage } from "../../../components/images/model.ts";
import { withImages } from "../../../components/images/render.ts";
import { monitoringObjects } from "../../../components/prometheus/render.ts";
import { PRODUCTION, resolved } from "../prometheus/samples.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;
const objects = Object.values(monitoringObjects(resolved(PRODUCTION)));
const rewritten = (settings: Parameters<typeof withImages>[2]) =>
  JSON.stringify(objects.map((object) => withImages(object, object.kind, settings)));
const UPSTREAM = /"[^"]*(?:quay\.io|docker\.io|registry\.k8s\.io)\/[^"]*"/g;

describe("the images of the platform", () => {
  it("all come from the company's registry, the operator's argument too", () => {
    expect(JSON.stringify(objects).match(UPSTREAM)?.length).toBeGreaterThan(5);
    const all = rewritten({ registry: "registry.example.com:5000/mirror" });
    expect(all.match(UPSTREAM)).toBeNull();
    expect(all).toContain(
      "--prometheus-config-reloader=registry.example.com:5000/mirror/prometheus-operator/prometheus-config-reloader:v",
    );
  });

  it("come from a registry for each of the projects' registries, before the general one", () => {
    const settings = { registry: "all.example.com", registries: { "quay.io": "quay.example.com/q" } };
    expect(pulledImage("prometheus", settings)).toMatch(/^quay\.example\.com\/q\/prometheus\/prometheus:v/);
    expect(pulledImage("grafana", settings)).toMatch(/^all\.example\.com\/grafana\/grafana:/);
    expect(pulledImage("grafana", { registries: {} })).toBe(IMAGES.grafana);
  });

  it("have the digest that is given, behind the tag", () => {
    expect(pulledImage("prometheus", { digests: { prometheus: DIGEST } })).toBe(
      `${IMAGES.prometheus}@${DIGEST}`,
    );
    expect(rewritten({ digests: { prometheus: DIGEST } })).toContain(`"${IMAGES.prometheus}@${DIGEST}"`);
  });

  it("are pulled with the secrets that every service account names", () => {
    const accounts = objects
      .filter(({ kind }) => kind === "ServiceAccount")
      .map((account) => withImages(account, account.kind, { pullSecrets: ["a", "b"] }));
    expect(accounts.length).toBeGreaterThan(3);
    for (const account of accounts)
      expect(account).toMatchObject({ imagePullSecrets: [{ name: "a" }, { name: "b" }] });
  });

  it("leave values alone that exist only later", () => {
    const later = pulumi.output("x");
    expect(withImages({ spec: { later } }, "Deployment", { registry: "r.example.com" }).spec.later).toBe(
      later,
    );
  });

  it("are all that any environment pulls", () => {
    const known = new Set<string>(Object.values(IMAGES));
    const found = new Set<string>();
    const search = (value: unknown, key = ""): void => {
      if (key === "image" && typeof value === "string") found.add(value);
      else if (value !== null && typeof value === "object")
        for (const [inner, each] of Object.entries(value)) search(each, inner);
    };
    const golden = new URL("../../golden/", import.meta.url);
    for (const file of readdirSync(golden, { recursive: true, encoding: "utf8" }))
      if (/\.ya?ml$/.test(file)) search(parse(readFileSync(new URL(file, golden), "utf8")));
    search(objects);
    expect([...found].filter((image) => !known.has(image))).toEqual([]);
    expect(found.size).toBeGreaterThan(4);
  });

  it.each([
    [{ registry: "https://registry.example.com" }, "registry"],
    [{ digests: { promtheus: DIGEST } }, "digests"],
    [{ digests: { prometheus: "sha256:abc" } }, "digests"],
    [{ registries: { "ghcr.io": "registry.example.com" } }, ""],
  ])("refuse %j", (settings, path) => {
    const result = imageSettings.safeParse(settings);
    expect(result.success).toBe(false);
    expect(result.error?.issues[0]?.path[0] ?? "").toBe(path === "" ? "registries" : path);
  });

  it("are named once", () => {
    const names = Object.keys(IMAGES) as ImageName[];
    expect(new Set(names.map((name) => IMAGES[name])).size).toBe(names.length);
  });
});
