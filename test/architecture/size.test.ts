import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

// Biome holds every file to 300 lines and every function to a cognitive complexity of 20.

interface Rules {
  readonly rules: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const RULES = [
  ["style", "noExcessiveLinesPerFile", { maxLines: 300 }],
  ["complexity", "noExcessiveCognitiveComplexity", { maxAllowedComplexity: 20 }],
] as const;

const root = resolve(import.meta.dirname, "../..");
const { linter, overrides = [] } = JSON.parse(readFileSync(resolve(root, "biome.json"), "utf8")) as {
  readonly linter: Rules;
  readonly overrides?: readonly { readonly linter?: Rules }[];
};

describe.each(RULES)("the size that %s/%s allows", (group, rule, options) => {
  it("is an error to exceed, in every file alike", () => {
    expect(linter.rules[group]?.[rule]).toEqual({ level: "error", options });
    expect(overrides.filter((override) => override.linter?.rules[group]?.[rule] !== undefined)).toEqual([]);
  });

  it("is suppressed by no comment", () => {
    const suppression = `biome-ignore(-all|-start)? +lint(/${group}(/${rule})?)?[: ]`;
    expect(filesWith(suppression)).toEqual([]);
  });
});

/** The files that git keeps, or would keep, in which a line matches an extended regular expression. */
function filesWith(pattern: string): readonly string[] {
  try {
    const args = ["grep", "--untracked", "-lE", pattern, "--", "*.ts", "*.js", "*.mjs", "*.cjs", "*.json"];
    return execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim().split("\n");
  } catch (error) {
    // git grep ends with 1 where nothing matches.
    if ((error as { readonly status?: number }).status === 1) return [];
    throw error;
  }
}
