import { describe, expect, it } from "vitest";
import { CHECK_FACTS, CHECK_IDS } from "../../../components/lint/findings.ts";
import { lint } from "../../../components/lint/lint.ts";
import { type Fixture, SURROUNDINGS } from "./fixtures/fixture.ts";
import { FIXTURES } from "./fixtures/index.ts";

const TODAY = "2026-11-23";

function found({ groups }: Fixture) {
  return lint(groups, SURROUNDINGS, { today: TODAY }).findings;
}

describe("the checks of the linter", () => {
  it("each have a fixture that they catch, and one that they let through", () => {
    expect(Object.keys(FIXTURES).sort()).toEqual([...CHECK_IDS].sort());
    for (const [check, fixtures] of Object.entries(FIXTURES)) {
      expect(fixtures.filter(({ says }) => says !== undefined).length, check).toBeGreaterThan(0);
      expect(fixtures.filter(({ says }) => says === undefined).length, check).toBeGreaterThan(0);
    }
  });

  it("say in sentences what should be, why, and what to do", () => {
    expect(new Set(CHECK_IDS).size).toBe(CHECK_IDS.length);
    for (const { title, why, fix } of CHECK_FACTS) {
      expect(title).toMatch(/^[A-Z].*\.$/s);
      expect(why).toMatch(/^[A-Z].*\.$/s);
      expect(fix).toMatch(/^[a-z].*[^.]$/s);
    }
  });
});

describe.each(Object.entries(FIXTURES))("%s", (check, fixtures) => {
  const cases = fixtures.map((fixture) => [fixture.title, fixture] as const);

  it.each(cases.filter(([, { says }]) => says !== undefined))(
    "catches %s, and nothing else does",
    (_, fixture) => {
      const findings = found(fixture);
      expect(findings.length).toBeGreaterThan(0);
      expect([...new Set(findings.map((finding) => finding.check))]).toEqual([check]);
      expect(findings.map(({ what }) => what).join("\n")).toContain(fixture.says);
    },
  );

  it.each(cases.filter(([, { says }]) => says === undefined))("lets through %s", (_, fixture) => {
    expect(found(fixture)).toEqual([]);
  });
});
