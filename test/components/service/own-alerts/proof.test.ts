import { describe, expect, it } from "vitest";
import type { Duration } from "../../../../components/core/duration.ts";
import type { AlertingRule, RuleGroup } from "../../../../components/core/rules.ts";
import { defineService, type ServiceDefinition } from "../../../../components/service/model.ts";
import { renderService, renderServiceTests } from "../../../../components/service/render.ts";
import { promtool } from "../../slo/promtool.ts";
import { NO_ORDERS, ORDERS_WAIT, WITH_ALERTS } from "./samples.ts";

const SLOW = { timeout: 300_000 };
const NAME = "service-storefront.own.alerts";

const argsOf = (definition: ServiceDefinition, scrapeInterval: Duration = "30s") => ({
  service: defineService(definition),
  environment: "prod",
  scrapeInterval,
  runbookBaseUrl: "https://example.com/runbooks",
  grafana: { url: "https://grafana.example.com", environment: "prod" },
  namespace: "monitoring",
});

/** Runs the cases that a definition's examples become, on its rules or on changed ones. */
async function proved(
  definition: ServiceDefinition,
  scrapeInterval: Duration = "30s",
  change: (rule: AlertingRule) => AlertingRule = (rule) => rule,
) {
  const args = argsOf(definition, scrapeInterval);
  const groups = renderService(args).rules.spec.groups as unknown as RuleGroup[];
  const group = groups.find(({ name }) => name === NAME);
  const file = renderServiceTests(args)[NAME];
  if (group === undefined || file === undefined) throw new Error("there are no rules or no cases");
  const rules = (group.rules as AlertingRule[]).map(change);
  const { code, stdout, stderr } = await promtool(
    [{ ...group, rules }],
    file.evaluation_interval,
    file.tests,
  );
  return { holds: code === 0, said: stdout + stderr };
}

const only = (name: string, alert: NonNullable<ServiceDefinition["alerts"]>[string]): ServiceDefinition => ({
  ...WITH_ALERTS,
  environments: {},
  alerts: { [name]: alert },
});

describe("the examples of a team's alerts", SLOW, () => {
  it.each(["15s", "30s", "1m", "2m"] as const)(
    "hold in the deployed Prometheus' promtool with a scrape interval of %s",
    async (interval) => {
      const { holds, said } = await proved(WITH_ALERTS, interval);
      expect(holds, said).toBe(true);
    },
  );

  it.each<[string, string, (rule: AlertingRule) => AlertingRule]>([
    ["a limit is higher", "OrdersWait", (rule) => ({ ...rule, expr: rule.expr.replace("600", "900") })],
    ["a limit is lower", "OrdersWait", (rule) => ({ ...rule, expr: rule.expr.replace("600", "590") })],
    ["a condition is turned round", "NoOrders", (rule) => ({ ...rule, expr: rule.expr.replace("==", "!=") })],
    ["a condition is missing", "OrdersWait", (rule) => ({ ...rule, expr: rule.expr.replace(" > 600", "") })],
    ["it waits longer", "OrdersWait", (rule) => ({ ...rule, for: "9m" })],
    ["it does not wait", "OrdersWait", ({ for: _, ...rule }) => rule],
    ["it keeps firing", "OrdersWait", (rule) => ({ ...rule, keep_firing_for: "10m" })],
    ["a label is lost", "OrdersWait", (rule) => ({ ...rule, expr: rule.expr.replace("by (queue)", "") })],
    [
      "it is routed to another team",
      "NoOrders",
      (rule) => ({ ...rule, labels: { ...rule.labels, team: "platform" } }),
    ],
    [
      "a text changes",
      "NoOrders",
      (rule) => ({ ...rule, annotations: { ...rule.annotations, summary: "storefront takes orders" } }),
    ],
  ])("fail if %s", async (_, name, change) => {
    const alert = name === "OrdersWait" ? ORDERS_WAIT : NO_ORDERS;
    const { holds, said } = await proved(only(name, alert), "30s", change);
    expect(holds).toBe(false);
    expect(said).toContain("FAILED");
  });

  it("fail if an example says what is not so", async () => {
    const { silent = [] } = ORDERS_WAIT.examples ?? {};
    const examples = {
      fires: [{ when: "orders wait for less than the limit", series: { ...silent[0]?.series } }],
      silent,
    };
    const { summary: _, description: __, ...alert } = ORDERS_WAIT;
    const wrong = { ...alert, summary: "Orders wait", examples };
    expect((await proved(only("OrdersWait", wrong))).holds).toBe(false);
  });
});
