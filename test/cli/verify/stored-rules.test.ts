import { expect, it } from "vitest";
import { storedRuleFindings } from "../../../cli/verify/rules.ts";

const group = (name: string) => ({
  name,
  interval: "30s" as const,
  rules: [{ record: "a:b:c", expr: "up", labels: {} }],
});

it("rules that the store evaluates are wrong in Prometheus, and right where it does not have them", () => {
  const loaded = [{ name: "service-shop.latency", interval: 30, rules: [] }];
  const findings = storedRuleFindings([group("service-shop.latency"), group("service-shop.errors")], loaded);
  expect(findings.map(({ check, state }) => [check, state])).toEqual([
    ["rules service-shop.latency", "wrong"],
    ["rules service-shop.errors", "ok"],
  ]);
});
