import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folder } from "../infra/previews.ts";
import { runHere } from "./surroundings.ts";

// What production's preview wrote, with one mistake.

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "bellwether-lint-"));
  cpSync(folder("prod", "manifests"), join(root, "manifests"), { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** All dashboards of production, one of them with a mistake. */
function dashboards(name: string, from: string, to: string): string {
  const copy = join(root, name);
  cpSync(folder("prod", "dashboards"), copy, { recursive: true });
  const file = join(copy, "bellwether-nodes-prod.json");
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`the dashboard has no ${from}`);
  writeFileSync(file, text.replace(from, to));
  return copy;
}

const lint = (...paths: readonly string[]) => runHere(["lint", ...paths, "--today", "2026-11-23"]);

describe("bellwether lint", () => {
  it("finds nothing in what production renders, in folders and files", async () => {
    const { code, out } = await lint(folder("prod", "manifests"), folder("prod", "dashboards"));
    expect(out).toMatch(/^ +0 {2}findings\n +\d+ {2}findings on dashboards that are excluded\n$/m);
    expect(code).toBe(0);
    const file = await lint(folder("prod", "dashboards", "bellwether-nodes-prod.json"));
    expect(file.out).toMatch(/^ +0 {2}findings$/m);
  });

  it("names file, panel, mistake and reason of a dashboard that is wrong", async () => {
    const broken = dashboards("broken", "node_load5{", "node_load5{{");
    const { code, out } = await lint(broken);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^bellwether-nodes-prod\.json\n {2}panel Load \S.*per core has a query that is no PromQL.*\n {2}why: .*\(target-promql\)$/m,
    );
    expect(out).toMatch(/^ +1 {2}target-promql\n +1 {2}findings$/m);
  });

  it("checks dashboards against the monitors in the other paths", async () => {
    const gone = dashboards("gone", 'node_load5{job=\\"node-exporter\\"', 'node_load5{job=\\"gone\\"');
    expect((await lint(gone)).code).toBe(0);
    const { code, out } = await lint(join(root, "manifests"), gone);
    expect(code).toBe(1);
    expect(out).toMatch(/panel Load \S.*per core asks for node_load5.*\n {2}why: .*\(metric-source\)/);
  });

  it("leaves out what a file of waivers excludes, until its last day", async () => {
    const broken = dashboards("excluded", "node_load5{", "node_load5{{");
    const file = join(root, "waivers.yaml");
    writeFileSync(
      file,
      `exclusions:
  - {check: target-promql, dashboard: bellwether-nodes-prod, reason: The query is mended next week., owner: shop, expires: 2026-11-30}
`,
    );
    const covered = await lint(broken, "--waivers", file);
    expect(covered.out).toMatch(/^ +0 {2}findings$/m);
    expect(covered.code).toBe(0);
    writeFileSync(file, readFileSync(file, "utf8").replace("2026-11-30", "2026-11-22"));
    expect((await lint(broken, "--waivers", file)).out).toMatch(/^ +1 {2}target-promql$/m);
    const wrong = await lint(broken, "--waivers", join(root, "none.yaml"));
    expect(wrong.code).toBe(2);
    expect(wrong.error).toContain("none.yaml");
  });

  it("refuses paths with nothing to check", async () => {
    mkdirSync(join(root, "empty"), { recursive: true });
    writeFileSync(join(root, "other.json"), '{"resources": []}');
    for (const path of [join(root, "empty"), join(root, "other.json")]) {
      const { code, error } = await lint(path);
      expect(code).toBe(2);
      expect(error).toContain("which contains no Kubernetes object and no dashboard");
    }
  });
});
