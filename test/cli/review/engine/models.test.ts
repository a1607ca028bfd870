import { describe, expect, it } from "vitest";
import { engineModels } from "../../../../cli/review/engine/models.ts";
import { readPlan } from "../../../../cli/review/engine/plan.ts";
import { NotComparable } from "../../../../cli/review/read.ts";
import type { Environment } from "../../../../stacks/environment.ts";
import { model } from "../sample-model.ts";

// The form of `pulumi preview --json --show-sames` of Pulumi 3.250. test/e2e/engine/review.test.ts reads what the engine itself prints.

const urn = (type: string, name: string) => `urn:pulumi:prod::bellwether::${type}::${name}`;
const STACK = "pulumi:pulumi:Stack";
const SETTINGS = "bellwether:platform:Settings";
const RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";

function environment(pager: string): Environment {
  return {
    name: "prod",
    tier: "production",
    prometheus: { scrapeInterval: "30s" },
    alertmanager: {
      receivers: { [pager]: { type: "webhook", urlSecret: "url" } },
      teams: { shop: { critical: [pager], warning: [pager] } },
      fallback: pager,
      heartbeat: { receiver: pager, interval: "1m" },
    },
    grafana: {},
  } as unknown as Environment;
}

interface Sides {
  readonly op?: string;
  readonly before?: object;
  readonly after?: object;
}

function step(type: string, name: string, { op = "same", before, after }: Sides) {
  const state = (given: object) => ({
    urn: urn(type, name),
    type,
    custom: !type.startsWith("bellwether"),
    ...given,
  });
  return {
    op,
    urn: urn(type, name),
    ...(before === undefined ? {} : { oldState: state(before) }),
    ...(after === undefined ? {} : { newState: state(after) }),
  };
}

function rule(expr: string) {
  const rules = [
    { alert: "A", expr, labels: { severity: "critical", team: "shop" }, annotations: { summary: "a" } },
  ];
  const metadata = { name: "rules", namespace: "monitoring" };
  return {
    inputs: {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata,
      spec: { groups: [{ name: "g", rules }] },
    },
  };
}

const kept = (pager: string, format = 1) => ({
  outputs: { format, environment: environment(pager), versions: { prometheus: "3.0.0" } },
});
const exported = (outputs: object) =>
  step(STACK, "bellwether-prod", { before: { outputs, custom: false }, after: { custom: false } });

function modelsOf(steps: readonly object[], same = 0) {
  const plan = readPlan(
    JSON.stringify({ steps, changeSummary: { same } }),
    "plan.json",
    "pulumi preview --json",
  );
  return engineModels(
    plan,
    model({ outputs: { cluster: "[unknown]", tier: "staging" } }),
    environment("new-pager"),
  );
}

describe("the models of both sides of a plan", () => {
  const { before, after } = modelsOf([
    exported({ cluster: "prod", tier: "production" }),
    step(SETTINGS, "settings", { before: kept("old-pager"), after: {} }),
    step(RULE, "rules", { op: "update", before: rule("up == 0"), after: rule("up == 2") }),
  ]);

  it("have the alerts of each side, with the receivers that its settings send them to", () => {
    const told = [before, after].map((side) =>
      side?.alerts.map(({ name, expr, receivers }) => [name, expr, receivers.map((each) => each.name)]),
    );
    expect(told).toEqual([[["A", "up == 0", ["old-pager"]]], [["A", "up == 2", ["new-pager"]]]]);
  });

  it("have the settings and versions that were deployed, and those that would be", () => {
    expect(before?.settings["alertmanager.fallback"]).toBe("old-pager");
    expect(before?.versions).toEqual({ prometheus: "3.0.0" });
  });

  it("have the outputs of the state, and of what is not known yet no change", () => {
    expect(before?.outputs).toEqual({ cluster: "prod", tier: "production" });
    expect(after.outputs).toEqual({ cluster: "prod", tier: "staging" });
  });
});

describe("a plan that cannot be compared", () => {
  const deployed = step(RULE, "rules", { before: rule("up == 0"), after: rule("up == 0") });

  it("is none of a first deployment, of which everything is new", () => {
    const { before, after } = modelsOf([step(RULE, "rules", { op: "create", after: rule("up == 0") })]);
    expect(before).toBeUndefined();
    expect(after.alerts.map(({ name }) => name)).toEqual(["A"]);
  });

  it("is none that leaves out all resources because none changes", () => {
    expect(() => modelsOf([exported({ cluster: "prod" })], 101)).toThrow(/lists 1 of the 101 resources/);
  });

  it.each([
    [
      "leaves out resources that stay",
      [deployed, step(SETTINGS, "settings", { before: kept("a"), after: {} })],
      90,
      /lists 2 of the 90 resources that stay.*--show-sames/,
    ],
    ["is of a deployment that keeps no settings", [deployed], 1, /keeps no settings.*--base/],
    [
      "is of a deployment that keeps them in another form",
      [deployed, step(SETTINGS, "settings", { before: kept("a", 7), after: {} })],
      2,
      /have format 7, and this version of Bellwether compares format 1/,
    ],
  ])("%s", (_, steps, same, message) => {
    expect(() => modelsOf(steps, same)).toThrow(message);
    expect(() => modelsOf(steps, same)).toThrow(NotComparable);
  });
});
