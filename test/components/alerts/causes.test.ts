import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../components/alerts/catalogue/index.ts";
import { alertsOf, renderAlertRules, renderAlertTests } from "../../../components/alerts/render.ts";
import type { PromtoolTestFile } from "../../../components/core/promtool.ts";
import { apart, checkRules, ruleFilesOf, testRules } from "./promtool.ts";
import { productionArgs } from "./samples.ts";

// What keeps an incident open is not inhibited: its rule ends it while its cause fires, so that Alertmanager notifies of the end.

// Slow machines need their time.
const SLOW = { timeout: 600_000 };
const STEP = 30;
const CONSEQUENCES = CATALOGUE.filter(({ mutedBy }) => mutedBy !== undefined);
const NAMES: ReadonlySet<string> = new Set(CONSEQUENCES.map(({ name }) => name));
const PAGING = productionArgs(
  Object.fromEntries(CONSEQUENCES.map(({ name }) => [name, { severity: "critical" as const }])),
);

const queries = (args = productionArgs()) =>
  new Map(
    Object.values(renderAlertRules(args))
      .flatMap(({ spec }) => spec.groups ?? [])
      .flatMap(({ rules = [] }) => rules)
      .map(({ alert, expr }) => [alert, String(expr)]),
  );

describe("a consequence", SLOW, () => {
  it("is ended by its rule if it pages, and by nothing if it does not", () => {
    expect(CONSEQUENCES.length).toBeGreaterThan(10);
    for (const { name, mutedBy = [] } of CONSEQUENCES) {
      expect(queries().get(name)).not.toContain("ALERTS");
      for (const { alert, equal } of mutedBy)
        expect(queries(PAGING).get(name)).toContain(
          ` unless on (${equal.join(", ")}) ALERTS{alertname="${alert}", alertstate="firing"}`,
        );
    }
  });

  it("is ended by its rule if it is a ticket whose receiver keeps incidents", () => {
    const tickets = { incidentSeverities: ["critical", "warning"] as const };
    const ended = queries(productionArgs({}, tickets));
    for (const { name } of CONSEQUENCES) expect(ended.get(name)).toContain("unless on");
    const one = CONSEQUENCES[0]?.name ?? "";
    expect(queries(productionArgs({ [one]: { severity: "info" } }, tickets)).get(one)).not.toContain(
      "ALERTS",
    );
  });

  it("is reported with the query that runs", () => {
    const reported = new Map(alertsOf(PAGING).map(({ name, expr }) => [name, expr]));
    for (const { name } of CONSEQUENCES) expect(reported.get(name)).toBe(queries(PAGING).get(name));
  });

  it("fires as before without a cause, as all its cases say", async () => {
    const linted = await checkRules(ruleFilesOf(PAGING));
    expect(linted.code, linted.stdout + linted.stderr).toBe(0);
    const files = Object.entries(renderAlertTests(PAGING)).map(([area, file]) => [
      area,
      { ...file, tests: file.tests.filter(({ name }) => NAMES.has(name.split(" ")[0] ?? "")) },
    ]);
    const { code, stdout, stderr } = await testRules(
      ...apart(ruleFilesOf(PAGING), Object.fromEntries(files)),
    );
    expect(code, stdout + stderr).toBe(0);
  });

  it("ends once its cause fires about the same thing, and goes on while one about another thing does", async () => {
    const tests = CONSEQUENCES.flatMap(causeFiresLater);
    expect(tests.length).toBeGreaterThan(30);
    const file = {
      rule_files: Object.keys(ruleFilesOf(PAGING)).map((name) => `../rules/${name}.yaml`),
      evaluation_interval: "30s",
      tests,
    } as const;
    const { code, stdout, stderr } = await testRules(
      ...apart(ruleFilesOf(PAGING), { causes: file }, ({ name }) => name.split(" ")[0] ?? ""),
    );
    expect(code, stdout + stderr).toBe(0);
  });
});

type Case = PromtoolTestFile["tests"][number];

/** The alert's first firing case, which goes on for an hour; from when it fires on, a cause of it fires, or one about another thing. */
function causeFiresLater(alert: (typeof CONSEQUENCES)[number]): readonly Case[] {
  const parameters = {
    threshold: alert.threshold?.default ?? 0,
    for: alert.for,
    severity: "critical",
    scrapeInterval: "30s",
  } as const;
  const firing = alert.cases.map(({ build }) => build(parameters)).find(({ alerts }) => alerts.length > 0);
  const labels = firing?.alerts[0]?.labels ?? {};
  const fires = Math.ceil(((firing?.holdsFrom ?? 0) + secondsOf(alert.for)) / STEP);
  const ends = fires + 2 + Math.ceil(secondsOf(alert.keepFiringFor ?? "0s") / STEP);
  return (alert.mutedBy ?? []).flatMap(({ alert: cause, equal }) =>
    [true, false].map((same) => {
      const shared = equal.map((label) => `${label}="${same ? labels[label] : "elsewhere"}"`);
      const matched = same || equal.length === 0;
      const active = `ALERTS{${[`alertname="${cause}"`, 'alertstate="firing"', ...shared].join(", ")}}`;
      // A cause that is pending, and one that nothing has to agree with, where that is all there is to differ in.
      const series = same || equal.length > 0 ? active : active.replace("firing", "pending");
      return {
        name: `${alert.name} ${same ? "ends with" : "goes on beside"} ${cause}`,
        interval: "30s",
        input_series: [
          ...(firing?.series ?? []).map((input) => ({ series: input.series, values: input.values(ends) })),
          { series, values: `_x${fires + 1} 1x${ends - fires}` },
        ],
        alert_rule_test: [],
        promql_expr_test: [
          {
            expr: count(alert.name),
            eval_time: `${fires * STEP}s`,
            exp_samples: [{ labels: "{}", value: 1 }],
          },
          {
            expr: count(alert.name),
            eval_time: `${ends * STEP}s`,
            exp_samples: matched && same ? [] : [{ labels: "{}", value: 1 }],
          },
        ],
      } as unknown as Case;
    }),
  );
}

const count = (name: string) => `group(ALERTS{alertname="${name}", alertstate="firing"})`;

function secondsOf(duration: string): number {
  const [, number = "0", unit = "s"] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  return Number(number) * { s: 1, m: 60, h: 3600, d: 86_400 }[unit as "s"];
}
