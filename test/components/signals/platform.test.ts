import { describe, expect, it } from "vitest";
import { isCounter } from "../../../components/signals/counter-names.ts";
import { DASHBOARDS, panelId } from "../../../components/signals/panels.ts";
import { DRAWN_RANGE, PLATFORM_SIGNALS, panelOf } from "../../../components/signals/platform.ts";
import { checkRules } from "../alerts/promtool.ts";
import { asSent, counterCalls, labelsKept } from "../grafana/promql.ts";

describe("the platform's signals", () => {
  it("have ids that are panels' keys: kebab-case, and no two alike, nor their numbers", () => {
    const ids = PLATFORM_SIGNALS.map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map(panelId)).size).toBe(ids.length);
  });

  it("are queries that Prometheus accepts", async () => {
    const rules = PLATFORM_SIGNALS.flatMap(({ id, query, expr }) => [
      { record: `measured:${id.replaceAll("-", "_")}`, expr: query("5m") },
      { record: `drawn:${id.replaceAll("-", "_")}`, expr: expr.replaceAll(DRAWN_RANGE, "2m") },
    ]);
    const { code, stdout, stderr } = await checkRules({ signals: { groups: [{ name: "signals", rules }] } });
    expect(code, stdout + stderr).toBe(0);
  });
});

describe.for(PLATFORM_SIGNALS)("the signal $id", (signal) => {
  it("belongs to a dashboard", () => {
    expect(Object.keys(DASHBOARDS)).toContain(signal.dashboard);
    expect(panelOf(signal)).toEqual({ dashboard: signal.dashboard, panel: signal.id });
  });

  it("is drawn with Grafana's range and compared with a range of the alert's own", () => {
    expect(signal.query("7m")).not.toContain("$");
    expect(signal.expr.includes(DRAWN_RANGE)).toBe(signal.query("7m") !== signal.query("8m"));
  });

  it("takes rates of counters only, and before it adds them up", () => {
    for (const { metrics, aggregated } of counterCalls(signal.query("5m"))) {
      for (const metric of metrics) expect(isCounter(metric), metric).toBe(true);
      expect(aggregated).toBe(true);
    }
  });

  it("has a title of at most 45 characters without a relative clause, and a description in sentences", () => {
    expect(signal.title).toMatch(/^[A-Z].{2,44}$/);
    expect(signal.title).not.toMatch(/\b(that|which|what|whose|where|it|its)\b|\.$/);
    expect(signal.description).toMatch(/^[A-Z0-9].+\.$/);
  });

  it("has a legend of labels that its query keeps", () => {
    const kept = labelsKept(asSent(signal.expr));
    for (const [, label = ""] of signal.legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g))
      if (kept !== undefined) expect([...kept]).toContain(label);
  });
});
