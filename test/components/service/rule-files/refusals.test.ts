import { describe, expect, it } from "vitest";
import { InvalidInputError, type Problem } from "../../../../components/core/problems.ts";
import {
  checkedService,
  defineService,
  type ServiceDefinition,
} from "../../../../components/service/model.ts";
import { groupsIn } from "../../../../components/service/rule-files/read.ts";
import { DEFINITION } from "../samples.ts";

type Rules = NonNullable<ServiceDefinition["rules"]>;
type Rule = Exclude<Rules[number], string>["groups"][number]["rules"][number];

const GOOD: Rule = {
  alert: "OrdersStop",
  expr: "vector(1) > 2",
  labels: { severity: "warning" },
  annotations: { summary: "No order came" },
};

function problems(...rules: readonly Rule[]): readonly Problem[] {
  const file = { file: "orders.yaml", groups: [{ name: "orders", rules: [...rules] }] };
  const checked = checkedService({ ...DEFINITION, rules: [file] });
  return checked.ok ? [] : checked.problems;
}

function thrown(rules: Rules): readonly Problem[] {
  try {
    defineService({ ...DEFINITION, rules });
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems;
    throw error;
  }
  return [];
}

const AT = "services.storefront.rules[0].groups[0].rules[0]";

describe("a rule of a rule file", () => {
  it("is taken with everything that a route needs", () => {
    expect(problems(GOOD)).toEqual([]);
  });

  it.each<[string, Rule, string, string]>([
    ["an alert without severity", { ...GOOD, labels: {} }, `${AT}.labels.severity`, "nothing"],
    ["a severity of others", { ...GOOD, labels: { severity: "page" } }, `${AT}.labels.severity`, '"page"'],
    [
      "the team of others",
      { ...GOOD, labels: { severity: "info", team: "data" } },
      `${AT}.labels.team`,
      '"data"',
    ],
    [
      "a service of others",
      { ...GOOD, labels: { severity: "info", service: "orders" } },
      `${AT}.labels.service`,
      '"orders"',
    ],
    [
      "the name of an alert of the platform",
      { ...GOOD, alert: "TargetDown" },
      `${AT}.alert`,
      '"TargetDown", the name of an alert of the platform',
    ],
    ["an alert without a text", { ...GOOD, annotations: {} }, `${AT}.annotations.summary`, "nothing"],
    ["a query that is none", { ...GOOD, expr: "sum(" }, `${AT}.expr`, '"sum("'],
    ["two rules in one", { ...GOOD, record: "orders:rate5m" }, AT, "alert and record"],
    ["a rule that is none", { expr: "vector(1)" }, AT, "neither alert nor record"],
    [
      "a recording rule that waits",
      { record: "orders:rate5m", expr: "vector(1)", for: "5m" },
      `${AT}.for`,
      '"5m"',
    ],
  ])("is refused with one problem: %s", (_, rule, path, found) => {
    expect(problems(rule)).toEqual([expect.objectContaining({ path, found })]);
  });

  it("is refused with every problem at once", () => {
    expect(problems({ ...GOOD, labels: {} }, { ...GOOD, expr: "sum(" })).toHaveLength(2);
  });

  it("is refused if the definition has an alert of its name", () => {
    const alerts = {
      OrdersStop: { expr: "vector(1) > 2", for: "5m", severity: "info", summary: "No order came" },
    } as const;
    const file = { file: "orders.yaml", groups: [{ name: "orders", rules: [GOOD] }] };
    const checked = checkedService({ ...DEFINITION, alerts, rules: [file] });
    expect(checked).toMatchObject({ ok: false, problems: [{ path: `${AT}.alert` }] });
  });
});

describe("a rule file", () => {
  it("is refused with the place at which it was looked for", () => {
    expect(thrown(["./orders.rules.yaml", "missing.yaml"])).toEqual([
      expect.objectContaining({
        path: "services.storefront.rules[1]",
        found: '"missing.yaml", no such file at test/components/service/rule-files/missing.yaml',
      }),
    ]);
  });

  it("is refused together with what else is wrong with the definition", () => {
    expect(() => defineService({ ...DEFINITION, tier: "high" as never, rules: ["missing.yaml"] })).toThrow(
      /rules\[0\][\s\S]*tier/,
    );
  });

  it.each([
    ["groups: [", /not one YAML document/],
    ["a: 1\n---\nb: 2", /not one YAML document/],
    ["rules: []", /no list of groups/],
    ["", /no list of groups/],
    ["apiVersion: v1\nkind: PrometheusRule\nspec: {}", /no list of groups/],
  ])("is refused if it holds no groups: %j", (text, why) => {
    expect(groupsIn(text)).toMatch(why);
  });

  it("is refused by what reads no files", () => {
    expect(checkedService({ ...DEFINITION, rules: ["orders.yaml"] })).toMatchObject({
      ok: false,
      problems: [{ path: "services.storefront.rules[0]", found: '"orders.yaml"' }],
    });
  });

  it("has names that stay apart as names of files", () => {
    const groups = ["orders a", "orders-a"].map((name) => ({ name, rules: [GOOD] }));
    const checked = checkedService({ ...DEFINITION, rules: [{ file: "orders.yaml", groups }] });
    expect(checked).toMatchObject({
      ok: false,
      problems: [{ path: "services.storefront.rules[0].groups[1].name" }],
    });
  });
});
