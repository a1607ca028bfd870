import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

// Biome holds every file to 300 lines and every function to a cognitive complexity of 20. biome.json lists the files that were
// larger when the rules came; this list only gets shorter.

interface Override {
  readonly includes: readonly string[];
  readonly linter: { readonly rules: Readonly<Record<string, Readonly<Record<string, string>>>> };
}

const root = resolve(import.meta.dirname, "../..");
const { overrides } = JSON.parse(readFileSync(resolve(root, "biome.json"), "utf8")) as {
  readonly overrides: readonly Override[];
};

function exceptionsTo(group: string, rule: string): readonly string[] {
  return overrides
    .filter(({ linter }) => linter.rules[group]?.[rule] === "off")
    .flatMap(({ includes }) => includes);
}

describe("the exceptions to the size of files and functions", () => {
  it("name only files that are still larger than 300 lines", () => {
    const needless = exceptionsTo("style", "noExcessiveLinesPerFile").filter(
      (file) => readFileSync(resolve(root, file), "utf8").split("\n").length <= 301,
    );
    expect(needless, "remove these from the overrides of biome.json").toEqual([]);
  });

  it("are no more than there were, and none of a function", () => {
    expect(exceptionsTo("style", "noExcessiveLinesPerFile").length).toBeLessThanOrEqual(3);
    expect(exceptionsTo("complexity", "noExcessiveCognitiveComplexity")).toEqual([]);
  });
});
