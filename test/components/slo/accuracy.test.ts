import { describe, expect, it } from "vitest";
import type { PromtoolCase } from "../../../components/alerts/promtool.ts";
import { type Duration, duration, seconds } from "../../../components/core/duration.ts";
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
function traffic(pod: string, restartsAt: number): readonly Counter[] {
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
    const lost = scrape === 1200 || (scrape > 1355 && scrape <= 1360);
    for (const status of [200, 500] as const) samples[status].push(lost ? undefined : values[status]);
  }
  return [
    { status: 200, pod, samples: samples[200] },
    { status: 500, pod, samples: samples[500] },
  ];
}

const COUNTERS = [...traffic("a", 901), ...traffic("b", 1_777)];

/** Increments of the counters within the window that ends at `end`, resets made good: what really happened. */
function increments(window: Duration, end: number, counts: (status: number) => boolean): number {
  const first = (end - seconds(window)) / STEP;
  const last = end / STEP;
  let sum = 0;
  for (const { status, samples } of COUNTERS) {
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

const WINDOWS: readonly Duration[] = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];
const MOMENTS = [seconds("1d6h"), seconds("2d12h"), seconds("2d17h30m"), seconds("3d")];

/** A query that is 1 where a record is within a share of the truth. */
function isNear(record: string, truth: number, share: number): string {
  if (truth === 0) return `${record} == bool 0`;
  return `abs(${record} / ${truth} - 1) < bool ${share}`;
}

const labels = '{service="storefront",slo="availability",team="shop"}';

const CASE: PromtoolCase = {
  name: "records are what the counters say",
  interval: SCRAPE,
  input_series: COUNTERS.map(({ status, pod, samples }) => ({
    series: printSelector(httpSeries("http_requests_total", status, { ...TARGET, pod })),
    values: samples.map((value) => value ?? "_").join(" "),
  })),
  promql_expr_test: MOMENTS.flatMap((end) => [
    // A tile's record of two minutes ago would be a whole scrape off in five minutes, so short windows are looked at alone.
    ...WINDOWS.filter((window) => seconds(window) % STEP === 0).flatMap((window) => [
      {
        expr: isNear(
          `slo:sli_total:rate${window}`,
          increments(window, end, () => true) / seconds(window),
          0.001,
        ),
        eval_time: duration(end),
        exp_samples: [{ labels, value: 1 }],
      },
      {
        expr: isNear(
          `slo:sli_errors:rate${window}`,
          increments(window, end, (status) => status >= 500) / seconds(window),
          0.001,
        ),
        eval_time: duration(end),
        exp_samples: [{ labels, value: 1 }],
      },
    ]),
    {
      expr: isNear(
        "slo:sli_error:ratio_rate30d",
        increments("30d", end, (status) => status >= 500) / increments("30d", end, () => true),
        0.001,
      ),
      eval_time: duration(end),
      exp_samples: [{ labels, value: 1 }],
    },
  ]),
};

describe("what is recorded of traffic that bursts, stops, restarts and loses scrapes", () => {
  it("lies within 0.1% of the counters' own increments, over every window", {
    timeout: 120_000,
  }, async () => {
    const { code, stdout, stderr } = await promtool([ruleGroup(SLO, SCRAPE, LINKS)], SCRAPE, [CASE]);
    expect(stdout + stderr).toMatch(/SUCCESS/);
    expect(code).toBe(0);
  });
});
