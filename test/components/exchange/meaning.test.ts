import { describe, expect, it } from "vitest";
import type { PromtoolCase } from "../../../components/core/promtool.ts";
import type { Format } from "../../../components/exchange/model.ts";
import { defineService, slosOf } from "../../../components/service/model.ts";
import { customSignal } from "../../../components/signals/custom.ts";
import type { ExampleSeries } from "../../../components/signals/http.ts";
import { sloTests } from "../../../components/slo/cases.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { promtool, prove } from "../slo/promtool.ts";
import { imported, textOf } from "./files.ts";

const LINKS = { runbookBaseUrl: "https://example.com/runbooks" };

function sloOf(format: Format, file: string, objective: string) {
  const slo = imported(textOf(format, file))
    .definitions.flatMap((definition) => slosOf(defineService(definition)))
    .find(({ name }) => name === objective);
  if (slo === undefined) throw new Error(`${file} has no objective ${objective}`);
  return slo;
}

/** What an event of each kind adds to, where the rules have to find it. */
const COUNTED: readonly (readonly [string, Format, string, string, ExampleSeries])[] = [
  [
    "events of Sloth",
    "sloth",
    "availability.yaml",
    "availability",
    {
      good: ['http_requests_total{job="checkout",code="200"}'],
      bad: ['http_requests_total{job="checkout",code="503"}'],
    },
  ],
  [
    "a difference of Sloth with a comment in it",
    "sloth",
    "latency-histogram.yaml",
    "latency",
    {
      good: ['search_duration_seconds_count{path="/"}', 'search_duration_seconds_bucket{path="/",le="0.25"}'],
      bad: ['search_duration_seconds_count{path="/"}'],
      always: ['search_duration_seconds_bucket{path="/",le="0.25"}'],
    },
  ],
  [
    "a quotient of Sloth, of increases and of successes",
    "sloth",
    "raw-quotient.yaml",
    "exports",
    { good: ['ledger_exports_total{result="ok"}'], bad: ['ledger_exports_total{result="failed"}'] },
  ],
  [
    "good and total of OpenSLO",
    "openslo",
    "ratio-good-total.yaml",
    "orders",
    { good: ['orders_total{result="ok"}'], bad: ['orders_total{result="failed"}'] },
  ],
  [
    "bad and total of OpenSLO",
    "openslo",
    "ratio-bad-total.yaml",
    "uploads",
    { good: ['uploads_total{result="done"}'], bad: ['uploads_total{result="timeout"}'] },
  ],
];

describe("the alerts of an imported objective, in promtool", () => {
  it.each(COUNTED)("fire and are silent by %s", async (_, format, file, objective, examples) => {
    const slo = sloOf(format, file, objective);
    const tests = sloTests(slo, { ...LINKS, scrapeInterval: "2m", examples });
    expect(tests.flatMap(({ cases }) => cases).length).toBeGreaterThan(10);
    const { code, stdout, stderr } = await prove([ruleGroup(slo, "2m", LINKS)], tests);
    expect(code, stdout + stderr).toBe(0);
  });
});

/** A share that is known and stays for an hour, as a series of promtool. */
function ratioCase(
  name: string,
  series: string,
  value: number,
  errorRatio: number,
  id: string,
): PromtoolCase {
  const firing = errorRatio > 0.5;
  return {
    name,
    interval: "1m",
    input_series: [{ series, values: `${value}x90` }],
    promql_expr_test: [
      {
        expr: "slo:sli_errors:rate1h / slo:sli_total:rate1h",
        eval_time: "90m",
        exp_samples: [{ labels: id, value: errorRatio }],
      },
      {
        expr: "count(ALERTS{alertstate='firing',alertname='SLOErrorBudgetBurnFast'}) or vector(0)",
        eval_time: "90m",
        exp_samples: [{ labels: "{}", value: firing ? 1 : 0 }],
      },
    ],
  };
}

describe("a share without counts, in promtool", () => {
  it.each([
    [
      "sloth",
      "raw-probe.yaml",
      "reachable",
      'probe_success{job="blackbox",instance="https://status.example.com"}',
    ],
    ["openslo", "raw.yaml", "synced", 'job:sync_success:ratio{app="ios"}'],
  ] as const)(
    "of %s means the share of time, and pages while it is bad",
    async (format, file, objective, series) => {
      const slo = sloOf(format, file, objective);
      const id = `{service="${slo.service}",slo="${slo.name}",team="${slo.team}"}`;
      const cases = [ratioCase("all is well", series, 1, 0, id), ratioCase("nothing is", series, 0, 1, id)];
      const { code, stdout, stderr } = await promtool([ruleGroup(slo, "1m", LINKS)], "1m", cases);
      expect(code, stdout + stderr).toBe(0);
    },
  );
});

describe("a share that is not a number, in promtool", () => {
  it("is not known, instead of making the whole month unknown", async () => {
    const events = { errorRatio: "sum(rate(bad[{{.window}}])) / sum(rate(all[{{.window}}]))" };
    const slo = {
      ...sloOf("sloth", "raw-probe.yaml", "reachable"),
      signal: customSignal({ name: "a", unit: "b", description: "", events }),
    };
    const idle = ["bad", "all"].map((series) => ({ series, values: "7x60 10+3x60" }));
    const { code, stdout, stderr } = await promtool([ruleGroup(slo, "1m", LINKS)], "1m", [
      {
        name: "an hour without a request",
        interval: "1m",
        input_series: idle,
        promql_expr_test: [
          { expr: "slo:sli_total:rate5m or slo:sli_errors:rate5m", eval_time: "50m", exp_samples: [] },
          {
            expr: "sum(slo:sli_errors:rate5m / slo:sli_total:rate5m)",
            eval_time: "100m",
            exp_samples: [{ labels: "{}", value: 1 }],
          },
        ],
      },
    ]);
    expect(code, stdout + stderr).toBe(0);
  });
});

describe("the share of errors, in promtool", () => {
  /** The file's own quotient over an hour and one scrape, by hand, against what our records come to. */
  it.each([
    [
      "sloth",
      "availability.yaml",
      "availability",
      'sum(rate(http_requests_total{job="checkout",code=~"5.."}[1h1m])) / sum(rate(http_requests_total{job="checkout"}[1h1m]))',
      ['http_requests_total{job="checkout",code="200"}', 'http_requests_total{job="checkout",code="500"}'],
    ],
    [
      "openslo",
      "ratio-good-total.yaml",
      "orders",
      '1 - sum(rate(orders_total{result="ok"}[1h1m])) / sum(rate(orders_total[1h1m]))',
      ['orders_total{result="ok"}', 'orders_total{result="failed"}'],
    ],
  ] as const)(
    "of %s is that of the file's own queries",
    async (format, file, objective, own, [good, bad]) => {
      const slo = sloOf(format, file, objective);
      const difference = `abs(sum(slo:sli_errors:rate1h / slo:sli_total:rate1h) - ${own.startsWith("1") ? `(${own})` : own}) < bool 1e-12`;
      const { code, stdout, stderr } = await promtool([ruleGroup(slo, "1m", LINKS)], "1m", [
        {
          name: "uneven traffic",
          interval: "1m",
          input_series: [
            { series: good, values: "1000+700x60 43000+90x60" },
            { series: bad, values: "1000+3x60 1180+1x60" },
          ],
          promql_expr_test: [
            { expr: difference, eval_time: "2h", exp_samples: [{ labels: "{}", value: 1 }] },
          ],
        },
      ]);
      expect(code, stdout + stderr).toBe(0);
    },
  );
});
