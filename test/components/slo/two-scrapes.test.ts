import { expect, it } from "vitest";
import type { PromtoolSeries } from "../../../components/core/promtool.ts";
import { httpAvailability } from "../../../components/signals/http.ts";
import { RECORDS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { promtool } from "./promtool.ts";
import { LINKS, SLO } from "./samples.ts";

// A busy machine scrapes a little later now and then: two scrapes lie between two evaluations, and the newest is not the first of its series.

const SCRAPE = "10s";
const EVALUATION = "20s";
const slo: Slo = { ...SLO, signal: httpAvailability("http_requests_total", { job: "storefront" }) };

/** A process that has counted 100,000 requests, and whose series get a label at 130 s. The evaluations at 140 and 160 s see two scrapes each. */
function relabelled(series: { readonly added: string; readonly samples: string }): readonly PromtoolSeries[] {
  const target = 'job="storefront",instance="a:8080",pod="a"';
  return [
    { series: `http_requests_total{${target},code="200"}`, values: "100000x12 stale" },
    { series: `http_requests_total{${target},code="200",tier="critical"}`, values: "_x13 100000x12" },
    { series: `up{${target}}`, values: "1x25" },
    { series: `scrape_series_added{${target}}`, values: series.added },
    { series: `scrape_samples_post_metric_relabeling{${target}}`, values: series.samples },
  ];
}

it.each([
  ["as many series", { added: "0x12 20 0x11", samples: "20x25" }],
  ["one series more", { added: "0x12 20 1 0x10", samples: "20x13 21x11" }],
] as const)(
  "a relabelled process is not counted anew where the second scrape of a step has %s",
  async (_, series) => {
    const { name, rules } = ruleGroup(slo, EVALUATION, LINKS);
    const records = rules.filter((rule) => "record" in rule);
    const { code, stdout, stderr } = await promtool(
      [{ name, interval: EVALUATION, rules: records }],
      EVALUATION,
      [
        {
          name: "relabelled",
          interval: SCRAPE,
          input_series: relabelled(series),
          promql_expr_test: (["140s", "160s", "180s"] as const).map((at) => ({
            expr: `sum(${RECORDS.totalStep}) * 20 or vector(0)`,
            eval_time: at,
            exp_samples: [{ labels: "{}", value: 0 }],
          })),
        },
      ],
    );
    expect(code, stdout + stderr).toBe(0);
  },
);
