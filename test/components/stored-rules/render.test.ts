import { describe, expect, it } from "vitest";
import { renderAlertRules } from "../../../components/alerts/render.ts";
import { seconds } from "../../../components/core/duration.ts";
import type { WrittenRule } from "../../../components/core/rules.ts";
import { selectorsOf } from "../../../components/promql/expression.ts";
import { parseQuery } from "../../../components/promql/parse.ts";
import { AMP_LIMITS } from "../../../components/stored-rules/limits.ts";
import { storedGroups } from "../../../components/stored-rules/render.ts";
import { alertArgs } from "../../../infra/args.ts";
import { storedRuleGroups } from "../../../infra/stored-rules.ts";
import { services } from "../../../stacks/services/index.ts";
import { environmentOf } from "../../e2e/environment.ts";

const prod = await environmentOf("prod");
const inStore = { ...prod, prometheus: { ...prod.prometheus, rules: "store" as const } };
const origin = { cluster: "prod", environment: "prod" };
const local = storedRuleGroups(inStore, services);
const stored = storedGroups(Object.values(local).flat(), {
  origin,
  scrapeInterval: "30s",
  rulesInGroup: AMP_LIMITS.rulesInGroup,
});
const rules = stored.flatMap((group) => group.rules);
const nameOf = (rule: WrittenRule) => `${rule.record ?? rule.alert} ${JSON.stringify(rule.labels)}`;

describe("the rules of prod in a store", () => {
  it("are in groups of at most twenty, each with an interval and a name of its own", () => {
    expect(Math.max(...stored.map((group) => group.rules.length))).toBeLessThanOrEqual(20);
    expect(new Set(stored.map(({ name }) => name)).size).toBe(stored.length);
    expect(stored.every(({ interval }) => seconds(interval) > 0)).toBe(true);
  });

  it("are all that Prometheus had, but for what it must know itself", () => {
    const all = Object.values(renderAlertRules(alertArgs(prod))).flatMap(({ spec }) => spec.groups ?? []);
    const own = all.filter(({ name }) => name === "prometheus.alerts").flatMap((group) => group.rules ?? []);
    expect(own.length).toBeGreaterThan(10);
    const names = new Set(rules.map(({ alert }) => alert));
    expect(own.filter(({ alert }) => names.has(alert))).toEqual([]);
    const before = Object.values(storedRuleGroups(inStore, services)).flat();
    expect(rules.length).toBe(before.reduce((sum, group) => sum + group.rules.length, 0));
  });

  it("leave to Prometheus its own alerts and one heartbeat, and nothing else", () => {
    const objects = Object.values(renderAlertRules(alertArgs(inStore)));
    const kept = objects.filter(
      ({ metadata }) => metadata?.labels?.["bellwether.dev/evaluated-by"] === undefined,
    );
    const alerts = kept.flatMap(({ spec }) => spec.groups ?? []).flatMap((group) => group.rules ?? []);
    const own = alerts.map(({ alert = "" }) => alert).filter((name) => !name.startsWith("Prometheus"));
    expect(own).toEqual(["Watchdog"]);
  });

  it("read the series of their environment alone, and write them so", () => {
    for (const { expr, labels } of rules) {
      expect(labels).toMatchObject(origin);
      for (const { matchers } of selectorsOf(parseQuery(expr)))
        for (const [label, value] of Object.entries(origin))
          expect(matchers).toContainEqual({ label, operator: "=", value });
    }
  });

  it("are no two rules that write the same series", () => {
    const written = rules.filter(({ record }) => record !== undefined).map(nameOf);
    expect(new Set(written).size).toBe(written.length);
  });

  it("say by the heartbeat of the store that samples arrive", () => {
    const [watchdog] = rules.filter(({ alert }) => alert === "Watchdog");
    expect(selectorsOf(parseQuery(watchdog?.expr ?? "")).map(({ metric }) => metric)).toEqual(["up"]);
  });

  it("page without waiting for another part, and look back as long as samples need to arrive", () => {
    for (const { query_offset, rules: inGroup } of stored)
      if (inGroup.some(({ alert, labels }) => alert !== undefined && labels?.["severity"] === "critical"))
        expect(query_offset).toBe("10s");
    expect(new Set(stored.map(({ query_offset }) => query_offset))).toEqual(new Set(["10s", "15s"]));
  });

  it("write what is added up over time only where nothing else has", () => {
    const guarded = rules.filter(({ expr }) => expr.includes("[29s]")).map(({ record }) => record);
    expect(new Set(guarded)).toEqual(
      new Set(["slo:sli_total:irate", "slo:sli_errors:irate", "slo:sli_unclassified:irate"]),
    );
  });
});

it("a query offset of a rule file is kept on top of what the store needs", () => {
  const [group] = storedGroups(
    [{ name: "own", query_offset: "1m", rules: [{ record: "a:b:c", expr: "up" }] }],
    {
      origin,
      scrapeInterval: "30s",
      rulesInGroup: 20,
    },
  );
  expect(group).toMatchObject({ interval: "30s", query_offset: "1m10s" });
});
