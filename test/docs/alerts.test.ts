import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../components/alerts/catalogue/index.ts";
import { EXPECTED } from "../../components/alerts/expected.ts";

const NAMES = CATALOGUE.map(({ name }) => name);

function written(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

describe("what the pages say of the catalogue", () => {
  it("lists every alert", () => {
    const page = written("docs/alerts.md");
    for (const name of NAMES) expect(page).toContain(`| [${name}](runbooks/${name}.md) |`);
  });
});

describe("what is commonly expected of a catalogue", () => {
  it.each(EXPECTED)("of $what there is an alert, or the reason why not", ({ alerts, because = "" }) => {
    for (const name of alerts) expect(NAMES).toContain(name);
    if (alerts.length === 0) expect(because.length).toBeGreaterThan(30);
  });
});
