import { describe, expect, it } from "vitest";
import { lint } from "../../../components/lint/lint.ts";
import { checkedSnoozes, type Snooze, validateSnoozes } from "../../../components/lint/snooze.ts";
import { alert, group, SURROUNDINGS } from "./fixtures/fixture.ts";

const SNOOZE: Snooze = {
  check: "alert-condition",
  rule: "Example",
  reason: "The exporter that it watches is being replaced.",
  owner: "shop",
  expires: "2026-12-31",
};
const RULES = [group("one", alert("queue_length"), alert(`up{job="storefront"} == 0`, { alert: "Other" }))];

function linted(today: string, ...snoozes: readonly Snooze[]) {
  return lint(RULES, SURROUNDINGS, { today, snoozes });
}

describe("a snooze", () => {
  it("covers its finding through the day that it names", () => {
    const { findings, snoozed, expired, unused } = linted("2026-12-31", SNOOZE);
    expect(findings).toEqual([]);
    expect(snoozed).toEqual([expect.objectContaining({ rule: "Example", snooze: SNOOZE })]);
    expect([expired, unused]).toEqual([[], []]);
  });

  it("is void from the next day on, and the finding says whose it was", () => {
    const { findings, snoozed, expired } = linted("2027-01-01", SNOOZE);
    expect(findings).toEqual([expect.objectContaining({ check: "alert-condition", expired: SNOOZE })]);
    expect(snoozed).toEqual([]);
    expect(expired).toEqual([SNOOZE]);
  });

  it.each([
    ["another rule", { rule: "Other" }],
    ["another check", { check: "rate-window" }],
  ])("for %s covers nothing and is listed as unused", (_, change) => {
    const other = { ...SNOOZE, ...change };
    const { findings, unused } = linted("2026-11-23", other);
    expect(findings.map(({ check }) => check)).toEqual(["alert-condition"]);
    expect(unused).toEqual([other]);
  });

  it.each([
    ["snoozes[0].reason", { ...SNOOZE, reason: "too noisy" }],
    ["snoozes[0].expires", { ...SNOOZE, expires: "2026-02-30" }],
    ["snoozes[0].check", { ...SNOOZE, check: "rate-windows" }],
    ["snoozes[0].rule", { ...SNOOZE, rule: "two words" }],
    ["snoozes[0].owner", { ...SNOOZE, owner: "" }],
    ["snoozes[0].until", { ...SNOOZE, until: "2026-12-31" }],
  ])("is refused with the path %s", (path, snooze) => {
    const validated = validateSnoozes([snooze]);
    expect(validated.ok ? [] : validated.problems.map((problem) => problem.path)).toContain(path);
  });

  it("is refused where another says the same", () => {
    expect(() => checkedSnoozes([SNOOZE, { ...SNOOZE, owner: "platform" }], "policies/snoozes.ts")).toThrow(
      /policies\/snoozes\.ts: 1 problem[\s\S]*snoozes\[1\]/,
    );
  });
});
