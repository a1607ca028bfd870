import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { PromtoolTestFile } from "../../components/core/promtool.ts";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import { freshClone } from "./clone.ts";

// docs/tutorial.md, word for word: every command of the page, in a folder that holds what a fresh clone holds.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(ROOT, "docs/tutorial.md"), "utf8");
const MINUTES = 60_000;

function blocks(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, text = ""]) => text,
  );
}

describe("the tutorial, in a fresh clone", () => {
  let clone: string;
  const said: string[] = [];

  beforeAll(async () => {
    clone = mkdtempSync(join(tmpdir(), "bellwether-tutorial-"));
    freshClone(clone);
    const tools = await Promise.all([tool("promtool"), tool("amtool")]);
    const path = [...tools.map(dirname), process.env["PATH"]].join(delimiter);
    const env = { ...process.env, PATH: path, NO_COLOR: "1", BELLWETHER_TODAY: "2026-11-23" };
    for (const block of blocks("sh")) {
      const { code, stdout, stderr } = await run("bash", ["-euo", "pipefail", "-c", block], {
        cwd: clone,
        env,
      });
      if (code !== 0) throw new Error(`${block}ended with ${code}\n${stdout}\n${stderr}`);
      said.push(stdout);
    }
  }, 8 * MINUTES);
  afterAll(() => rmSync(clone, { recursive: true, force: true }));

  it("writes the definition that the page shows, and lists it", () => {
    const [definition = ""] = blocks("ts");
    expect(readFileSync(join(clone, "stacks/services/shop.ts"), "utf8")).toContain(definition);
    expect(readFileSync(join(clone, "stacks/services/index.ts"), "utf8")).toMatch(
      /\bcheckout\b.*"\.\/shop\.ts"/,
    );
  });

  it("explains the service: the objective of its tier, and whom its page reaches", () => {
    const explanation = said[2] ?? "";
    expect(explanation).toContain("availability: 99.9% over 30d (percentage: default of tier critical)");
    expect(explanation).toMatch(/SLOErrorBudgetBurnFast +critical +pages shop-pager/);
  });

  it("previews it, and writes the page for reviewers", () => {
    expect(readdirSync(join(clone, "out/prod"))).toContain("report.html");
  });

  it("lets a total outage page: promtool agrees with cases in which the page fires", () => {
    expect(said[4]).toContain("SUCCESS");
    const folder = join(clone, "out/prod/prometheus/tests");
    const expected = readdirSync(folder)
      .filter((file) => file.startsWith("service-checkout"))
      .map((file) => parse(readFileSync(join(folder, file), "utf8")) as PromtoolTestFile)
      .flatMap(({ tests }) => tests.flatMap((test) => test.alert_rule_test ?? []))
      .filter(({ alertname }) => alertname === "SLOErrorBudgetBurnFast")
      .flatMap(({ exp_alerts }) => exp_alerts);
    expect(expected.length).toBeGreaterThan(0);
    for (const { exp_labels } of expected)
      expect(exp_labels).toMatchObject({ service: "checkout", team: "shop", severity: "critical" });
  });

  it("and ends at the team's pager, as Alertmanager's own tool says", () => {
    expect(said[5]?.trim()).toBe("shop-pager");
  });

  it("writes the project of a team with the same definition, and says what comes next", () => {
    const [definition = ""] = blocks("ts");
    const [, fields = ""] = /defineService\((\{.*\})\)/s.exec(definition) ?? [];
    expect(fields).not.toBe("");
    const project = join(clone, "out/shop");
    const program = readFileSync(join(project, "index.ts"), "utf8");
    expect(program.replaceAll(/\s+/g, " ")).toContain(`defineService(${fields})`.replaceAll(/\s+/g, " "));
    expect(program).toContain('Platform.fromStack("acme/bellwether/prod")');
    const written = readdirSync(project).filter((file) => !file.startsWith("."));
    for (const file of ["Pulumi.yaml", "Pulumi.prod.yaml", "package.json", "test.ts"])
      expect(written).toContain(file);
    expect(said[6]).toContain("Next:\n  npm install\n");
  });
});
