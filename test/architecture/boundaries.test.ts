import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The import table of docs/architecture.md. `npm run check` applies it to the tree; this proves that it catches what it forbids.

const root = resolve(import.meta.dirname, "../..");
const depcruise = join(root, "node_modules/.bin/depcruise");

/** The folders that `npm run check` applies the table to. */
const FOLDERS = ["components", "stacks", "policies", "infra", "cli", "packaging", "test"];

/** One forbidden import for each row of the table: [who imports, what]. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ["components/core/a.ts", "components/signals/a.ts"],
  ["components/core/b.ts", "@pulumi/pulumi"],
  ["components/promql/b.ts", "components/signals/a.ts"],
  ["components/signals/c.ts", "@prometheus-io/lezer-promql"],
  ["components/signals/b.ts", "components/slo/a.ts"],
  ["components/slo/b.ts", "components/prometheus/render.ts"],
  ["components/lint/b.ts", "components/slo/a.ts"],
  ["components/alerts/catalogue/b.ts", "components/grafana/render.ts"],
  ["components/exchange/b.ts", "components/grafana/render.ts"],
  ["components/grafana/model.ts", "components/prometheus/render.ts"],
  ["components/alertmanager/render.ts", "@pulumi/kubernetes"],
  ["components/service/render.ts", "components/prometheus/component.ts"],
  ["components/definitions.ts", "@pulumi/pulumi"],
  ["stacks/a.ts", "@pulumi/pulumi"],
  ["stacks/b.ts", "components/network/component.ts"],
  ["policies/rules/area/a.ts", "components/alerts/render.ts"],
  ["policies/rules/area/b.ts", "@pulumi/policy"],
  ["policies/packs/pack/a.ts", "infra/a.ts"],
  ["infra/b.ts", "cli/a.ts"],
  ["components/cluster/component.ts", "infra/a.ts"],
  ["cli/b.ts", "test/a.ts"],
  ["packaging/b.ts", "infra/a.ts"],
  ["packaging/c.ts", "test/a.ts"],
];

const BLANK = [
  "packaging/a.ts",
  "components/signals/a.ts",
  "components/slo/a.ts",
  "components/prometheus/render.ts",
  "components/prometheus/component.ts",
  "components/grafana/render.ts",
  "components/network/component.ts",
  "components/alerts/render.ts",
  "infra/a.ts",
  "cli/a.ts",
  "test/a.ts",
];

let tree: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "bellwether-boundaries-"));
  for (const file of ["package.json", "tsconfig.json", ".dependency-cruiser.cjs"])
    cpSync(join(root, file), join(tree, file));
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe("the import table", () => {
  it("holds in this repository", () => {
    const args = ["--config", ".dependency-cruiser.cjs", ...FOLDERS];
    expect(() => execFileSync(depcruise, args, { cwd: root, stdio: "pipe" })).not.toThrow();
  });

  it("catches each import that it forbids, by name", () => {
    for (const path of BLANK) write(path, "export const a = 1;\n");
    for (const [from, to] of FORBIDDEN) {
      const depth = "../".repeat(from.split("/").length - 1);
      write(
        from,
        `import * as forbidden from "${to.startsWith("@") ? to : depth + to}";\nexport const b = forbidden;\n`,
      );
    }
    const args = ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...FOLDERS];
    const { stdout } = spawnSync(depcruise, args, {
      cwd: tree,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    const report = JSON.parse(stdout) as { summary: { violations: { from: string; to: string }[] } };
    const missed = FORBIDDEN.filter(
      ([from, to]) =>
        !report.summary.violations.some((found) => found.from === from && found.to.includes(to)),
    );
    expect(missed).toEqual([]);
  });
});
