import { describe, expect, it } from "vitest";
import type { AlertingRule, RuleGroup } from "../../../../components/core/rules.ts";
import { defineService, type ServiceDefinition } from "../../../../components/service/model.ts";
import { ownRunbook } from "../../../../components/service/own-alerts/runbook.ts";
import { alertsOfService, renderService, renderServiceTests } from "../../../../components/service/render.ts";
import { panelId } from "../../../../components/signals/panels.ts";
import { strictProblems } from "../../kubernetes/strict.ts";
import { DEFINITION } from "../samples.ts";
import { ORDERS_WAIT, UNPROVEN_ALERT, WITH_ALERTS } from "./samples.ts";

const NAME = "service-storefront.own.alerts";

const argsOf = (environment: string, definition: ServiceDefinition = WITH_ALERTS) => ({
  service: defineService(definition),
  environment,
  scrapeInterval: "30s" as const,
  runbookBaseUrl: "https://example.com/runbooks",
  grafana: { url: "https://grafana.example.com", environment },
  namespace: "monitoring",
});

function groupsIn(environment: string, definition?: ServiceDefinition): readonly RuleGroup[] {
  return renderService(argsOf(environment, definition)).rules.spec.groups as unknown as RuleGroup[];
}

function rulesIn(environment: string, definition?: ServiceDefinition): readonly AlertingRule[] {
  const group = groupsIn(environment, definition).find(({ name }) => name === NAME);
  return (group?.rules ?? []) as readonly AlertingRule[];
}

describe("the rules of a team's own alerts", () => {
  it("are the last group of the service's object, which the operator knows every field of", () => {
    expect(strictProblems(renderService(argsOf("prod")).rules)).toEqual([]);
    expect(groupsIn("prod").map(({ name }) => name)).toEqual(["service-storefront.availability", NAME]);
    expect(groupsIn("prod", DEFINITION).map(({ name }) => name)).not.toContain(NAME);
  });

  it("have the labels that routes ask for, and those of the team", () => {
    expect(rulesIn("prod").map(({ alert, labels }) => [alert, labels])).toEqual([
      ["OrdersWait", { service: "storefront", team: "shop", severity: "critical" }],
      ["NoOrders", { service: "storefront", team: "shop", severity: "warning", component: "checkout" }],
      ["PoolEmpty", { service: "storefront", team: "shop", severity: "warning" }],
    ]);
  });

  it("link to the runbook and to a panel of the service's dashboard", () => {
    const [wait] = rulesIn("prod");
    expect(wait?.annotations).toEqual({
      summary: ORDERS_WAIT.summary,
      description: ORDERS_WAIT.description,
      runbook_url: "https://example.com/runbooks/OrdersWait.md",
      dashboard_url: `https://grafana.example.com/d/bellwether-service-storefront-prod?viewPanel=${panelId("alert-OrdersWait")}`,
    });
    const own = { ...UNPROVEN_ALERT, runbook: "https://wiki.example.com/pool" };
    const [pool] = rulesIn("prod", { ...DEFINITION, alerts: { PoolEmpty: own } });
    expect(pool?.annotations["runbook_url"]).toBe("https://wiki.example.com/pool");
  });

  it("leave out what is off in an environment, and take what is said there", () => {
    expect(rulesIn("dev").map(({ alert, labels }) => [alert, labels["severity"]])).toEqual([
      ["NoOrders", "warning"],
      ["PoolEmpty", "info"],
    ]);
    const cases = renderServiceTests(argsOf("dev"))[NAME]?.tests ?? [];
    expect(cases.filter(({ name }) => name.startsWith("OrdersWait"))).toEqual([]);
  });

  it("are all that a service without another source of metrics needs", () => {
    const { http: _, objectives: __, ...rest } = DEFINITION;
    const alone = { ...rest, alerts: { PoolEmpty: UNPROVEN_ALERT } };
    expect(groupsIn("prod", alone).map(({ name }) => name)).toEqual([NAME]);
  });
});

describe("an alert without examples", () => {
  const [, , rule] = rulesIn("prod");

  it("is marked in each of its annotations", () => {
    expect(rule?.annotations).toMatchObject({
      summary: "storefront has no free connection to its database (unproven)",
      proof: "unproven",
    });
    expect(rule?.annotations["description"]).toContain("Unproven: no example says when this alert fires");
  });

  it("is marked in what is reported, and the others are not", () => {
    const marked = alertsOfService(argsOf("prod")).filter(({ unproven }) => unproven);
    expect(marked.map(({ name }) => name)).toEqual(["PoolEmpty"]);
  });

  it("has no case, and no file where no alert has one", () => {
    const cases = renderServiceTests(argsOf("prod"))[NAME]?.tests ?? [];
    expect(cases).toHaveLength(7);
    expect(cases.filter(({ name }) => name.includes("PoolEmpty"))).toEqual([]);
    const alone = argsOf("prod", { ...DEFINITION, alerts: { PoolEmpty: UNPROVEN_ALERT } });
    expect(Object.keys(renderServiceTests(alone))).not.toContain(NAME);
  });
});

describe("the page of an alert", () => {
  const page = (cases: readonly string[]) =>
    ownRunbook({
      name: "OrdersWait",
      service: "storefront",
      team: "shop",
      severity: "critical",
      for: "5m",
      expr: ORDERS_WAIT.expr,
      summary: ORDERS_WAIT.summary,
      description: ORDERS_WAIT.description ?? "",
      cases,
    });

  it("has what the definition says, with blanks for what is known later", () => {
    expect(page(["OrdersWait of storefront fires when it hangs"])).toMatch(
      /^# OrdersWait\n\nOrders in the queue QUEUE wait for VALUE\. An alert of team shop about storefront\./,
    );
    expect(page([])).toContain(ORDERS_WAIT.expr);
  });

  it("lists the cases, or says that there is none", () => {
    expect(page(["OrdersWait of storefront fires when it hangs"])).toContain(
      "- OrdersWait of storefront fires when it hangs",
    );
    expect(page([])).toContain("Unproven: no example says when this alert fires");
    expect(page(["x"])).not.toContain("nproven");
  });
});
