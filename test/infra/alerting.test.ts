import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { PromtoolTestFile } from "../../components/core/promtool.ts";
import type { WrittenRule } from "../../components/core/rules.ts";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import { ENVIRONMENTS, type EnvironmentName, files, folder, rules } from "./previews.ts";

interface AlertmanagerConfig {
  readonly receivers: readonly { readonly name: string; readonly [integration: string]: unknown }[];
}

let promtool: string;
let amtool: string;

beforeAll(async () => {
  promtool = await tool("promtool");
  amtool = await tool("amtool");
});

function paths(environment: EnvironmentName, name: string): string[] {
  return Object.keys(files(environment, name)).map((file) => folder(environment, name, file));
}

function alerts(environment: EnvironmentName): (WrittenRule & { readonly alert: string })[] {
  return Object.values(rules(environment))
    .flat()
    .filter((rule): rule is WrittenRule & { readonly alert: string } => rule.alert !== undefined);
}

describe.each(ENVIRONMENTS)("the alerting of %s", (environment) => {
  it("has rules that promtool finds nothing to say about", async () => {
    const { code, stdout, stderr } = await run(promtool, [
      "check",
      "rules",
      "--lint=all",
      "--lint-fatal",
      ...paths(environment, "prometheus/rules"),
    ]);
    expect(code, stdout + stderr).toBe(0);
  });

  it("has, for every alert, a case in which it fires and one in which it does not", () => {
    const cases = Object.values(files(environment, "prometheus/tests")).flatMap((text) =>
      (parse(text) as PromtoolTestFile).tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test),
    );
    const fires = new Set(
      cases.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ alertname }) => alertname),
    );
    const silent = new Set(
      cases.filter(({ exp_alerts }) => exp_alerts.length === 0).map(({ alertname }) => alertname),
    );
    const names = [...new Set(alerts(environment).map(({ alert }) => alert))];
    expect(names.filter((name) => !fires.has(name))).toEqual([]);
    // The Watchdog is the one that never stops.
    expect(names.filter((name) => !silent.has(name))).toEqual(["Watchdog"]);
    expect(names.length).toBeGreaterThanOrEqual(10);
  });

  it("has a routing that amtool accepts", async () => {
    const { code, stdout, stderr } = await run(amtool, [
      "check-config",
      folder(environment, "alertmanager/alertmanager.yaml"),
    ]);
    expect(code, stdout + stderr).toBe(0);
  });

  it("takes every page and every ticket to a receiver that notifies somebody, as amtool and the report agree", {
    timeout: 300_000,
  }, async () => {
    const config = folder(environment, "alertmanager/alertmanager.yaml");
    const text = files(environment, "alertmanager")["alertmanager.yaml"] ?? "";
    const notifying = (parse(text) as AlertmanagerConfig).receivers
      .filter((receiver) => Object.keys(receiver).some((key) => key.endsWith("_configs")))
      .map(({ name }) => name);
    const reported = reportedReceivers(environment);
    let heard = 0;
    for (const { alert, labels = {} } of alerts(environment)) {
      const set = Object.entries({ alertname: alert, ...labels }).map(([name, value]) => `${name}=${value}`);
      const { stdout } = await run(amtool, ["config", "routes", "test", "--config.file", config, ...set]);
      const receivers = stdout.trim().split(",");
      const about = set.join(" ");
      const rows = reported.get(`${alert} ${labels["severity"]}`) ?? [];
      const row = rows.find(
        ({ told }) => told.join() === receivers.filter((one) => notifying.includes(one)).join(),
      );
      expect(row, about).toBeDefined();
      for (const [namespace, told] of row?.byNamespace ?? []) {
        const there = ["config", "routes", "test", "--config.file", config, ...set, `namespace=${namespace}`];
        expect((await run(amtool, there)).stdout.trim().split(","), `${about} ${namespace}`).toEqual(told);
      }
      if (labels["severity"] !== "critical" && labels["severity"] !== "warning") continue;
      heard += 1;
      expect(receivers.length, about).toBeGreaterThan(0);
      for (const receiver of receivers) expect(notifying, about).toContain(receiver);
    }
    // The report says the same number, and that none of them falls to the root.
    expect(readFileSync(folder(environment, "report.html"), "utf8")).toContain(
      `All ${heard} critical and warning alerts of Prometheus match a route of their team to a receiver that sends notifications.`,
    );
  });
});

interface Reported {
  readonly told: readonly string[];
  /** The receivers of alerts about pods of a namespace that has another owner. */
  readonly byNamespace: readonly (readonly [namespace: string, told: readonly string[]])[];
}

/** The receivers that the report names, by an alert's name and severity: alerts of several teams may share both, and go several ways. */
function reportedReceivers(environment: EnvironmentName): ReadonlyMap<string, readonly Reported[]> {
  const report = readFileSync(folder(environment, "report.md"), "utf8");
  const rows = report.matchAll(/^\| \[(\w+)\]\(\S+\)[^|]* \| (\w+) \| \S+ \| (.*?) \| .* \|$/gm);
  const receiversIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, receiver = ""]) => receiver);
  const reported = new Map<string, Reported[]>();
  for (const [, name, severity, cell = ""] of rows) {
    const [told = "", ...others] = cell.split("; in the namespace");
    const byNamespace = others.flatMap((text) =>
      [...text.replace(/`.*$/, "").matchAll(/[a-z0-9-]+/g)]
        .map(([namespace]) => namespace)
        .filter((word) => word !== "s" && word !== "and")
        .map((namespace) => [namespace, receiversIn(text)] as const),
    );
    const key = `${name} ${severity}`;
    reported.set(key, [...(reported.get(key) ?? []), { told: receiversIn(told), byNamespace }]);
  }
  return reported;
}
