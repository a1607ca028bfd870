import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { ServiceDefinition } from "../../components/service/model.ts";
import { resolveEnvironment } from "../../stacks/resolve.ts";
import { type WrittenStore, writtenStores } from "../../stacks/stores.ts";
import { samples } from "./samples.ts";
import { everywhere } from "./store-samples.ts";

const ALL = ["sent", "sent-us"];
const URL = "https://prometheus-prod-01.grafana.example.com/api/prom/push";
const there = { url: URL, tenant: "shop" };
const STORES = {
  sent: { ...there, cluster: "kind-eu", judges: ["everywhere"] },
  "sent-us": { ...there, cluster: "kind-us", judges: [] },
};

function found(
  stores: Readonly<Record<string, WrittenStore>> = STORES,
  definition: Partial<ServiceDefinition> = {},
) {
  const service = everywhere(definition);
  const context = { stack: "sent", today: "2026-11-23", environments: ALL, stores, services: [service] };
  const resolved = resolveEnvironment(samples()["sent"], context);
  return resolved.ok ? [] : resolved.problems.map(({ path, found }) => `${path}: ${found}`);
}

describe("an objective over several environments", () => {
  it("is taken where all send to one store under different names", () => {
    expect(found()).toEqual([]);
  });

  it("has one evaluator", () => {
    const stores = { ...STORES, "sent-us": { ...STORES["sent-us"], judges: ["everywhere"] } };
    expect(found(stores)).toEqual([
      "environment.prometheus.global.services[0]: everywhere, which sent-us judges over several environments, too",
    ]);
  });

  it("is refused over clusters of one name, over two stores and over two tenants, all at once", () => {
    const us = { cluster: "kind-eu", judges: [] };
    expect(found({ ...STORES, "sent-us": us })).toEqual([
      "environment.prometheus.global.environments[1]: sent-us, which sends to no endpoint",
      "environment.prometheus.global.environments[1]: sent-us, whose cluster is called kind-eu, as that of sent",
    ]);
    for (const other of [{ tenant: "other" }, { url: "https://other.example.com/push" }])
      expect(found({ ...STORES, "sent-us": { ...STORES["sent-us"], ...other } })).toEqual([
        "environment.prometheus.global.environments[1]: sent-us, which sends to another URL or tenant",
      ]);
  });

  it("has the same numbers everywhere, and pages nowhere else", () => {
    expect(
      found(STORES, {
        objectives: { availability: "99.9" },
        environments: { "sent-us": { objectives: { availability: "99" }, page: true } },
      }),
    ).toEqual([
      expect.stringMatching(
        /^services\.everywhere\.environments\.sent-us\.objectives\.availability: 99% in 30d from 5 errors on in sent-us, and 99\.9% in 30d from 5 errors on in sent/,
      ),
      expect.stringMatching(/^services\.everywhere\.environments\.sent-us\.page: an objective that pages/),
    ]);
  });

  it("needs a service that runs in two of them", () => {
    expect(found(STORES, { only: ["sent"] })).toEqual([
      "environment.prometheus.global.services[0]: everywhere, which runs in sent alone of these environments",
    ]);
  });

  it("is compared with what the files of the other environments say", () => {
    const folder = mkdtempSync(join(tmpdir(), "bellwether-stores-"));
    try {
      const write = (name: string, text: string) => writeFileSync(join(folder, `Pulumi.${name}.yaml`), text);
      write("sent", stringify({ config: { "bellwether:environment": samples()["sent"] } }));
      write("eks", stringify({ config: { "bellwether:environment": { cluster: { version: "1.35" } } } }));
      write("broken", "config: [\n");
      const stores = writtenStores(folder);
      expect(stores["sent"]).toMatchObject({ ...there, judges: ["everywhere"] });
      expect(stores["eks"]).toEqual({ cluster: "eks", judges: [] });
      expect(Object.keys(stores)).not.toContain("broken");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
