import { describe, expect, it } from "vitest";
import { alertingRules } from "../../../components/slo/alerts.ts";
import type { SloAlertKind } from "../../../components/slo/conventions.ts";
import { ALERTS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { promtool } from "./promtool.ts";
import { LINKS, SLO } from "./samples.ts";

// The texts of alerts, written here as an on-call engineer must read them and calculated by hand. The cases that are rendered for each
// objective put their texts together with the same functions as the rules.

const ID = 'service="storefront",slo="availability",team="shop"';

/** Records of an objective: 3% of the events fail in every window, and so much of the error budget is spent. */
function records(spent: number | undefined) {
  const windows = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"].flatMap((window) => [
    [`slo:sli_total:rate${window}`, 10],
    [`slo:sli_errors:rate${window}`, 0.3],
  ]) as [string, number][];
  const all = spent === undefined ? windows : [...windows, ["slo:error_budget_spent:ratio", spent] as const];
  return all.map(([name, value]) => ({ series: `${name}{${ID}}`, values: `${value}x60` }));
}

/** What promtool finds wrong with the texts of an alert that fires after 20 minutes; empty if nothing is. */
async function wrongIn(
  slo: Slo,
  kind: SloAlertKind,
  series: readonly { readonly series: string; readonly values: string }[],
  texts: Readonly<Record<string, string>>,
): Promise<string> {
  const rule = alertingRules(slo, "1m", LINKS).find(({ alert }) => alert === ALERTS[kind]);
  if (rule === undefined) throw new Error(`no rule ${ALERTS[kind]}`);
  const alert = {
    exp_labels: {
      service: "storefront",
      slo: "availability",
      team: "shop",
      severity: rule.labels["severity"] ?? "",
    },
    exp_annotations: { ...texts, runbook_url: `https://example.com/runbooks/${ALERTS[kind]}.md` },
  };
  const { code, stdout, stderr } = await promtool([{ name: "texts", interval: "1m", rules: [rule] }], "1m", [
    {
      name: kind,
      interval: "1m",
      input_series: series,
      alert_rule_test: [{ eval_time: "20m", alertname: ALERTS[kind], exp_alerts: [alert] }],
    },
  ]);
  return code === 0 ? "" : stdout + stderr;
}

const ALLOWS = "The objective availability allows 0.1% of requests to fail in";

describe("a burn rate alert", () => {
  // 3% is 30 times the budget of 0.1%. A quarter of the budget is spent: 0.75 × 720 h ÷ 30 = 18 h.
  it("gives the error ratio, the burn rate, the rest of the budget and when it is exhausted", async () => {
    const summary = "storefront fails 3% of its requests (burn rate 30)";
    const description = `${ALLOWS} 30d. 75% of the error budget is left. At this rate it is exhausted in 18 hours.`;
    const windows = "over 1h and over 5m";
    expect(await wrongIn(SLO, "fastBurn", records(0.25), { summary, description, windows })).toBe("");
    expect(
      await wrongIn(SLO, "slowBurn", records(0.25), { summary, description, windows: "over 1d and over 2h" }),
    ).toBe("");
  });

  // January has 744 hours: 0.75 × 744 h ÷ 30 = 18.6 h.
  it("counts the hours of the current month for a calendar month", async () => {
    const texts = {
      summary: "storefront fails 3% of its requests (burn rate 30)",
      description: `${ALLOWS} a calendar month. 75% of the error budget is left. At this rate it is exhausted in 18.6 hours.`,
      windows: "over 1h and over 5m",
    };
    expect(await wrongIn({ ...SLO, period: "month" }, "fastBurn", records(0.25), texts)).toBe("");
  });

  it.each([
    ["nothing is left of it", 1.2, "0% of the error budget is left."],
    ["its record does not exist", undefined, "How much of the error budget is left is not known."],
  ])("gives no time until the budget is exhausted if %s", async (_, spent, sentence) => {
    const texts = {
      summary: "storefront fails 3% of its requests (burn rate 30)",
      description: `${ALLOWS} 30d. ${sentence}`,
      windows: "over 1h and over 5m",
    };
    expect(await wrongIn(SLO, "fastBurn", records(spent), texts)).toBe("");
  });
});

describe("the alert for an SLI without data", () => {
  it("says which SLI, and what it means", async () => {
    const texts = {
      summary: "No data for the SLI availability of storefront",
      description:
        "Prometheus has no series of the requests that this objective counts. Until it has, no alert fires if storefront fails.",
    };
    expect(await wrongIn(SLO, "absent", [], texts)).toBe("");
  });
});

describe("an alert on the error budget", () => {
  it("gives the spent share and how much of the period is recorded", async () => {
    const covered = { series: `slo:history_covered:ratio{${ID}}`, values: "0.5x60" };
    const texts = {
      summary: "storefront has spent 92.5% of its error budget",
      description: `${ALLOWS} 30d. The recorded history covers 50% of that period.`,
    };
    expect(await wrongIn(SLO, "nearly", [...records(0.925), covered], texts)).toBe("");
  });
});
