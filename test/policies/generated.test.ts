import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { levelsOf } from "../../policies/packs/levels.ts";
import { policies } from "../../policies/rules/index.ts";

describe("what is written from the policies", () => {
  it("has every policy in the table, with an anchor for the links in messages", () => {
    const page = readFileSync(new URL("../../docs/how-to/policies.md", import.meta.url), "utf8");
    for (const { id } of policies) expect(page).toContain(`| <a id="${id}"></a>\`${id}\` |`);
  });

  it("gives production the levels that the pack has without a configuration", () => {
    for (const { id, levels } of policies) expect(levelsOf("production")[id]).toBe(levels.production);
  });
});
