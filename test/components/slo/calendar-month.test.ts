import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Duration, seconds } from "../../../components/core/duration.ts";
import { httpSeries } from "../../../components/signals/http.ts";
import { printSelector } from "../../../components/signals/promql.ts";
import { RECORDS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { PrometheusWithHistory } from "../../support/prometheus.ts";
import { LINKS, SLO, TARGET } from "./samples.ts";

// What is recorded of a calendar month, against the increments of the very samples since its first, over the turn of a year and
// over a February of 29 days.

const SCRAPE: Duration = "2m";
const STEP = seconds(SCRAPE);
const START = Date.UTC(2027, 11, 20, 7, 12) / 1000;
const END = Date.UTC(2028, 2, 6) / 1000;
const SCRAPES = Math.floor((END - START) / STEP);
const MONTHLY: Slo = { ...SLO, period: "month" };

/** Bursts by day, silence by night, failures at noon and in the first and the last hour of each month, a restart in ten days. */
function counters(): Readonly<Record<200 | 500, readonly number[]>> {
  let state = 7;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const found = { 200: [] as number[], 500: [] as number[] };
  const counted = { 200: 4_000, 500: 90 };
  for (let scrape = 0; scrape <= SCRAPES; scrape++) {
    const now = new Date((START + scrape * STEP) * 1000);
    const tomorrow = new Date(now.getTime() + 3_600_000);
    const turns =
      tomorrow.getUTCMonth() !== now.getUTCMonth() || (now.getUTCDate() === 1 && now.getUTCHours() === 0);
    if (scrape % 7_200 === 7_199) Object.assign(counted, { 200: 0, 500: 0 });
    const asleep = now.getUTCHours() >= 2 && now.getUTCHours() < 5;
    const fails = turns || (now.getUTCHours() === 12 && now.getUTCDate() % 3 === 0);
    counted[200] += asleep ? 0 : Math.round(900 * random() * (scrape % 501 === 0 ? 60 : 1));
    counted[500] += fails ? Math.round(80 * random()) : random() < 0.02 ? 1 : 0;
    found[200].push(counted[200]);
    found[500].push(counted[500]);
  }
  return found;
}

const COUNTERS = counters();

/** What the counters grew by from the first of the month on; a fall is a restart, which begins at zero. */
function since(first: number, at: number, values: readonly number[]): number {
  let sum = 0;
  for (let scrape = 1; scrape <= SCRAPES; scrape++) {
    const time = START + scrape * STEP;
    if (time <= first || time > at) continue;
    const [before = 0, value = 0] = [values[scrape - 1], values[scrape]];
    sum += value < before ? value : value - before;
  }
  return sum;
}

/** The moment's month: the first moment belongs to the month before, whose last step it ends. */
function monthOf(at: number): { readonly first: number; readonly length: number } {
  const date = new Date((at - STEP / 2) * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const first = Date.UTC(year, month, 1) / 1000;
  return { first, length: Date.UTC(year, month + 1, 1) / 1000 - first };
}

const MOMENTS = (() => {
  let state = 11;
  const first = Math.ceil((Date.UTC(2028, 0, 1) / 1000 - START) / STEP);
  const anywhere = Array.from({ length: 100 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return first + 1 + (state % (SCRAPES - first - 1));
  });
  const turns = [Date.UTC(2028, 1, 1), Date.UTC(2028, 1, 29), Date.UTC(2028, 2, 1)].flatMap((turn) =>
    [-3_600, -STEP, 0, STEP, 2 * STEP, 3_600, 7 * 3_600].map((away) => (turn / 1000 - START + away) / STEP),
  );
  return [...anywhere, ...turns].map((scrape) => START + Math.round(scrape) * STEP);
})();

const { name, interval, rules } = ruleGroup(MONTHLY, SCRAPE, LINKS);
const records = rules.flatMap((rule) => ("record" in rule ? [rule] : []));
const exprOf = (record: string) => records.find((rule) => rule.record === record)?.expr ?? `no ${record}`;

describe("a calendar month in the real Prometheus", () => {
  let prometheus: PrometheusWithHistory;

  beforeAll(async () => {
    const needed = records.filter(({ record }) => /irate|rate5m$|rate1h$|rate6h$|_in_month$/.test(record));
    const series = ([200, 500] as const).map(
      (status) =>
        `${printSelector(httpSeries("http_requests_total", status, TARGET))} ${COUNTERS[status].join(" ")}`,
    );
    prometheus = await PrometheusWithHistory.start({
      start: START,
      end: END,
      step: STEP,
      series,
      rules: [{ groups: [{ name, interval, rules: needed }], from: START }],
    });
  }, 300_000);
  afterAll(() => prometheus?.stop());

  const ask = async (expr: string, at: number) =>
    (await prometheus.query(expr, at)).answers[0]?.value ?? Number.NaN;

  it("holds what was counted since its first, at a hundred moments and at every turn", {
    timeout: 300_000,
  }, async () => {
    const [errors, total] = [exprOf(RECORDS.errorsOf("month")), exprOf(RECORDS.totalOf("month"))];
    for (const at of MOMENTS) {
      const { first } = monthOf(at);
      const elapsed = at - STEP / 2 - first;
      const failed = since(first, at, COUNTERS[500]);
      const all = failed + since(first, at, COUNTERS[200]);
      const when = new Date(at * 1000).toISOString();
      expect(Math.abs((await ask(errors, at)) * elapsed - failed), when).toBeLessThan(1e-6 * all + 1e-6);
      expect(Math.abs((await ask(total, at)) * elapsed - all), when).toBeLessThan(1e-6 * all + 1e-6);
    }
  });

  it("spends of the whole month's budget, which begins anew on the first", { timeout: 300_000 }, async () => {
    const budget = exprOf(RECORDS.budgetSpent);
    const ratio = `(${exprOf(RECORDS.errorsOf("month"))}) / (${exprOf(RECORDS.totalOf("month"))})`;
    const covered = exprOf(RECORDS.historyCovered);
    const spent = async (at: number) =>
      ask(
        budget
          .replace(/slo:sli_error:ratio_rate_month\{[^}]*\}/, `(${ratio})`)
          .replace(/slo:history_covered:ratio\{[^}]*\}/, `sum(${covered})`),
        at,
      );
    const february = Date.UTC(2028, 1, 1) / 1000;
    const march = Date.UTC(2028, 2, 1) / 1000;
    for (const at of [february + 86_400, february + 15 * 86_400, march]) {
      const { first, length } = monthOf(at);
      const failed = since(first, at, COUNTERS[500]);
      const all = failed + since(first, at, COUNTERS[200]);
      const share = (at - STEP / 2 - first) / length;
      expect(await spent(at)).toBeCloseTo((failed / all / 0.001) * share, 6);
    }
    expect(monthOf(march).length).toBe(29 * 86_400);
    expect(await spent(march + STEP)).toBeLessThan((await spent(march)) / 100);
  });

  it("comes with how much of it is known so far", async () => {
    const covered = exprOf(RECORDS.historyCovered);
    // The records begin at seven on 20 December. The looks are an hour apart, and 744 of them fit into 31 days.
    const known = seconds("5d5h") * (744 / 743);
    const soFar = seconds("24d12h") - STEP / 2;
    expect(await ask(covered, Date.UTC(2027, 11, 25, 12) / 1000)).toBeCloseTo(
      (known - seconds("1h")) / soFar,
      3,
    );
    expect(await ask(covered, Date.UTC(2028, 0, 9, 12) / 1000)).toBe(1);
    expect(await ask(covered, Date.UTC(2028, 0, 31, 23, 50) / 1000)).toBe(1);
  });
});
