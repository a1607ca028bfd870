import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../../components/alerts/catalogue/index.ts";
import {
  GRAFANA_ALERT_GROUPS,
  GRAFANA_ALERTS,
} from "../../../../components/grafana/alerting/catalogue/index.ts";
import { groupFaults } from "../../../../components/grafana/alerting/conditions.ts";
import type {
  GrafanaAlertCase,
  GrafanaAlertDefinition,
  GrafanaAlertParameters,
} from "../../../../components/grafana/alerting/definition.ts";
import { type GrafanaRule, renderAlerting } from "../../../../components/grafana/alerting/render.ts";
import { ALERTS as SLO_ALERTS } from "../../../../components/slo/conventions.ts";
import { type Answers, firing } from "../../../support/grafana-expressions.ts";
import { PrometheusWithHistory } from "../../../support/prometheus.ts";
import { ALERTING } from "./samples.ts";

// Each rule's own steps: its PromQL in the real Prometheus, what CloudWatch would answer as the cases say, and Grafana's expressions in a
// simulator.

const HOUR = 3600;
const STEP = 30;
const START = 1_900_000_000 - (1_900_000_000 % HOUR);

interface Situation {
  readonly alert: GrafanaAlertDefinition;
  readonly one: GrafanaAlertCase;
  readonly parameters: GrafanaAlertParameters;
  /** The hour of the history that belongs to it, from 0 on: every other one, so that none sees its neighbour. */
  readonly hour: number;
}

const SITUATIONS: readonly Situation[] = (["1m", "5m"] as const)
  .flatMap((heartbeatInterval) =>
    GRAFANA_ALERTS.flatMap((alert) =>
      alert.cases.map((one) => ({
        alert,
        one,
        parameters: { ...ALERTING.parameters, heartbeatInterval },
      })),
    ),
  )
  .map((situation, index) => ({ ...situation, hour: 2 * index }));

function scraped({ one, parameters }: Situation): readonly string[] | undefined {
  return typeof one.seen === "object" && "scraped" in one.seen ? one.seen.scraped(parameters) : undefined;
}

let server: PrometheusWithHistory;
beforeAll(async () => {
  server = await PrometheusWithHistory.start({
    start: START,
    end: START + (2 * SITUATIONS.length + 1) * HOUR,
    step: STEP,
    series: SITUATIONS.flatMap((situation) =>
      (scraped(situation) ?? []).map((series) => {
        const space = series.indexOf(" ", series.indexOf("}"));
        const before = situation.hour === 0 ? "" : ` _x${(situation.hour * HOUR) / STEP}`;
        return `${series.slice(0, space)}${before}${series.slice(space)}`;
      }),
    ),
    rules: [],
  });
}, 300_000);
afterAll(() => server?.stop());

function ruleOf({ alert, parameters }: Situation): GrafanaRule {
  const rules = renderAlerting({ ...ALERTING, parameters }).groups.flatMap((group) => group.rules);
  const found = rules.find(({ title }) => title === alert.name);
  if (found === undefined) throw new Error(`no rule ${alert.name}`);
  return found;
}

async function answersTo(situation: Situation, rule: GrafanaRule): Promise<Answers> {
  const { one, hour } = situation;
  if (one.seen === "no answer") return "no answer";
  if ("answers" in one.seen)
    return Object.fromEntries(
      Object.entries(one.seen.answers).map(([refId, series]) => [
        refId,
        Object.entries(series).map(([resource, points]) => ({ labels: { resource }, points })),
      ]),
    );
  const asked = rule.steps.filter(({ model }) => typeof model["expr"] === "string");
  const answers = asked.map(async ({ refId, model }) => {
    const found = await server.query(String(model["expr"]), START + (hour + 1) * HOUR);
    return [refId, found.answers.map(({ labels, value }) => ({ labels, points: [value] }))] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

describe("an alert that Grafana evaluates", () => {
  it.each(
    SITUATIONS.map(
      (situation) =>
        [
          situation.alert.name,
          situation.one.title,
          situation.parameters.heartbeatInterval,
          situation,
        ] as const,
    ),
  )("%s %s, with a heartbeat each %s", async (_, __, ___, situation) => {
    const rule = ruleOf(situation);
    const fired = firing(rule, await answersTo(situation, rule));
    expect(fired.length > 0).toBe(situation.one.fires);
    expect(situation.one.title).toMatch(situation.one.fires ? /^fires / : /^does not fire /);
  });

  it("fires for the resource that is at fault, and for no other", () => {
    const rules = renderAlerting(ALERTING).groups.flatMap((group) => group.rules);
    const ports = rules.find(({ title }) => title === "NatGatewayPortsExhausted");
    const answers = {
      A: [
        { labels: { NatGatewayId: "nat-1" }, points: [0, 3] },
        { labels: { NatGatewayId: "nat-2" }, points: [0] },
      ],
    };
    expect(ports && firing(ports, answers)).toEqual([{ NatGatewayId: "nat-1" }]);
  });

  it.each(GRAFANA_ALERTS.map((alert) => [alert.name, alert] as const))(
    "%s is shown to fire and to stay silent, and asks one source that its group says",
    (_, alert) => {
      expect(new Set(alert.cases.map(({ fires }) => fires))).toEqual(new Set([true, false]));
      const group = GRAFANA_ALERT_GROUPS.find(({ alerts }) => alerts.includes(alert));
      expect(new Set(Object.values(alert.queries).map(({ source }) => source))).toEqual(
        new Set([group?.source]),
      );
    },
  );

  it("has a name that no other alert has, and holds for whole evaluations", () => {
    const names = [
      ...GRAFANA_ALERTS.map(({ name }) => name),
      ...CATALOGUE.map(({ name }) => name),
      ...Object.values(SLO_ALERTS),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(GRAFANA_ALERT_GROUPS.flatMap(groupFaults)).toEqual([]);
  });
});

describe("a query of CloudWatch Metrics Insights", () => {
  // What its reference allows of what is used here: one function of one metric, one schema, one condition, groups, an order, a limit.
  const GRAMMAR =
    /^SELECT (?:AVG|COUNT|MAX|MIN|SUM)\(\w+\) FROM SCHEMA\("AWS\/\w+", (\w+)\)(?: WHERE \1 = '[\w-]+')? GROUP BY \1(?: ORDER BY (?:AVG|COUNT|MAX|MIN|SUM)\(\) (?:ASC|DESC))?(?: LIMIT \d+)?$/;
  const queries = renderAlerting(ALERTING)
    .groups.flatMap(({ rules }) => rules)
    .flatMap(({ title, steps }) =>
      steps.flatMap(({ model }) =>
        typeof model["sqlExpression"] === "string" ? [[title, model["sqlExpression"]] as const] : [],
      ),
    );

  it("is asked by every alert of AWS", () => {
    expect(queries.length).toBe(10);
  });

  it.each(queries)("of %s is one that CloudWatch can read", (_, sql) => {
    expect(sql).toMatch(GRAMMAR);
  });
});
