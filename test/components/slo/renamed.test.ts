import { describe, expect, it } from "vitest";
import { recordingRules } from "../../../components/slo/records.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { promtool } from "./promtool.ts";
import { SLO } from "./samples.ts";

// A service that is renamed has records under two names. The rules of the old name are gone from the moment of the rename.

const MINUTE = "1m";
const RENAMED = { ...SLO, service: "webshop", formerly: ["storefront"] };

const WINDOWS = [
  { record: "slo:sli_total:rate1h", reads: "slo:sli_total:irate", tiles: 1, period: "30d" },
  { record: "slo:sli_total:rate6h", reads: "slo:sli_total:rate1h", tiles: 6, period: "30d" },
  { record: "slo:sli_errors:rate1d", reads: "slo:sli_errors:rate6h", tiles: 4, period: "30d" },
  { record: "slo:sli_total:rate3d", reads: "slo:sli_total:rate1d", tiles: 3, period: "30d" },
  { record: "slo:sli_errors:rate30d", reads: "slo:sli_errors:rate3d", tiles: 10, period: "30d" },
  {
    record: "slo:sli_total:rate1h_in_month",
    reads: "slo:sli_total:irate",
    tiles: 1,
    period: "month",
  },
  {
    record: "slo:sli_total:rate1d_in_month",
    reads: "slo:sli_total:rate6h_in_month",
    tiles: 4,
    period: "month",
  },
] as const;

/** The records of 100 events per second, under the old name until minute 90. */
function recordsOfTwoNames(name: string) {
  const series = (service: string) => `${name}{service="${service}",slo="availability",team="shop"}`;
  return [
    { series: series("storefront"), values: "100x89 stale" },
    { series: series("webshop"), values: "_x90 100x60" },
  ];
}

async function proven(
  slo: typeof RENAMED | typeof SLO,
  period: "30d" | "month",
  record: string,
  reads: string,
) {
  const rule = recordingRules({ ...slo, period }, MINUTE).find((each) => each.record === record);
  return (samples: Readonly<Record<`${number}m`, number>>) =>
    promtool([], MINUTE, [
      {
        name: record,
        interval: MINUTE,
        // A calendar month reads what lies in odd months, too; promtool begins in January, which is odd.
        input_series: [
          ...recordsOfTwoNames(reads),
          ...(record.endsWith("1h_in_month") ? recordsOfTwoNames(`${reads}_odd_months`) : []),
        ],
        promql_expr_test: Object.entries(samples).map(([at, value]) => ({
          expr: rule?.expr ?? "",
          eval_time: at as `${number}m`,
          exp_samples: [{ labels: "{}", value }],
        })),
      },
    ]);
}

describe("a window of an objective whose service was renamed", () => {
  it.each(WINDOWS)("$record goes on where the old name ended", async ({ record, reads, tiles, period }) => {
    // Older tiles lie before the first sample. At minute 100 both names have a record in the last half hour, later only the new one.
    const share = 100 / tiles;
    // An hour of steps, of which the last is of the new name; a window of tiles finds one, and from minute 60 on those of an hour before.
    const isSteps = reads.endsWith("irate");
    const isHours = reads.endsWith("rate1h");
    const check = await proven(RENAMED, period, record, reads);
    const { code, stdout, stderr } = await check({
      "80m": isHours ? 2 * share : share,
      "100m": isHours ? 2 * share : share,
      "140m": isSteps ? 100 : isHours ? 3 * share : share,
    });
    expect(code, stdout + stderr).toBe(0);
  });

  it("begins again without the former name", async () => {
    const check = await proven(
      { ...SLO, service: "webshop" },
      "30d",
      "slo:sli_total:rate1h",
      "slo:sli_total:irate",
    );
    const { code, stdout, stderr } = await check({ "119m": (100 * 30) / 60 });
    expect(code, stdout + stderr).toBe(0);
  });
});

it("no rule changes where a service never had another name, and none reads only the old one", () => {
  const links = { runbookBaseUrl: "https://example.com" };
  const text = (slo: typeof SLO) => JSON.stringify(ruleGroup(slo, "30s", links));
  expect(text({ ...SLO, formerly: [] })).toBe(text(SLO));
  expect(text(RENAMED)).not.toMatch(/service=\\?"storefront/);
});
