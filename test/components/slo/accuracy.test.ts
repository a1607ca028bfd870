import { describe, expect, it } from "vitest";
import { type Duration, duration, seconds } from "../../../components/core/duration.ts";
import type { PromtoolCase } from "../../../components/core/promtool.ts";
import { httpSeries } from "../../../components/signals/http.ts";
import { printSelector } from "../../../components/signals/promql.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { promtool } from "./promtool.ts";
import { LINKS, SLO, TARGET } from "./samples.ts";

const SCRAPE: Duration = "2m";
const STEP = seconds(SCRAPE);
const LENGTH = seconds("3d") / STEP;

/** One counter, scrape by scrape; `undefined` where the scrape failed. */
interface Counter {
  readonly status: number;
  readonly pod: string;
  readonly samples: readonly (number | undefined)[];
}

/** Traffic as it is: by day and by night, failing in bursts that come with the traffic, with restarts and lost scrapes. */
function traffic(pod: string, restartsAt: number, isLost: (scrape: number) => boolean): readonly Counter[] {
  let seed = restartsAt;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const values = { 200: 5_000, 500: 700 };
  const samples = { 200: [] as (number | undefined)[], 500: [] as (number | undefined)[] };
  for (let scrape = 0; scrape <= LENGTH; scrape++) {
    const hour = ((scrape * STEP) / 3600) % 24;
    if (scrape === restartsAt) Object.assign(values, { 200: 0, 500: 0 });
    const night = hour < 5;
    const spike = scrape % 311 === 0;
    values[200] += night ? 0 : Math.round(1000 * random() * (spike ? 50 : 1));
    values[500] += night ? 0 : Math.round((hour > 17 && hour < 17.4 ? 400 : 1) * random());
    for (const status of [200, 500] as const)
      samples[status].push(isLost(scrape) ? undefined : values[status]);
  }
  return [
    { status: 200, pod, samples: samples[200] },
    { status: 500, pod, samples: samples[500] },
  ];
}

function counters(isLost: (scrape: number) => boolean): readonly Counter[] {
  return [...traffic("a", 901, isLost), ...traffic("b", 1_777, isLost)];
}

/** Increments of the counters within the window that ends at `end`, resets made good: what really happened. */
function increments(
  from: readonly Counter[],
  window: Duration,
  end: number,
  counts: (status: number) => boolean,
): number {
  const first = (end - seconds(window)) / STEP;
  const last = end / STEP;
  let sum = 0;
  for (const { status, samples } of from) {
    if (!counts(status)) continue;
    let before: number | undefined;
    for (const [scrape, value] of samples.entries()) {
      if (value === undefined) continue;
      if (before !== undefined && scrape > first && scrape <= last)
        sum += value < before ? value : value - before;
      before = value;
    }
  }
  return sum;
}

const WINDOWS: readonly Duration[] = ["30m", "1h", "2h", "6h", "1d", "3d"];
const MOMENTS = [seconds("1d6h"), seconds("2d12h"), seconds("2d17h30m"), seconds("3d")];

const all = () => true;
const failed = (status: number) => status >= 500;

const EXACT = 1e-9;

function caseOf(from: readonly Counter[], allowed: (window: Duration) => number): PromtoolCase {
  const isNear = (record: string, truth: number, share: number, end: number) => ({
    expr: truth === 0 ? `${record} == bool 0` : `abs(${record} / ${truth} - 1) < bool ${share.toFixed(12)}`,
    eval_time: duration(end),
    exp_samples: [{ labels: '{service="storefront",slo="availability",team="shop"}', value: 1 }],
  });
  return {
    name: "records are what the counters say",
    interval: SCRAPE,
    input_series: from.map(({ status, pod, samples }) => ({
      series: printSelector(httpSeries("http_requests_total", status, { ...TARGET, pod })),
      values: samples.map((value) => value ?? "_").join(" "),
    })),
    promql_expr_test: MOMENTS.flatMap((end) => {
      const rate = (window: Duration, counts: (status: number) => boolean) =>
        increments(from, window, end, counts) / seconds(window);
      return [
        ...WINDOWS.flatMap((window) => [
          isNear(`slo:sli_total:rate${window}`, rate(window, all), allowed(window), end),
          isNear(`slo:sli_errors:rate${window}`, rate(window, failed), allowed(window), end),
        ]),
        isNear("slo:sli_error:ratio_rate30d", rate("30d", failed) / rate("30d", all), allowed("30d"), end),
      ];
    }),
  };
}

async function judged(isLost: (scrape: number) => boolean, allowed: (window: Duration) => number) {
  const test = caseOf(counters(isLost), allowed);
  const { code, stdout, stderr } = await promtool([ruleGroup(SLO, SCRAPE, LINKS)], SCRAPE, [test]);
  return { code, output: stdout + stderr };
}

describe("what is recorded of traffic that bursts, stops, restarts and spikes for a single scrape", () => {
  it("is exactly what the counters grew by, over every window", { timeout: 300_000 }, async () => {
    const { code, output } = await judged(
      () => false,
      () => EXACT,
    );
    expect(output).toMatch(/SUCCESS/);
    expect(code).toBe(0);
  });

  it.each([
    ["one scrape", (scrape: number) => scrape === 1203],
    ["one scrape, at the boundary of two hours", (scrape: number) => scrape === 1200],
    ["two scrapes", (scrape: number) => scrape === 1203 || scrape === 1204],
  ])("is exact where %s is lost", { timeout: 300_000 }, async (_, isLost) => {
    const { code, output } = await judged(isLost, () => EXACT);
    expect(output).toMatch(/SUCCESS/);
    expect(code).toBe(0);
  });

  it("lacks what was counted in a longer gap", { timeout: 300_000 }, async () => {
    const gap = (scrape: number) => scrape > 1355 && scrape <= 1360;
    const missing = 6 * STEP * 2;
    const { code, output } = await judged(
      gap,
      (window) => 0.001 + missing / Math.min(seconds(window), seconds("3d")),
    );
    expect(output).toMatch(/SUCCESS/);
    expect(code).toBe(0);
    const strict = await judged(gap, () => 0.001);
    expect(strict.output).toMatch(/FAILED/);
  });
});
