import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bellwether, STACK_TRACE } from "./command-line.ts";
import { stackText, TODAY, type Workspace, workspace } from "./sample.ts";

let files: Workspace;
beforeEach(() => {
  files = workspace({ local: stackText("local") });
});
afterEach(() => files.dispose());

function told(...args: readonly string[]) {
  const { code, out, error } = bellwether(...args);
  return { code, all: out + error };
}

function previewOf(...args: readonly string[]) {
  return told("preview", ...args, "--today", TODAY, "--stacks", files.stacksFolder, "--out", files.outFolder);
}

function write(stack: string, text: string): void {
  writeFileSync(join(files.stacksFolder, `Pulumi.${stack}.yaml`), text);
}

describe("the exit code of a preview", () => {
  it("is 0 where nothing is wrong, and the report is there", () => {
    const { code, all } = previewOf("local");
    expect(all).toContain("report.html");
    expect(code, all).toBe(0);
    expect(existsSync(join(files.outFolder, "local/report.html"))).toBe(true);
  });

  it.each([
    ["a misspelt field", stackText("local", ["owner: platform", "ownr: platform"]), "environment.ownr"],
    ["no YAML at all", "{", "Pulumi.local.yaml:1:"],
    ["an empty file", "", "an empty file"],
    [
      "a key that stands twice",
      stackText("local", ["tier: local", "tier: local\n    tier: local"]),
      "environment.tier",
    ],
  ])("is 2 for %s, without a stack trace and without that environment's files", (_, text, said) => {
    mkdirSync(join(files.outFolder, "local"), { recursive: true });
    write("local", text);
    const { code, all } = previewOf("local");
    expect(code, all).toBe(2);
    expect(all).toContain(said);
    expect(all).not.toMatch(STACK_TRACE);
    expect(readdirSync(files.outFolder)).toEqual([]);
  });

  it("is 2 for an environment that does not exist, and names those that do", () => {
    const { code, all } = previewOf("prodd");
    expect(code).toBe(2);
    expect(all).toContain("one of the environments local");
  });

  it.each([
    ["a day that does not exist", ["preview", "--today", "2026-02-30"], "a day that exists"],
    ["a flag that does not exist", ["preview", "--fast"], "--fast"],
    ["a subcommand that does not exist", ["deploy"], '"deploy"'],
  ])("is 2 for %s, and the way to the help follows", (_, args, said) => {
    const { code, all } = told(...args);
    expect(code).toBe(2);
    expect(all).toContain(said);
    expect(all).toContain("Help: npx bellwether");
    expect(all).not.toMatch(STACK_TRACE);
  });

  it("is 0 for help", () => {
    expect(bellwether("--help")).toMatchObject({ code: 0, out: expect.stringContaining("Exit codes") });
  });

  it("is 2 for a folder that cannot be written to, and names the file that is in its place", () => {
    writeFileSync(files.outFolder, "in the way");
    const { code, all } = previewOf("local");
    expect(code, all).toBe(2);
    expect(all).toContain(`${files.outFolder} is a file`);
    expect(all).not.toMatch(STACK_TRACE);
  });
});
