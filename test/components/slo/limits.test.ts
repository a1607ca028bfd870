import { describe, expect, it } from "vitest";
import { sloTests } from "../../../components/slo/cases.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { prove } from "./promtool.ts";
import { CONTEXT, LINKS, SLO } from "./samples.ts";

describe("the cases of an objective, in promtool", () => {
  it.each([
    ["the page's limit a quarter higher", "0.0144", "0.018"],
    ["the page's limit a quarter lower", "0.0144", "0.01152"],
    ["the slower page's limit a quarter higher", "0.006", "0.0075"],
    ["the slower page's limit a quarter lower", "0.006", "0.0048"],
    ["the ticket's limit a quarter higher", "0.001\n", "0.00125\n"],
    ["the ticket's limit a quarter lower", "0.001\n", "0.0008\n"],
    ["the page's short window left out", /\nand slo:sli_errors:rate(?:5|30)m.*/, ""],
    ["the floor one error lower", "> 4.5", "> 3.5"],
    ["the floor one error higher", "> 4.5", "> 5.5"],
    ["no zero for errors that never were", /\nor 0 \* sum.*/, ""],
  ])("a rule with %s is caught", { timeout: 300_000 }, async (_, found, replacement) => {
    const original = ruleGroup(SLO, "2m", LINKS);
    const rules = original.rules.map((rule) => ({
      ...rule,
      expr: `${rule.expr}\n`.replaceAll(new RegExp(found, "g"), replacement),
    }));
    expect(rules.map(({ expr }) => expr.trim())).not.toEqual(original.rules.map(({ expr }) => expr));
    const tests = sloTests(SLO, { ...CONTEXT, scrapeInterval: "2m" });
    const { code, stdout, stderr } = await prove([{ ...original, rules }], tests);
    expect(stdout + stderr).toMatch(/FAILED/);
    expect(code).toBe(1);
  });
});
