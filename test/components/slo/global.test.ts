import { describe, expect, it } from "vitest";
import type { RuleGroup } from "../../../components/core/rules.ts";
import { syntaxErrors } from "../../../components/promql/tree.ts";
import { globalRuleGroup } from "../../../components/slo/global.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { storedGroups } from "../../../components/stored-rules/render.ts";
import { promtool } from "./promtool.ts";
import { LINKS, SLO } from "./samples.ts";

const VIEW = { name: "global", environments: ["eu", "us"] };
const group = globalRuleGroup({ ...SLO, page: false }, VIEW, "30s", LINKS);
const stored = storedGroups([group], {
  origin: { cluster: "global", environment: "global" },
  scrapeInterval: "30s",
  rulesInGroup: 20,
});
// promtool reads what is there at the moment of an evaluation; the way to a store is not part of this.
const groups = stored.map(({ query_offset: _, ...rest }) => rest) as unknown as readonly RuleGroup[];

const OF = 'service="storefront", slo="availability", team="shop"';
const record = (name: string, environment: string) =>
  `${name}{${OF}, cluster="kind-${environment}", environment="${environment}"}`;
/** Events per second of both environments in a window, with the share of them that fails. */
const traffic = (window: string, eu: string, us: string, share: number) =>
  [
    ["eu", eu],
    ["us", us],
  ].flatMap(([environment = "", values = ""]) => [
    { series: record(`slo:sli_total:rate${window}`, environment), values },
    {
      series: record(`slo:sli_errors:rate${window}`, environment),
      values: values.replace(/^\d+/, (rate) => String(Number(rate) * (environment === "us" ? share : 0))),
    },
  ]);
const WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"];
const all = (eu: string, us: string, share: number) => [
  ...WINDOWS.flatMap((window) => traffic(window, eu, us, share)),
  ...["eu", "us"].map((environment) => ({
    series: record("slo:history_covered:ratio", environment),
    values: environment === "eu" ? "1+0x400" : "0.5+0x400",
  })),
];
const value = (expr: string, at: string, expected: number | undefined) => ({
  expr,
  eval_time: at,
  exp_samples: expected === undefined ? [] : [{ labels: "{}", value: expected }],
});
const asked = (file: object) => promtool(groups, "30s", [{ interval: "30s", ...file }] as never);
async function holds(file: object) {
  const { code, stdout, stderr } = await asked(file);
  expect({ code, said: `${stdout}${stderr}` }).toEqual({ code: 0, said: expect.stringContaining("SUCCESS") });
}
const own = (name: string) => `sum(${name}{service="storefront", environment="global", cluster="global"})`;

describe("an objective over several environments", () => {
  it("is PromQL, in groups of at most twenty rules", () => {
    for (const { rules } of stored) {
      expect(rules.length).toBeLessThanOrEqual(20);
      for (const { expr } of rules)
        expect({ expr, errors: syntaxErrors(expr) }).toEqual({ expr, errors: [] });
    }
  });

  it("records what one environment records, but for the steps that windows are made of", () => {
    const names = ({ rules }: RuleGroup) => rules.flatMap((rule) => ("record" in rule ? [rule.record] : []));
    const steps = ["slo:sli_total:irate", "slo:sli_errors:irate", "slo:sli_unclassified:irate"];
    expect(names(group).toSorted()).toEqual(
      names(ruleGroup(SLO, "30s", LINKS))
        .filter((name) => !steps.includes(name))
        .toSorted(),
    );
    const monthly = { ...SLO, period: "month" as const };
    expect(names(globalRuleGroup(monthly, VIEW, "30s", LINKS))).toContain("slo:sli_total:rate_month");
  });

  it("adds events, and takes no mean of ratios", async () => {
    // 2% of 300 in us, none of 100 in eu: 1.5% of all, where the mean of the ratios is 1%.
    await holds({
      input_series: all("100+0x400", "300+0x400", 0.02),
      promql_expr_test: [
        value(own("slo:sli_total:rate1h"), "10m", 400),
        value(own("slo:sli_errors:rate1h"), "10m", 6),
        value(own("slo:sli_error:ratio_rate30d"), "10m", 0.015),
        value(own("slo:error_budget_spent:ratio"), "10m", 15),
        value('count(ALERTS{alertname="SLOErrorBudgetBurnFast", severity="critical"})', "10m", 1),
        value('count(ALERTS{alertname="SLOClusterMissing"})', "10m", undefined),
      ],
    });
  });

  it("names the one that sends nothing, judges what is there, and remembers its period for a day", async () => {
    // us is cut off after an hour: its last sample is found for less than five minutes.
    await holds({
      input_series: all("100+0x4000", "300+0x120", 0.001),
      promql_expr_test: [
        value(own("slo:sli_total:rate1h"), "64m", 400),
        value(own("slo:sli_total:rate1h"), "66m", 100),
        value(own("slo:sli_total:rate30d"), "66m", 400),
        value(own("slo:sli_total:rate30d"), "24h", 400),
        value(own("slo:sli_total:rate30d"), "26h", 100),
        value('count(ALERTS{alertname="SLOClusterMissing", alertstate="firing"})', "74m", undefined),
        value('count(ALERTS{alertname="SLOClusterMissing", alertstate="firing", missing="us"})', "77m", 1),
        value('count(ALERTS{alertname="SLOClusterMissing", missing="eu"})', "77m", undefined),
        value('count(ALERTS{severity="critical"})', "77m", undefined),
        value('count(ALERTS{alertname="SLOSignalAbsent"})', "77m", undefined),
      ],
    });
  });

  it("says which environments the errors are in", async () => {
    const { stdout, stderr } = await asked({
      input_series: all("100+0x400", "300+0x400", 0.02),
      alert_rule_test: [
        {
          eval_time: "10m",
          alertname: "SLOErrorBudgetBurnFast",
          exp_alerts: [{ exp_labels: {}, exp_annotations: {} }],
        },
      ],
    });
    // What promtool found instead of nothing.
    expect(`${stdout}${stderr}`).toContain("Of the errors of the last hour: us 100%");
  });
});
