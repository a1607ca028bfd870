import { describe, expect, it } from "vitest";
import { type Duration, duration } from "../../../components/core/duration.ts";
import type { PromtoolCase } from "../../../components/core/promtool.ts";
import type { AlertingRule, RecordingRule } from "../../../components/core/rules.ts";
import { syntaxErrors } from "../../../components/promql/tree.ts";
import { equal, metric } from "../../../components/signals/promql.ts";
import { sloTests } from "../../../components/slo/cases.ts";
import { ALERTS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { selectors } from "../grafana/promql.ts";
import { promtool, prove } from "./promtool.ts";
import { CONTEXT, LINKS, SLO } from "./samples.ts";

const group = ruleGroup(SLO, "30s", LINKS);
const records = group.rules.filter((rule): rule is RecordingRule => "record" in rule);
const alerts = group.rules.filter((rule): rule is AlertingRule => "alert" in rule);
const alert = (kind: keyof typeof ALERTS) =>
  alerts.find((rule) => rule.alert === ALERTS[kind]) as AlertingRule;

describe("the rules of an SLO", () => {
  it("are PromQL, every one", () => {
    for (const { expr } of group.rules)
      expect({ expr, errors: syntaxErrors(expr) }).toEqual({ expr, errors: [] });
  });

  it("read only counters and what an earlier rule of the group has just recorded", () => {
    const recorded = new Set<string>();
    for (const rule of group.rules) {
      const read = selectors(rule.expr).filter((one) => one.metric.startsWith("slo:"));
      const own = "record" in rule ? rule.record : "";
      for (const { metric: name, labels } of read) {
        expect(recorded).toContain(name);
        expect(name).not.toBe(own);
        expect(labels).toEqual(["service", "slo"]);
      }
      recorded.add(own);
    }
  });

  it("record each series once, labelled with its service, objective and team", () => {
    expect(new Set(records.map(({ record }) => record)).size).toBe(records.length);
    for (const { labels } of records)
      expect(labels).toEqual({ service: "storefront", slo: "availability", team: "shop" });
  });

  it("read counters in three rules alone, over the newest scrape and the three before it", () => {
    const ranges = (expr: string) =>
      new Set(
        [...expr.matchAll(/http_requests_total\{[^}]*\}(\[\w+\](?:\)? offset \w+)?)/g)].map(
          ([, range]) => range,
        ),
      );
    const reading = records.filter(({ expr }) => expr.includes("http_requests_total"));
    expect(reading.map(({ record }) => record)).toEqual([
      "slo:sli_total:irate",
      "slo:sli_errors:irate",
      "slo:sli_unclassified:irate",
    ]);
    for (const { expr } of reading)
      expect([...ranges(expr)].sort()).toEqual(["[1m30s] offset 30s", "[30s]", "[30s] offset 30s"]);
    expect(alerts.filter(({ expr }) => expr.includes("http_requests_total"))).toEqual([]);
    const slower = ruleGroup(SLO, "1m", LINKS).rules.map(({ expr }) => expr);
    expect(slower.join()).toContain(
      'last_over_time(http_requests_total{job="storefront",namespace="shop"}[3m] offset 1m)',
    );
  });

  it("are evaluated once in a scrape, wherever they run, so that each step is recorded once", () => {
    expect(group.interval).toBe("30s");
  });

  it("page one person and open one ticket, without a label that tells windows apart", () => {
    expect(alerts.map(({ alert: name, labels }) => [name, labels["severity"]])).toEqual([
      ["SLOErrorBudgetBurnFast", "critical"],
      ["SLOErrorBudgetBurnSlow", "warning"],
      ["SLOSignalAbsent", "warning"],
      ["SLOSignalUnclassified", "warning"],
      ["SLOErrorBudgetHalfSpent", "info"],
      ["SLOErrorBudgetNearlySpent", "warning"],
      ["SLOErrorBudgetSpent", "warning"],
    ]);
    for (const { labels } of alerts)
      expect(Object.keys(labels).sort()).toEqual(["service", "severity", "slo", "team"]);
  });

  it("page without waiting, and go on for a while instead", () => {
    expect(alert("fastBurn")).not.toHaveProperty("for");
    expect(alert("fastBurn").keep_firing_for).toBe("5m");
    expect(alert("absent").for).toBe("10m");
    expect([alert("unclassified").for, alert("unclassified").keep_firing_for]).toEqual(["15m", "30m"]);
  });

  it("compare each window pair with its own limit", () => {
    const limits = ({ expr }: AlertingRule) =>
      [...expr.matchAll(/rate(\w+)\{[^}]*\} > 0\) > ([\d.]+)/g)].map(([, ...found]) => found);
    expect(limits(alert("fastBurn"))).toEqual([
      ["1h", "0.0144"],
      ["5m", "0.0144"],
      ["6h", "0.006"],
      ["30m", "0.006"],
    ]);
    expect(limits(alert("slowBurn"))).toEqual([
      ["1d", "0.003"],
      ["2h", "0.003"],
      ["3d", "0.001"],
      ["6h", "0.001"],
    ]);
  });

  it("write the objective and the budget as decimals", () => {
    expect(records.find(({ record }) => record === "slo:objective:ratio")?.expr).toBe("vector(0.999)");
    expect(records.find(({ record }) => record === "slo:error_budget_spent:ratio")?.expr).toMatch(
      / \/ 0\.001\)$/,
    );
  });
});

/** Before the first failure there is no series of failures. */
const NO_ERROR_SERIES: PromtoolCase = {
  name: "errors are zero before there is a series of them",
  interval: "2m",
  input_series: [
    { series: 'http_requests_total{job="storefront",namespace="shop",code="200"}', values: "0+60x30" },
  ],
  promql_expr_test: ["slo:sli_errors:rate5m", "slo:sli_errors:rate30d", "slo:sli_error:ratio_rate30d"].map(
    (expr) => ({
      expr,
      eval_time: "1h",
      exp_samples: [{ labels: `${expr}{service="storefront",slo="availability",team="shop"}`, value: 0 }],
    }),
  ),
};

describe("in promtool, of the version that is deployed", () => {
  const variants: readonly (readonly [string, Partial<Slo>, "1m" | "2m"])[] = [
    ["99.9% over 30 days", {}, "1m"],
    ["a loose objective, scraped rarely", { objective: "95" }, "2m"],
    ["a strict objective over 90 days", { objective: "99.99", period: "90d" }, "2m"],
    ["a week without a floor", { period: "7d", minimumErrors: 0 }, "2m"],
    ["28 days", { objective: "99.5", period: "28d" }, "2m"],
    ["a month of the calendar", { period: "month" }, "2m"],
  ];

  it.each(variants)("every case of %s holds", { timeout: 300_000 }, async (_, changes, scrapeInterval) => {
    const slo = { ...SLO, ...changes };
    const tests = sloTests(slo, { ...CONTEXT, scrapeInterval });
    const { code, stdout, stderr } = await prove([ruleGroup(slo, scrapeInterval, LINKS)], tests);
    expect(stderr + stdout).toMatch(/SUCCESS/);
    expect(code).toBe(0);
  });

  it("errors are zero, and not unknown, before there is a series of them", async () => {
    const { stdout, stderr } = await promtool([ruleGroup(SLO, "2m", LINKS)], "2m", [NO_ERROR_SERIES]);
    expect(stderr + stdout).toMatch(/SUCCESS/);
  });

  it("a page goes on for five minutes after the last window has recovered, and no longer", async () => {
    const firing = (eval_time: Duration, value?: number) => ({
      expr: `ALERTS{alertname="${ALERTS.fastBurn}",alertstate="firing"} > 0`,
      eval_time,
      exp_samples:
        value === undefined
          ? []
          : [
              {
                labels: `ALERTS{alertname="${ALERTS.fastBurn}",alertstate="firing",service="storefront",severity="critical",slo="availability",team="shop"}`,
                value,
              },
            ],
    });
    const outage: PromtoolCase = {
      name: "ten minutes of outage, then all is well",
      interval: "30s",
      input_series: [
        {
          series: 'http_requests_total{job="storefront",namespace="shop",code="200"}',
          values: "1000x20 1100+100x100",
        },
        {
          series: 'http_requests_total{job="storefront",namespace="shop",code="500"}',
          values: "1000+100x20 3000x100",
        },
      ],
      // The window of 30 minutes is the last to forget the outage, at minute 40.
      promql_expr_test: [
        firing("10m", 1),
        firing(duration(2370), 1),
        firing(duration(2670), 1),
        firing("45m"),
      ],
    };
    const { stdout, stderr } = await promtool([group], "30s", [outage]);
    expect(stderr + stdout).toMatch(/SUCCESS/);
  });

  it("every alert has a case in which it fires and one in which it does not", () => {
    const cases = sloTests(SLO, CONTEXT).flatMap((tests) => tests.cases);
    for (const name of Object.values(ALERTS)) {
      const expected = cases.flatMap(({ alert_rule_test: tests = [] }) =>
        tests.filter(({ alertname }) => alertname === name).map(({ exp_alerts }) => exp_alerts.length),
      );
      expect(expected).toContain(0);
      expect(expected).toContain(1);
    }
  });
});

describe("a signal of any counters", () => {
  it("is read by its own selectors", () => {
    const total = metric("jobs_total", ...equal({ job: "worker" }));
    const signal = { ...SLO.signal, total, errors: metric("jobs_failed_total", ...equal({ job: "worker" })) };
    const [totals, errors] = ruleGroup({ ...SLO, signal }, "30s", LINKS).rules;
    expect(totals?.expr).toContain('last_over_time(jobs_total{job="worker"}[30s])');
    expect(totals?.expr).not.toContain("jobs_failed_total");
    expect(errors?.expr).toContain('last_over_time(jobs_failed_total{job="worker"}[30s])');
    // The counter of all jobs tells which targets were scraped before.
    expect(errors?.expr).toContain('last_over_time(jobs_total{job="worker"}[30s] offset 30s)');
  });
});
