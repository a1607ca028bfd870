import { describe, expect, it } from "vitest";
import { recordingRules } from "../../../components/slo/records.ts";
import { promtool } from "./promtool.ts";
import { SLO } from "./samples.ts";

// The owner is a label of the records, so a renamed team, or another owner, begins new series.

const MINUTE = "1m";

const WINDOWS = [
  { record: "slo:sli_total:rate1d", reads: "slo:sli_total:rate6h", tiles: 4, period: "30d" },
  { record: "slo:sli_errors:rate1d", reads: "slo:sli_errors:rate6h", tiles: 4, period: "30d" },
  { record: "slo:sli_total:rate3d", reads: "slo:sli_total:rate1d", tiles: 3, period: "30d" },
  { record: "slo:sli_total:rate30d", reads: "slo:sli_total:rate3d", tiles: 10, period: "30d" },
  {
    record: "slo:sli_total:rate1d_in_month",
    reads: "slo:sli_total:rate6h_in_month",
    tiles: 4,
    period: "month",
  },
] as const;

/** The records of 100 events per second, before and after the owner changed at minute 31. */
function recordsOfTwoOwners(name: string) {
  const series = (team: string) => `${name}{service="storefront",slo="availability",team="${team}"}`;
  return [
    { series: series("shop"), values: "100x30 stale" },
    { series: series("store"), values: "_x30 100x60" },
  ];
}

describe("a window of an objective whose owner changed", () => {
  it.each(WINDOWS)("$record counts a tile once while both owners have records", async (window) => {
    const { record, reads, tiles, period } = window;
    const rule = recordingRules({ ...SLO, period }, MINUTE).find((each) => each.record === record);
    // Older tiles lie before the first sample. At minute 40 both owners have a record in the last half hour, later only the new one.
    const query = (minutes: 20 | 40 | 80) => ({
      expr: rule?.expr ?? "",
      eval_time: `${minutes}m` as const,
      exp_samples: [{ labels: "{}", value: 100 / tiles }],
    });
    const { code, stdout, stderr } = await promtool([], MINUTE, [
      {
        name: record,
        interval: MINUTE,
        input_series: recordsOfTwoOwners(reads),
        promql_expr_test: [query(20), query(40), query(80)],
      },
    ]);
    expect(code, stdout + stderr).toBe(0);
  });
});
