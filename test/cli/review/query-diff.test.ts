import { describe, expect, it } from "vitest";
import { queryDetails } from "../../../cli/review/query-diff.ts";

describe("the difference between two queries", () => {
  it("is none where they ask the same in another layout, with other brackets or in another order of matchers", () => {
    expect(queryDetails("sum(rate(x[5m]))>1", "# a comment\nsum (rate(x[300s])) > (1)")).toEqual([]);
    expect(queryDetails('x{a="1", b="2"}', 'x{b="2", a="1"}')).toEqual([]);
  });

  it("names the threshold that a whole query is compared with", () => {
    expect(queryDetails("sum(x) > 0.5", "sum(x) >= 0.3")).toEqual([
      { label: "threshold", before: "> 0.5", after: ">= 0.3" },
    ]);
    expect(queryDetails("sum(x) > 14.4 * 0.001", "sum(x) > 14.4 * 0.005")[0]?.label).toBe("threshold");
  });

  it("names the range, the matchers and the grouping that are different, each by itself", () => {
    const before = 'sum by (job) (rate(http_requests_total{code="500"}[5m])) > 1';
    const after = 'sum by (job, pod) (rate(http_requests_total{code=~"5.."}[10m])) > 1';
    expect(queryDetails(before, after)).toEqual([
      { label: "grouping of sum", before: "by (job)", after: "by (job, pod)" },
      { label: "range of http_requests_total", before: "5m", after: "10m" },
      { label: "matchers of http_requests_total", before: 'code="500"', after: 'code=~"5.."' },
    ]);
  });

  it("shows the parts that have another form, and no more of the query", () => {
    expect(queryDetails("max(a) unless on (job) up == 0", "max(b) unless on (job) up == 0")).toEqual([
      { label: "part", before: "a", after: "b" },
    ]);
    expect(queryDetails("a offset 1d > 1", "a offset 2d > 1")).toEqual([
      { label: "part", before: "a offset 1d", after: "a offset 2d" },
    ]);
  });

  it("shows both queries whole where most of them is different, and text that is no PromQL as it is", () => {
    const sum = (names: readonly string[]) => names.join(" + ");
    const [detail, ...more] = queryDetails(sum([..."abcdefgh"]), sum([..."ijklmnop"]));
    expect(more).toEqual([]);
    expect(detail?.label).toBe("query");
    expect(queryDetails("B > 1", "B > 1 and (")).toEqual([
      { label: "query", before: "B > 1", after: "B > 1 and (" },
    ]);
  });
});

describe("a query that has a condition more", () => {
  it("is shown by that condition alone, and so is one that has one less", () => {
    const [short, long] = ["a > 1", "a > 1 unless on (node) b unless on () c"];
    expect(queryDetails(short, long)).toEqual([
      { label: "condition", after: "unless on (node) b unless on () c" },
    ]);
    expect(queryDetails(long, short)).toEqual([
      { label: "condition that is gone", before: "unless on (node) b unless on () c" },
    ]);
  });
});
