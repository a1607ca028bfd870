import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { AlertRow } from "../../../cli/report/alerts.ts";
import { alertsInMarkdown, shortestOfAlerts } from "../../../cli/report/markdown-alerts.ts";
import { ENVIRONMENTS, type EnvironmentName, files, folder, graph } from "../../infra/previews.ts";

/** What GitHub takes for a comment. */
const COMMENT = 65_536;

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert?: string; readonly expr: string }[];
  }[];
}

function alertRules(
  environment: EnvironmentName,
): readonly { readonly alert?: string; readonly expr: string }[] {
  return Object.values(files(environment, "prometheus/rules"))
    .flatMap((text) => (parse(text) as RuleFile).groups)
    .flatMap(({ rules }) => rules)
    .filter(({ alert }) => alert !== undefined);
}

/** The rows of the table of alerts in report.md. */
function rows(environment: EnvironmentName): readonly string[] {
  const text = readFileSync(folder(environment, "report.md"), "utf8");
  const [section = ""] = (text.split("<summary>Alerts (")[1] ?? "").split("</details>");
  return section.split("\n").filter((line) => /^\| \[?[A-Z]/.test(line) && !line.startsWith("| Alert |"));
}

const named = (lines: readonly string[], name: string) =>
  lines.filter((line) => line.startsWith(`| [${name}](`)).length;

describe.each(ENVIRONMENTS)("report.md of %s", (environment) => {
  it("has a row for every alert, and fits into a comment of GitHub", () => {
    expect(readFileSync(folder(environment, "report.md"), "utf8").length).toBeLessThan(COMMENT);
    const lines = rows(environment);
    const times = new Map<string, number>();
    for (const { alert = "" } of alertRules(environment)) times.set(alert, (times.get(alert) ?? 0) + 1);
    expect(times.size).toBeGreaterThan(60);
    for (const [name, amount] of times) expect([name, named(lines, name)]).toEqual([name, amount]);
  });

  it("has the conditions, and says how many it leaves out", () => {
    const text = readFileSync(folder(environment, "report.md"), "utf8");
    const missing = alertRules(environment).filter(({ expr }) => {
      const line = expr.replace(/\s+/g, " ").replaceAll("|", "\\|");
      return !text.includes(`<br>\`${line}\``) && !text.includes(`<br>\`\` ${line} \`\``);
    });
    const [, left = "0", longest = "0"] = /(\d+) conditions? of more than (\d+) characters/.exec(text) ?? [];
    // Rows of alerts of Grafana, whose rules are in no file, are among them.
    const without = rows(environment).filter((line) => !line.includes("<br>`"));
    expect(without).toHaveLength(Number(left));
    expect(missing.length).toBeLessThanOrEqual(without.length);
    expect(missing.filter(({ expr }) => expr.length <= Number(longest))).toEqual([]);
  });
});

describe("report.md of prod", () => {
  it("has the alerts of Grafana", () => {
    const ofGrafana = graph("prod")
      .filter(({ type }) => type === "grafana:alerting/ruleGroup:RuleGroup")
      .flatMap(({ inputs }) => inputs.rules as readonly { readonly name: string }[]);
    expect(ofGrafana.length).toBeGreaterThan(5);
    for (const { name } of ofGrafana) expect([name, named(rows("prod"), name)]).toEqual([name, 1]);
  });
});

describe("alerts that leave something out", () => {
  const alert = (name: string, expr: string): AlertRow => ({
    id: `alert-${name}`,
    name,
    severity: "critical",
    team: "shop",
    service: undefined,
    slo: undefined,
    by: "Prometheus",
    for: "5m",
    keepFiringFor: undefined,
    summary: `${name} is true`,
    description: "",
    receivers: [{ name: "shop-pager", kind: "PagerDuty" }],
    runbookUrl: undefined,
    dashboardUrl: undefined,
    expr,
    reads: undefined,
    byNamespace: [],
    unproven: false,
    problem: undefined,
    messages: [],
  });
  const long = `sum(${"x".repeat(200)}) > 1`;

  it("keep the name, the receiver and the summary of a long condition", () => {
    const text = alertsInMarkdown([alert("Long", long), alert("Short", "up == 0")], {
      kind: "rows",
      conditions: 100,
    });
    expect(text).toContain("1 condition of more than 100 characters is left out");
    expect(text).toContain("| Long | critical | 5m | `shop-pager` | Long is true |");
    expect(text).toContain("| Short | critical | 5m | `shop-pager` | Short is true<br>`up == 0` |");
  });

  it("take at least as many characters as a report counts on before it renders them", () => {
    const alerts = [
      alert("Long", long),
      alert("Blank", "sum by (pod) (\n  rate(x[5m])\n)\t> 1   and\n\n up == 0"),
      alert("Marks", 'a{b=~"x|y"} > 1 or `c`'),
    ];
    for (const conditions of [Number.POSITIVE_INFINITY, 100, 20, 0]) {
      const detail = { kind: "rows", conditions } as const;
      const fewest = shortestOfAlerts(alerts, detail);
      expect(fewest).toBeGreaterThan(40);
      expect(alertsInMarkdown(alerts, detail).length).toBeGreaterThanOrEqual(fewest);
    }
  });

  it("keep every name, with how many alerts have it", () => {
    const alerts = [alert("Same", "a > 1"), alert("Same", "b > 1"), alert("Other", "c > 1")];
    const text = alertsInMarkdown(alerts, { kind: "names" });
    expect(text).toContain("One row for each name");
    expect(text).toContain("| Same | critical | 2 |\n| Other | critical | 1 |");
  });
});
