import { describe, expect, it } from "vitest";
import {
  firstDayIn,
  ROTATION_DAYS,
  TOKEN_LIFETIME_DAYS,
  tokenName,
  tokenPlan,
  tokensOf,
} from "../../../components/grafana/token-rotation.ts";

const DAY_ZERO = "2026-11-23";
const DAY = 86_400_000;

function day(number: number): string {
  return new Date(Date.parse(`${DAY_ZERO}T00:00:00Z`) + number * DAY).toISOString().slice(0, 10);
}

/** What stands in each slot after deployments on some days: the token's name, and the day that it was made on. */
function deployed(days: readonly number[]) {
  const slots = new Map<string, { readonly name: string; readonly made: number }>();
  return days.map((number) => {
    const plan = tokenPlan(day(number));
    const replaced = tokensOf(plan).filter((token) => {
      const name = tokenName("bellwether", 1, token);
      if (slots.get(token.slot)?.name === name) return false;
      slots.set(token.slot, { name, made: number });
      return true;
    });
    const inUse = slots.get(plan.inUse.slot);
    return {
      day: number,
      replaced: replaced.map(({ slot }) => slot),
      inUse: inUse?.name,
      age: inUse === undefined ? Number.NaN : number - inUse.made,
      // Made in this very deployment, so that its preview could not know it.
      isNew: inUse?.made === number,
    };
  });
}

describe("the tokens of a service account", () => {
  it("take turns: at days 0, 15, 29, 31 and 60 the one in use is there and alive", () => {
    const rows = deployed([0, 15, 29, 31, 60]);
    expect(rows.map(({ day, age, replaced }) => ({ day, age, replaced }))).toEqual([
      { day: 0, age: 0, replaced: ["even", "odd"] },
      { day: 15, age: 15, replaced: ["even"] },
      { day: 29, age: 14, replaced: ["odd"] },
      { day: 31, age: 2, replaced: ["even"] },
      { day: 60, age: 0, replaced: ["even", "odd"] },
    ]);
  });

  it.each([
    ["every day", Array.from({ length: 90 }, (_, index) => index)],
    ["every week", Array.from({ length: 20 }, (_, index) => index * 7)],
    ["every ten days", Array.from({ length: 20 }, (_, index) => index * 10)],
  ])("are known before their turn to whoever deploys %s, and replaced one at a time", (_, days) => {
    const [first, ...rest] = deployed(days);
    expect(first?.replaced).toHaveLength(2);
    for (const { age, isNew, replaced } of rest) {
      expect(isNew).toBe(false);
      expect(age).toBeLessThan(2 * ROTATION_DAYS);
      expect(replaced.length).toBeLessThanOrEqual(1);
    }
  });

  it.each([11, 17, 25, 30, 31, 45, 365])("are alive for whoever deploys every %i days", (pause) => {
    const days = Array.from({ length: 40 }, (_, index) => index * pause);
    for (const { age } of deployed(days)) expect(age).toBeLessThan(2 * ROTATION_DAYS);
  });

  it("live on for ten days after the last deployment at least, for what runs without one", () => {
    const ages = deployed(Array.from({ length: 400 }, (_, index) => index)).map(({ age }) => age);
    expect(TOKEN_LIFETIME_DAYS - Math.max(...ages)).toBeGreaterThan(ROTATION_DAYS);
  });

  it("change at midnight, and not between", () => {
    expect(tokenPlan("2026-11-13")).toEqual({
      inUse: { slot: "odd", firstDay: "2026-11-13", lastDay: "2026-11-22" },
      next: { slot: "even", firstDay: "2026-11-23", lastDay: "2026-12-02" },
    });
    expect(tokenPlan("2026-11-22")).toEqual(tokenPlan("2026-11-13"));
    expect(tokenPlan("2026-11-23").inUse).toEqual(tokenPlan("2026-11-22").next);
  });

  it("have names that nobody had before, and that tell the first day", () => {
    const { inUse, next } = tokenPlan(DAY_ZERO);
    const names = [1, 2].flatMap((generation) =>
      [inUse, next].map((token) => tokenName("bellwether", generation, token)),
    );
    expect(new Set(names).size).toBe(4);
    expect(names.map(firstDayIn)).toEqual([inUse, next, inUse, next].map(({ firstDay }) => firstDay));
    expect(firstDayIn("terraform")).toBeUndefined();
  });

  it.each(["today", "2026-02-30", "2026-13-01", ""])("refuse %j, which is no day", (text) => {
    expect(() => tokenPlan(text)).toThrow(/BELLWETHER_TODAY[\s\S]*a day that exists/);
  });
});
