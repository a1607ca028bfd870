import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { definitionSource } from "../../components/exchange/definition-source.ts";
import { ALL_FILES, imported } from "../components/exchange/files.ts";
import { run } from "../support/process.ts";
import { bellwether, STACK_TRACE } from "./command-line.ts";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const FILES = "test/components/exchange/files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-exchange-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("import", () => {
  it("prints definitions and exits with 0 where nothing was lost", () => {
    const { code, out, error } = bellwether(
      "import",
      `${FILES}/sloth/availability.yaml`,
      "--namespace",
      "shop",
    );
    expect(error).toBe("");
    expect(code).toBe(0);
    expect(out).toContain("export const checkout = defineService({");
    expect(out).toContain('owner: "shop"');
  });

  it("names what was lost on standard error and exits with 1", () => {
    const { code, out, error } = bellwether(
      "import",
      `${FILES}/openslo/by-reference.yaml`,
      "--namespace",
      "shop",
    );
    expect(code).toBe(1);
    expect(out).toContain("export const courier");
    expect(error).toContain("6 things are not carried over");
    expect(error).toContain("[2].spec.connectionDetails");
    expect(out + error).not.toContain("hunter2");
  });

  it.each([
    ["no YAML", "a: [", ":1:"],
    ["nothing", "", "an empty file"],
    [
      "another format",
      "apiVersion: sloth.slok.dev/v1\nkind: PrometheusServiceLevel\n",
      "PrometheusServiceLevel",
    ],
    ["a list", "- 1\n", "neither version nor apiVersion"],
    ["a file without objectives", "version: prometheus/v1\nservice: a\n", "slos"],
    [
      "a word for a number",
      "version: prometheus/v1\nservice: a\nslos: [{name: a, objective: high, sli: {}}]\n",
      "slos[0].objective",
    ],
    [
      "two indicators at once",
      "version: prometheus/v1\nservice: a\nslos: [{name: a, objective: 99, sli: {raw: {error_ratio_query: x}, plugin: {id: y}}}]\n",
      "slos[0].sli",
    ],
    [
      "a reference to nothing",
      "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec: {service: a, indicatorRef: b, budgetingMethod: Occurrences, objectives: [{target: 0.99}]}\n",
      "spec.indicatorRef",
    ],
    ["a kind that does not exist", "apiVersion: openslo/v1\nkind: Slo\nmetadata: {name: a}\n", "write SLO"],
  ])("refuses %s with 2, a path and no trace", (_, text, expected) => {
    const file = join(folder, "file.yaml");
    writeFileSync(file, text);
    const { code, out, error } = bellwether("import", file, "--owner", "a", "--namespace", "a");
    expect(error).toContain(expected);
    expect(error).not.toMatch(STACK_TRACE);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });

  it("asks for what no file says", () => {
    const { code, error } = bellwether("import", `${FILES}/sloth/availability.yaml`, "--tier", "criticl");
    expect(code).toBe(2);
    expect(error).toContain("did you mean critical?");
    const second = bellwether("import", `${FILES}/sloth/availability.yaml`, join(folder, "none.yaml"));
    expect(second.error).toContain("no such file");
    expect(bellwether("import", `${FILES}/sloth/availability.yaml`).error).toContain("give --namespace");
  });
});

describe("export", () => {
  it("prints a file that imports again", () => {
    const { code, out, error } = bellwether(
      "export",
      "storefront",
      "--format",
      "openslo",
      "--environment",
      "dev",
    );
    expect(code).toBe(1);
    expect(error).toContain("storefront.http");
    expect(imported(out).definitions).toMatchObject([
      { name: "storefront", owner: "shop", tier: "critical", namespace: "shop" },
    ]);
    expect(out).toContain("targetPercent: 99\n");
  });

  it("refuses a service and a format that do not exist", () => {
    const { code, error } = bellwether("export", "storefrnt", "--format", "slooth");
    expect(code).toBe(2);
    expect(error).toContain("did you mean storefront?");
    expect(error).toContain("did you mean sloth?");
    expect(error).not.toMatch(STACK_TRACE);
  });
});

describe("the TypeScript that is printed", () => {
  it("of every file is formatted as the house does it, and says the same", async () => {
    for (const { format, file, text } of ALL_FILES) {
      const { definitions } = imported(text);
      const source = definitionSource(definitions);
      const path = join(folder, `${format}-${file.replace(".yaml", ".ts")}`);
      const marked = source
        .replace(/^import .*$/m, "const defineService = <T>(definition: T): T => definition;")
        .trimEnd();
      writeFileSync(path, `${marked}\n`);
      const module: Record<string, unknown> = await import(path);
      expect(Object.values(module)).toEqual(definitions);
    }
    const biome = join(REPOSITORY, "node_modules/.bin/biome");
    const formatted = await run(biome, [
      "format",
      "--config-path",
      REPOSITORY,
      "--vcs-enabled=false",
      folder,
    ]);
    expect(formatted.code, formatted.stdout + formatted.stderr).toBe(0);
  });
});
