import { describe, expect, it } from "vitest";
import { type Duration, duration, seconds } from "../../../components/core/duration.ts";
import { httpSeries } from "../../../components/signals/http.ts";
import { printSelector } from "../../../components/signals/promql.ts";
import type { PromtoolCase } from "../../../components/signals/promtool.ts";
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
function traffic(pod: string, restartsAt: number, lostAt: number): readonly Counter[] {
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
    const lost = scrape === lostAt || (scrape > 1355 && scrape <= 1360);
    for (const status of [200, 500] as const) samples[status].push(lost ? undefined : values[status]);
  }
  return [
    { status: 200, pod, samples: samples[200] },
    { status: 500, pod, samples: samples[500] },
  ];
}

function counters(lostAt: number): readonly Counter[] {
  return [...traffic("a", 901, lostAt), ...traffic("b", 1_777, lostAt)];
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

/**
 * Prometheus does not extrapolate a counter past its birth, so that a burst right after a restart may lack one scrape of the
 * window that is read from the counters themselves. Tiles of an hour average that out.
 */
function tolerance(window: Duration): number {
  return seconds(window) < 3600 ? STEP / seconds(window) : 0.001;
}

function caseOf(from: readonly Counter[], allowed: (window: Duration) => number): PromtoolCase {
  const isNear = (record: string, truth: number, share: number, end: number) => ({
    expr: truth === 0 ? `${record} == bool 0` : `abs(${record} / ${truth} - 1) < bool ${share}`,
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

describe("what is recorded of traffic that bursts, stops, restarts and loses scrapes", () => {
  it("lies within 0.1% of the counters' own increments", { timeout: 120_000 }, async () => {
    const test = caseOf(counters(1203), tolerance);
    const { code, stdout, stderr } = await promtool([ruleGroup(SLO, SCRAPE, LINKS)], SCRAPE, [test]);
    expect(stdout + stderr).toMatch(/SUCCESS/);
    expect(code).toBe(0);
  });

  it("is off by two scrapes of the window at most where a lost one falls between two tiles", {
    timeout: 120_000,
  }, async () => {
    const onTheHour = 1200;
    const test = caseOf(
      counters(onTheHour),
      (window) => tolerance(window) + (2 * STEP) / Math.min(seconds(window), seconds("3d")),
    );
    const { code, stdout, stderr } = await promtool([ruleGroup(SLO, SCRAPE, LINKS)], SCRAPE, [test]);
    expect(stdout + stderr).toMatch(/SUCCESS/);
    expect(code).toBe(0);
  });
});
