import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { RuleFile } from "../../components/core/rules.ts";
import { selectorsOf } from "../../components/promql/expression.ts";
import { parsedQuery } from "../../components/promql/parse.ts";
import { globalRuleFile } from "../../infra/global-objectives.ts";
import { services } from "../../stacks/services/index.ts";
import { environmentOf } from "../e2e/environment.ts";

const prod = await environmentOf("prod");
const global = { name: "all-of-prod", environments: ["prod", "staging"], services: ["pricing", "invoices"] };
const judging = { ...prod, prometheus: { ...prod.prometheus, global } };

describe("the rule file of objectives over several environments", () => {
  it("is not there where an environment judges none", () => {
    expect(globalRuleFile(prod, services)).toBeUndefined();
  });

  it("has each objective of the services, in groups of at most twenty rules with an interval", () => {
    const { groups } = parse(globalRuleFile(judging, services) ?? "") as RuleFile;
    const objectives = new Set(
      groups.flatMap(({ rules }) =>
        rules.map(({ labels = {} }) => `${labels["service"]} ${labels["slo"]} ${labels["environment"]}`),
      ),
    );
    expect([...objectives].toSorted()).toEqual([
      "invoices freshness all-of-prod",
      "invoices success all-of-prod",
      "pricing availability all-of-prod",
      "pricing latency all-of-prod",
    ]);
    for (const { interval, rules } of groups) {
      expect(interval).toBe("30s");
      expect(rules.length).toBeLessThanOrEqual(20);
    }
  });

  it("reads records of the environments and its own, and never a counter or one of another environment", () => {
    const { groups } = parse(globalRuleFile(judging, services) ?? "") as RuleFile;
    const read = groups.flatMap(({ rules }) =>
      rules.flatMap(({ expr }) => {
        const query = parsedQuery(expr);
        return query === undefined ? [] : selectorsOf(query);
      }),
    );
    expect(read.length).toBeGreaterThan(100);
    const from = new Set(
      read.map(({ matchers }) =>
        matchers
          .filter(({ label }) => label === "environment")
          .map(({ operator, value }) => `${operator}${value}`)
          .join(),
      ),
    );
    // invoices runs in prod alone: stacks/rules refuses it, and it is judged by what it has.
    expect([...from].toSorted()).toEqual(["=all-of-prod", "=prod", "=staging", "=~prod|staging"]);
    for (const { metric = "" } of read) expect(metric).toMatch(/^slo:/);
  });
});
