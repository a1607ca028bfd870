import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import type { PromtoolTestFile } from "../../components/core/promtool.ts";
import type { RuleFile } from "../../components/core/rules.ts";
import { apart, testRules } from "../components/alerts/promtool.ts";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import { type EnvironmentName, files } from "./previews.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Environments whose rules are proven: those with the most and the fewest services in `npm test`, all in `npm run test:proofs`. */
    proven: readonly EnvironmentName[];
  }
}

describe.each(inject("proven"))("the cases of %s", (environment) => {
  it("hold for every rule file in the deployed Prometheus", { timeout: 900_000 }, async () => {
    const { code, stdout, stderr } = await testRules(...provenHereFirst(environment));
    expect(code, stdout + stderr).toBe(0);
  });
});

/** What was proven so far: rules with their cases, without the name of the environment that an address of a dashboard ends with. */
const proven = new Set<string>();

/** The rules and cases of an environment, without those that an environment before it has too. */
function provenHereFirst(environment: EnvironmentName): Parameters<typeof testRules> {
  const read = <T>(name: string) =>
    Object.fromEntries(
      Object.entries(files(environment, name)).map(([file, text]) => [
        basename(file, ".yaml"),
        parse(text) as T,
      ]),
    );
  const [rules, tests] = apart(
    read<RuleFile>("prometheus/rules"),
    read<PromtoolTestFile>("prometheus/tests"),
  );
  const isNew = (name: string) => {
    const { rule_files: _, ...asked } = tests[name] ?? { rule_files: [] };
    const key = JSON.stringify([rules[name], asked]).replaceAll(`-${environment}?viewPanel`, "?viewPanel");
    return !proven.has(key) && proven.add(key);
  };
  const names = Object.keys(rules).filter(isNew);
  const chosen = <T>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(names.map((name) => [name, all[name] as T]));
  return [chosen(rules), chosen(tests)];
}

describe("the cases of prod", () => {
  it("fail when a threshold is moved by a quarter", { timeout: 300_000 }, async () => {
    const name = "platform-nodes.yaml";
    const text = files("prod", "prometheus/rules")[name] ?? "";
    const moved = text.replaceAll(/ > 0\.9\b/g, " > 0.7");
    expect(moved).not.toBe(text);
    const scratch = mkdtempSync(join(tmpdir(), "bellwether-moved-"));
    for (const part of ["rules", "tests"]) mkdirSync(join(scratch, part));
    const rulesPath = join(scratch, "rules", "moved.yaml");
    const testsPath = join(scratch, "tests", "moved.yaml");
    writeFileSync(rulesPath, moved);
    writeFileSync(
      testsPath,
      (files("prod", "prometheus/tests")[name] ?? "").replaceAll(`../rules/${name}`, "../rules/moved.yaml"),
    );
    const { code } = await run(await tool("promtool"), ["test", "rules", testsPath]);
    rmSync(scratch, { recursive: true });
    expect(code).not.toBe(0);
  });
});
