import { describe, expect, it } from "vitest";
import {
  type DrawnAlerts,
  ownAlertSections,
} from "../../../components/grafana/dashboards/own-alert-panels.ts";
import type { Panel } from "../../../components/grafana/panel.ts";
import { NO_ORDERS, UNPROVEN_ALERT } from "../service/own-alerts/samples.ts";

const RUNBOOKS = "https://example.com/runbooks";

function panelOf(changes: Partial<DrawnAlerts["alerts"][number][1]>): Panel {
  const alert = { ...UNPROVEN_ALERT, ...changes } as DrawnAlerts["alerts"][number][1];
  const sections = ownAlertSections({
    owner: "shop",
    alerts: [["PoolEmpty", alert]],
    runbookBaseUrl: RUNBOOKS,
  });
  const [panel] = sections.flatMap(({ lines }) => lines.flatMap(({ things }) => things as Panel[]));
  if (panel === undefined) throw new Error("there is no panel");
  return panel;
}

describe("the panel of a team's own alert", () => {
  it.each([
    ["pool_free < 1", "pool_free", { value: 1, bad: "below" }],
    ["max by (queue) (age_seconds) > 600", "max by (queue) (age_seconds)", { value: 600, bad: "above" }],
    [
      "(sum(rate(orders_total[5m])) or vector(0)) == 0",
      "(sum(rate(orders_total[$__rate_interval])) or vector(0))",
      undefined,
    ],
    ["sum(a) / sum(b) >= 0.5", "sum(a) / sum(b)", { value: 0.5, bad: "above" }],
  ])("draws what %s compares", (expr, drawn, limit) => {
    const { queries, view } = panelOf({ expr });
    expect(queries[0].expr).toBe(drawn);
    expect(view).toEqual(limit === undefined ? { kind: "lines" } : { kind: "lines", limit });
  });

  it.each(["a > b", "absent(a)", "a > 1 and b > 2", "a > bool 1"])("counts the results of %s", (expr) => {
    expect(panelOf({ expr }).queries[0].expr).toBe(`count(${expr}) or vector(0)`);
  });

  it("says that an alert has no examples, and links to its runbook", () => {
    expect(panelOf({}).description).toContain("Unproven");
    expect(panelOf({ examples: NO_ORDERS.examples } as never).description).not.toContain("Unproven");
    expect(panelOf({}).links[0]).toEqual({ title: "Runbook PoolEmpty", url: `${RUNBOOKS}/PoolEmpty.md` });
    const runbook = "https://wiki.example.com/pool";
    expect(panelOf({ runbook }).links[0]).toEqual({ title: "Runbook PoolEmpty", url: runbook });
  });
});
