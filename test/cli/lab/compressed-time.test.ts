import { expect, it } from "vitest";
import { fasterQuery, fasterRules, shorter } from "../../../cli/lab/compressed-time.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { LINKS, SLO } from "../../components/slo/samples.ts";

const LENGTH = /\[(\w+)(?::(\w+))?\]|offset (\w+)/g;

it.each([
  ["rate(a[5m])", "rate(a[5s])"],
  ["max_over_time(a:rate1h[1h30m:5m] offset 2h)", "max_over_time(a:rate1h[1m30s:5s] offset 2m)"],
  ["count_over_time(a[6h:] offset 5m)", "count_over_time(a[6m:] offset 5s)"],
  ['a{b="[5m:1m] offset 1h"}', 'a{b="[5s:1s] offset 1m"}'],
  ["slo:sli_total:rate30d > 1h", "slo:sli_total:rate30d > 1h"],
])("%s is %s where a minute takes a second", (expr, faster) => {
  expect(fasterQuery(expr, 60)).toBe(faster);
});

it("every range, step and offset of an objective's rules is as much shorter, and no name changes", () => {
  const group = ruleGroup(SLO, "30s", LINKS);
  const faster = fasterRules(group, 60);
  const lengths = (rules: typeof group.rules) =>
    rules.flatMap(({ expr }) => [...expr.matchAll(LENGTH)].flatMap(([, ...found]) => found.filter(Boolean)));
  const before = lengths(group.rules);
  expect(before).toContain("5m");
  expect(group.rules.some(({ expr }) => /\[\w+:\w+\]/.test(expr))).toBe(true);
  expect(lengths(faster.rules)).toEqual(before.map((length) => shorter(length ?? "", 60)));
  expect(faster.rules.map((rule) => ("record" in rule ? rule.record : rule.alert))).toEqual(
    group.rules.map((rule) => ("record" in rule ? rule.record : rule.alert)),
  );
});
