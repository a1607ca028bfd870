import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { levelsOf } from "../../policies/packs/packs.ts";
import { policies } from "../../policies/rules/index.ts";
import { STANDARDS } from "../../policies/rules/standards.ts";

describe("what is written from the policies", () => {
  it("has every policy in the table, with an anchor for the links in messages", () => {
    const page = readFileSync(new URL("../../docs/how-to/policies.md", import.meta.url), "utf8");
    for (const { id } of policies)
      expect(page).toContain(`| <a id="${id}"></a>[\`${id}\`](../reference/policies/${id}.md) |`);
  });

  it("names only controls of the standards that it lists", () => {
    const known = STANDARDS.flatMap(({ prefix, controls }) => controls.map(({ id }) => `${prefix} ${id}`));
    expect(
      policies.flatMap(({ standards }) => standards).filter((control) => !known.includes(control)),
    ).toEqual([]);
    for (const { id, standards } of policies) expect(standards.length, id).toBeGreaterThan(0);
  });

  it("gives production the levels that the pack has without a configuration", () => {
    for (const { id, levels } of policies)
      expect(levelsOf("bellwether", "production")[id]).toBe(levels.production);
  });
});
