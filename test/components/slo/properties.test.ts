import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Duration, seconds } from "../../../components/core/duration.ts";
import type { AlertingRule } from "../../../components/core/rules.ts";
import { ABSENT_FOR } from "../../../components/slo/alerts.ts";
import { ALERTS, RECORDS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { type Course, PrometheusWithHistory } from "../../support/prometheus.ts";
import { KINDS, objectiveOf } from "./kinds.ts";
import { anything, idle, type Pod, seriesOf, vanishing } from "./random-traffic.ts";
import { LINKS } from "./samples.ts";

// What must hold whatever the traffic is, on the real Prometheus: one server holds a day of many services at once, each with random
// traffic of its own. A failure names the service; the same seed makes the same traffic again.

const SEED = Number(process.env["SEED"] ?? 4);
const SCRAPE: Duration = "1m";
const STEP = seconds(SCRAPE);
const START = Date.UTC(2026, 0, 1) / 1000;
const SCRAPES = seconds("1d6h") / STEP;
const END = START + (SCRAPES - 1) * STEP;

type Family = "anything" | "idle" | "vanishing";
const FAMILIES: Readonly<
  Record<Family, { readonly amount: number; readonly of: fc.Arbitrary<readonly Pod[]> }>
> = {
  anything: { amount: 8, of: anything(SCRAPES) },
  idle: { amount: 3, of: idle(SCRAPES) },
  vanishing: { amount: 3, of: vanishing(SCRAPES) },
};

interface Scene {
  readonly family: Family;
  readonly title: string;
  readonly slo: Slo;
  readonly series: readonly string[];
}

const SCENES: readonly Scene[] = KINDS.flatMap((kind, order) =>
  (Object.keys(FAMILIES) as Family[]).flatMap((family, number) => {
    const { amount, of } = FAMILIES[family];
    return fc.sample(of, { numRuns: amount, seed: SEED + 10 * order + number }).map((pods, index) => {
      const service = `${family}-${order}-${index}`;
      const { slo, examples } = objectiveOf(kind, service);
      return {
        family,
        title: `${kind.name}, ${service}`,
        slo,
        series: seriesOf(pods, examples, { start: START, step: STEP }),
      };
    });
  }),
);

const groups = SCENES.map(({ slo }) => ruleGroup(slo, SCRAPE, LINKS));
const records = [
  ...new Set(groups.flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])))),
];

let prometheus: PrometheusWithHistory;

beforeAll(async () => {
  const series = SCENES.flatMap((scene) => scene.series);
  prometheus = await PrometheusWithHistory.start({
    start: START,
    end: END,
    step: STEP,
    series,
    rules: [{ groups, from: START }],
  });
}, 300_000);
afterAll(() => prometheus?.stop());

const ask = (expr: string) => prometheus.course(expr, START, END, STEP);

/** Where an expression holds that never may: service and first moment, for the message. */
async function held(expr: string): Promise<readonly string[]> {
  const found = await ask(expr);
  return found.map(
    ({ labels, points: [first] }) =>
      `seed ${SEED}, ${labels["service"]}: ${expr} is ${first?.[1]} after ${((first?.[0] ?? 0) - START) / STEP} scrapes`,
  );
}

describe("whatever the traffic", () => {
  it("every record is a number, and none is below zero", async () => {
    expect(records.length).toBeGreaterThan(20);
    for (const record of records) {
      // What is not a number differs from itself.
      expect(await held(`${record} != ${record}`)).toEqual([]);
      // Failed jobs beyond all jobs: a counter that lags behind the other one for a scrape leads by as much in the next.
      if (record !== RECORDS.unclassifiedStep) expect(await held(`${record} < 0`)).toEqual([]);
      expect(await held(`${record} == Inf`)).toEqual([]);
    }
  });

  it("no window has more errors than events, and no ratio is above one", async () => {
    const errors = records.filter((record) => record.startsWith("slo:sli_errors"));
    expect(errors.length).toBeGreaterThan(7);
    for (const record of errors) {
      const total = record.replace("sli_errors", "sli_total");
      // Sums of floats in another order differ in their last digits.
      expect(await held(`${record} > ${total} * (1 + 1e-9)`)).toEqual([]);
      // And a total without errors is one of zero errors, not of unknown.
      expect(await held(`${total} unless ${record}`)).toEqual([]);
      expect(await held(`${record} unless ${total}`)).toEqual([]);
    }
    for (const record of records.filter((each) => /ratio_rate|history_covered/.test(each)))
      expect(await held(`${record} > 1 + 1e-9`)).toEqual([]);
  });

  it("what an alert tells is a share, or for the budget's alerts what is spent of it", async () => {
    const values = groups.flatMap(({ rules }, index) =>
      rules
        .filter((rule) => "alert" in rule)
        .filter(({ alert }) => alert !== ALERTS.absent)
        .map((rule) => ({ rule, service: SCENES[index]?.slo.service })),
    );
    expect(values.length).toBeGreaterThan(0);
    for (const { rule, service } of values)
      expect(await outside(rule, mostOf(rule)), `seed ${SEED}, ${service}: ${rule.alert}`).toEqual([]);
  });

  it("something happens: pages, tickets and budgets that are spent", async () => {
    const names = new Set<string>();
    for (const [index, { rules }] of groups.entries())
      for (const rule of rules)
        if (SCENES[index]?.family === "anything" && "alert" in rule && (await ask(rule.expr)).length > 0)
          names.add(rule.alert);
    expect([...names]).toEqual(
      expect.arrayContaining([ALERTS.fastBurn, ALERTS.slowBurn, ALERTS.spent, ALERTS.absent]),
    );
  });
});

/** The largest value that an alert may have: a share, or any multiple of a budget. */
function mostOf({ alert }: AlertingRule): number {
  return alert.includes("Burn") ? 1 + 1e-9 : Number.POSITIVE_INFINITY;
}

/** The values of an alert that are below zero, above the largest one, or no number, each with its time. */
async function outside(
  { expr }: AlertingRule,
  most: number,
): Promise<readonly (readonly [number, number])[]> {
  const points = (await ask(expr)).flatMap((course) => course.points);
  return points.filter(([, value]) => !(value >= 0 && value <= most));
}

/** Seconds that an alert's condition holds without a break, at its longest. */
function longest(courses: readonly Course[]): number {
  let most = 0;
  for (const { points } of courses) {
    let since = 0;
    for (const [index, [at]] of points.entries()) {
      if (index === 0 || at - (points[index - 1]?.[0] ?? 0) > STEP) since = at;
      most = Math.max(most, at - since);
    }
  }
  return most;
}

/** The alerts of a service that fire, by their conditions and `for`. */
async function firing(service: string): Promise<readonly string[]> {
  const group = groups[SCENES.findIndex(({ slo }) => slo.service === service)];
  const alerts = group?.rules.filter((rule): rule is AlertingRule => "alert" in rule) ?? [];
  const found: string[] = [];
  for (const { alert, expr, for: pending } of alerts) {
    const courses = await ask(expr);
    if (courses.length > 0 && longest(courses) >= seconds(pending ?? "0s")) found.push(alert);
  }
  return found;
}

const servicesOf = (family: Family, without = "") =>
  SCENES.filter((scene) => scene.family === family && !scene.title.startsWith(`${without},`)).map(
    ({ title, slo }) => [title, slo.service] as const,
  );

describe("series that are there", () => {
  // Of a share that is all that a team tells, a share of nothing is unknown: its absence is what its promise says.
  it.each(servicesOf("idle", "a team's own share"))(
    "and do not move raise nothing: %s",
    async (_, service) => {
      expect(await firing(service), `seed ${SEED}`).toEqual([]);
    },
  );
});

describe("series that are gone, or never were", () => {
  it.each(servicesOf("vanishing"))(
    `raise one ticket after ${ABSENT_FOR}, and nothing else: %s`,
    async (_, service) => {
      expect(await firing(service), `seed ${SEED}`).toEqual([ALERTS.absent]);
    },
  );
});
