import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { AlertingRule, RuleGroup } from "../../../../components/core/rules.ts";
import { defineService } from "../../../../components/service/model.ts";
import { alertsOfService, renderService } from "../../../../components/service/render.ts";
import { run } from "../../../support/process.ts";
import { tool } from "../../../support/tools.ts";
import { strictProblems } from "../../kubernetes/strict.ts";
import { DEFINITION } from "../samples.ts";

const service = defineService({ ...DEFINITION, rules: ["./orders.rules.yaml", "mixin.yaml"] });
const ARGS = {
  service,
  environment: "prod",
  scrapeInterval: "30s" as const,
  runbookBaseUrl: "https://example.com/runbooks",
  grafana: { url: "https://grafana.example.com", environment: "prod" },
  namespace: "monitoring",
};
const object = renderService(ARGS).rules;
const groups = (object.spec.groups as unknown as readonly RuleGroup[]).filter(({ name }) =>
  name.includes(".own.rules."),
);
const alert = (name: string) =>
  groups
    .flatMap(({ rules }) => rules)
    .find((rule): rule is AlertingRule => "alert" in rule && rule.alert === name);

describe("the rule files of a team", () => {
  it("are groups of the service's object, which the operator knows every field of", () => {
    expect(strictProblems(object)).toEqual([]);
    expect(groups.map(({ name, interval, limit }) => [name, interval, limit])).toEqual([
      ["service-storefront.own.rules.orders-rules.orders-recorded", "1m", 20],
      ["service-storefront.own.rules.orders-rules.orders", "30s", undefined],
      ["service-storefront.own.rules.mixin.orders", "30s", undefined],
    ]);
  });

  it("keep a recording rule as it was written, its labels as texts", () => {
    expect(groups[0]?.rules).toEqual([
      {
        record: "orders:rate5m",
        expr: 'sum(rate(orders_total{job="storefront"}[5m]))',
        labels: { release: "1.10" },
      },
    ]);
  });

  it("give an alert the labels of its routes, beside its own and those of its group", () => {
    const labels = { service: "storefront", team: "shop" };
    expect(alert("OrdersStop")?.labels).toEqual({ ...labels, severity: "warning" });
    expect(alert("OrdersFail")?.labels).toEqual({ ...labels, severity: "critical", component: "checkout" });
    expect(alert("OrdersLate")?.labels).toEqual({ ...labels, severity: "warning" });
  });

  it("mark an alert as unproven, and link to its runbook and the service's dashboard", () => {
    expect(alert("OrdersStop")).toMatchObject({
      for: "10m",
      annotations: {
        summary: "No order came for ten minutes. (unproven)",
        description:
          "No order came for ten minutes. Unproven: no example says when this alert fires and when it does not.",
        runbook_url: "https://example.com/runbooks/OrdersStop.md",
        dashboard_url: "https://grafana.example.com/d/bellwether-service-storefront-prod",
        proof: "unproven",
      },
    });
    expect(alert("OrdersFail")?.annotations["runbook_url"]).toBe("https://wiki.example.com/orders");
    expect(alert("OrdersFail")).not.toHaveProperty("for");
    expect(alert("OrdersLate")?.annotations["summary"]).toBe("Orders wait for ten minutes. (unproven)");
  });

  it("are listed among the alerts of the service", () => {
    const listed = alertsOfService(ARGS).filter(({ name }) => name.startsWith("Orders"));
    expect(listed.map(({ name, team, severity, unproven }) => [name, team, severity, unproven])).toEqual([
      ["OrdersStop", "shop", "warning", true],
      ["OrdersFail", "shop", "critical", true],
      ["OrdersLate", "shop", "warning", true],
    ]);
  });

  it("are accepted by promtool", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bellwether-rule-files-"));
    const file = join(folder, "rules.yaml");
    await writeFile(file, stringify({ groups }));
    const { code, stdout } = await run(await tool("promtool"), ["check", "rules", file]);
    await rm(folder, { recursive: true });
    expect(stdout).toContain("4 rules found");
    expect(code).toBe(0);
  });
});
