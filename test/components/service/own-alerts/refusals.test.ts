import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../../../components/core/problems.ts";
import { defineService, type ServiceDefinition } from "../../../../components/service/model.ts";
import { DEFINITION } from "../samples.ts";
import { ORDERS_WAIT, UNPROVEN_ALERT } from "./samples.ts";

/** The paths of the problems of a definition. */
function refused(changes: Readonly<Record<string, unknown>>): string[] {
  try {
    defineService({ ...DEFINITION, ...changes } as ServiceDefinition);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

const one = (changes: Readonly<Record<string, unknown>>, name = "PoolEmpty") => ({
  alerts: { [name]: { ...UNPROVEN_ALERT, ...changes } },
});
const fires = (changes: Readonly<Record<string, unknown>>) => {
  const { fires: [first] = [], silent } = ORDERS_WAIT.examples ?? {};
  return {
    alerts: { OrdersWait: { ...ORDERS_WAIT, examples: { fires: [{ ...first, ...changes }], silent } } },
  };
};

describe("a definition with alerts of its own is refused", () => {
  const AT = "services.storefront.alerts";
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ["a name in another form", one({}, "pool-empty"), [`${AT}.pool-empty`]],
    ["the name of an alert of the platform", one({}, "TargetDown"), [`${AT}.TargetDown`]],
    ["the name of an alert of objectives", one({}, "SLOSignalAbsent"), [`${AT}.SLOSignalAbsent`]],
    ["no PromQL", one({ expr: "pool_free <" }), [`${AT}.PoolEmpty.expr`]],
    ["no time", one({ for: "soon" }), [`${AT}.PoolEmpty.for`]],
    ["an unknown severity", one({ severity: "page" }), [`${AT}.PoolEmpty.severity`]],
    ["a label that the definition sets", one({ labels: { team: "x" } }), [`${AT}.PoolEmpty.labels.team`]],
    [
      "examples in which it only fires",
      { alerts: { OrdersWait: { ...ORDERS_WAIT, examples: { fires: ORDERS_WAIT.examples?.fires } } } },
      [`${AT}.OrdersWait.examples.silent`],
    ],
    [
      "a label in a text that the expected alert does not have",
      fires({ alerts: [{ value: "12m 0s" }] }),
      [`${AT}.OrdersWait.examples.fires[0].alerts[0].labels.queue`],
    ],
    [
      "a value in a text that the expected alert does not have",
      fires({ alerts: [{ labels: { queue: "cards" } }] }),
      [`${AT}.OrdersWait.examples.fires[0].alerts[0].value`],
    ],
    [
      "a series with a regular expression",
      fires({ series: { 'orders{job=~"a|b"}': 1 } }),
      [`${AT}.OrdersWait.examples.fires[0].series["orders{job=~\\"a|b\\"}"]`],
    ],
    [
      "a stage without its length",
      fires({ series: { orders: [{ value: 1 }, { value: 2 }] } }),
      [`${AT}.OrdersWait.examples.fires[0].series.orders[0].for`],
    ],
    [
      "a last stage that ends",
      fires({ series: { orders: [{ value: 1, for: "5m" }] } }),
      [`${AT}.OrdersWait.examples.fires[0].series.orders[0].for`],
    ],
    [
      "an end before the alert fires",
      fires({ stops: { after: "1m", by: "2m" } }),
      [`${AT}.OrdersWait.examples.fires[0].stops`],
    ],
    [
      "an alert that is off and does not exist",
      { environments: { dev: { alerts: { PoolEmty: "off" } } } },
      ["services.storefront.environments.dev.alerts.PoolEmty"],
    ],
  ])("for %s", (_, changes, paths) => {
    expect(refused(changes)).toEqual(paths);
  });

  it("for a text that a test could not fill in, with the way out", () => {
    const alert = { ...ORDERS_WAIT, summary: "{{ if gt $value 1.0 }}many{{ else }}few{{ end }} orders wait" };
    expect(refused({ alerts: { OrdersWait: alert } })).toContain(`${AT}.OrdersWait.summary`);
    expect(refused({ alerts: { OrdersWait: { ...alert, examples: undefined } } })).toEqual([]);
  });

  it("not for an alert that is complete", () => {
    expect(refused({ alerts: { OrdersWait: ORDERS_WAIT } })).toEqual([]);
  });
});
