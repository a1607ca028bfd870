import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../components/alerts/catalogue/index.ts";
import { renderAlertTests } from "../../../components/alerts/render.ts";
import { duration, seconds } from "../../../components/core/duration.ts";
import { apart, changedRules, ruleFilesOf, testRules } from "./promtool.ts";
import { productionArgs } from "./samples.ts";

// Slow machines need their time.
const SLOW = { timeout: 600_000 };

// Wrong on purpose: an alert whose cases do not notice is not proven by them. Only what the mutation is about changes in a rule,
// so that a case cannot fail for the number that the annotation shows.

const ARGS = productionArgs({}, { scrapeInterval: "1m" });

async function survivors(
  mutate: (name: string) => { readonly expr?: string; readonly for?: string } | undefined,
) {
  const mutated: string[] = [];
  const rules = changedRules(ruleFilesOf(ARGS), (rule) => {
    const change = mutate(rule.alert ?? "");
    if (change === undefined) return rule;
    mutated.push(rule.alert ?? "");
    return { ...rule, ...change };
  });
  const { stdout, stderr } = await testRules(...apart(rules, renderAlertTests(ARGS)));
  const killed = new Set([...(stdout + stderr).matchAll(/alertname: (\w+), time/g)].map(([, name]) => name));
  expect(mutated.length).toBeGreaterThan(10);
  return mutated.filter((name) => !killed.has(name));
}

function withThreshold(factor: number, count: number) {
  const moved = Object.fromEntries(
    CATALOGUE.flatMap(({ name, threshold }) => {
      if (threshold === undefined) return [];
      const { unit, default: usual } = threshold;
      return [[name, { threshold: unit === "count" ? usual + count : usual * factor }]];
    }),
  );
  const rules = new Map(
    Object.values(ruleFilesOf(productionArgs(moved, { scrapeInterval: "1m" })))
      .flatMap(({ groups }) => groups.flatMap((group) => group.rules))
      .map((rule) => [rule.alert, String(rule.expr)]),
  );
  return (name: string) => {
    const limited = CATALOGUE.some((alert) => alert.name === name && alert.threshold);
    const expr = rules.get(name);
    return limited && expr !== undefined ? { expr } : undefined;
  };
}

/** `for` times a factor, for alerts that are held longer than one evaluation. */
function withFor(factor: number) {
  return (name: string) => {
    const held = seconds(CATALOGUE.find((alert) => alert.name === name)?.for ?? "0s");
    return held > seconds(ARGS.scrapeInterval) ? { for: duration(held * factor) } : undefined;
  };
}

describe("the catalogue's cases notice", SLOW, () => {
  it("a limit that is a quarter higher", async () => {
    expect(await survivors(withThreshold(1.25, 1))).toEqual([]);
  });

  it("a limit that is a fifth lower", async () => {
    expect(await survivors(withThreshold(0.8, -1))).toEqual([]);
  });

  it("a condition that must hold a fifth longer", async () => {
    expect(await survivors(withFor(1.2))).toEqual([]);
  });

  it("a condition that must hold a fifth shorter", async () => {
    expect(await survivors(withFor(0.8))).toEqual([]);
  });
});
