import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ENVIRONMENTS, files } from "../infra/previews.ts";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import { bellwether, STACK_TRACE } from "./command-line.ts";

const SLOTH_FILE = "test/components/exchange/files/sloth/availability.yaml";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-rules-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rules = (...args: readonly string[]) => bellwether("rules", ...args);

describe("the rules of an environment", () => {
  it.each(ENVIRONMENTS)("are those that %s is given", (environment) => {
    const { code, error } = rules("--environment", environment, "--out", folder);
    expect(error).toBe("");
    expect(code).toBe(0);
    const groups = (texts: readonly string[]) =>
      texts.flatMap((text) => (parse(text) as { readonly groups: readonly unknown[] }).groups);
    const deployed = Object.entries(files(environment, "prometheus/rules"))
      .filter(([file]) => file.startsWith("service-"))
      .map(([, text]) => text);
    const written = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
    expect(written.length).toBeGreaterThan(0);
    expect(groups(written)).toEqual(groups(deployed));
  });
});

describe("the rules of a file of Sloth", () => {
  it("are rules to promtool", async () => {
    const { code, out, error } = rules(
      SLOTH_FILE,
      "--scrape-interval",
      "15s",
      "--runbooks",
      "https://a.example/b",
    );
    expect([error, code]).toEqual(["", 0]);
    expect(out).toContain("interval: 15s");
    expect(out).toContain("https://a.example/b/SLOErrorBudgetBurnFast.md");
    const file = join(folder, "rules.yaml");
    writeFileSync(file, out);
    const checked = await run(await tool("promtool"), ["check", "rules", "--lint=all", "--lint-fatal", file]);
    expect(checked.code, checked.stderr).toBe(0);
  });

  it("name on standard error what they do not hold", () => {
    const { code, out, error } = rules("test/components/exchange/files/openslo/by-reference.yaml");
    expect(code).toBe(1);
    expect(parse(out)).toHaveProperty("groups");
    expect(error).toContain("not carried over");
  });
});

describe("a mistake on the command line", () => {
  it.each([
    [["nowhere.yaml"], "no such file"],
    [[SLOTH_FILE, "--scrape-interval", "often"], "a duration from 1s to 2m"],
    [[SLOTH_FILE, "--runbooks", "https://a.example/"], "a URL without a slash"],
    [["--environment", "prd"], "did you mean prod?"],
    [[SLOTH_FILE, "--environment", "prod"], "files or --environment, not both"],
    [["--environment", "prod", "--owner", "shop"], "--owner with files"],
    [[], "no file"],
  ])("is named, and nothing is printed: %j", (args, message) => {
    const { code, out, error } = rules(...args);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(error).toContain(message);
    expect(error).not.toMatch(STACK_TRACE);
  });
});
