import { describe, expect, it } from "vitest";
import { asSent, counterCalls, labelsKept, selectors } from "./promql.ts";

describe("reading PromQL", () => {
  it("puts a range and a matcher where Grafana puts the reader's choice", () => {
    expect(asSent(`rate(x{namespace=~"$namespace", node=~"\${node:regex}"}[$__rate_interval])`)).toBe(
      'rate(x{namespace=~".*", node=~".*"}[5m])',
    );
  });

  it.each([
    ["sum(x)", []],
    ["sum by (a, b) (x)", ["a", "b"]],
    ["topk(5, sum by (a) (x))", ["a"]],
    ["1 - sum by (a) (x) / sum by (a) (y)", ["a"]],
    ["sum by (a, b) (x) * on (a) sum by (a) (y)", ["a"]],
    ["sum by (a, b) (x) * on (a) group_left (c) sum by (a, c) (y)", ["a", "b", "c"]],
    ["sum by (a) (x) unless on (a) sum by (a, b) (y)", ["a"]],
    ["sum by (a) (x) or sum by (b) (y)", ["a", "b"]],
    ["histogram_quantile(0.99, sum by (a, le) (rate(x_bucket[5m])))", ["a"]],
    ['label_replace(sum(x), "call", "list", "", "")', ["call"]],
    ["count(up == 0) or vector(0)", []],
    ["(max by (a) (x) > 0)", ["a"]],
  ])("says which labels %s keeps", (expr, labels) => {
    expect([...(labelsKept(expr) ?? ["anything"])].sort()).toEqual(labels);
  });

  it("does not claim to know the labels of bare series", () => {
    expect(labelsKept("up")).toBeUndefined();
    expect(labelsKept("sum without (a) (x)")).toBeUndefined();
  });

  it("lists selectors with their labels, and calls for counters with their range", () => {
    expect(selectors('a{job="x", b!~"c"} / d')).toEqual([
      { metric: "a", labels: ["job", "b"] },
      { metric: "d", labels: [] },
    ]);
    expect(counterCalls("sum(rate(a_total[1h])) + increase(b[5m])")).toEqual([
      { name: "rate", metrics: ["a_total"], range: 3600, aggregated: true },
      { name: "increase", metrics: ["b"], range: 300, aggregated: false },
    ]);
  });
});
