import { describe, expect, it } from "vitest";
import {
  counting,
  isOneSeries,
  queryMistake,
  stepQuery,
} from "../../../components/signals/windowed-query.ts";

describe("a query with room for the window", () => {
  it.each([
    "sum(rate(a_total[{{.window}}]))",
    "sum(increase(a_total[{{ .window }}] offset 5m)) or vector(0)",
    "max_over_time(rate(a_total[1m])[{{.window}}:1m])",
  ])("is taken: %s", (query) => expect(queryMistake(query)).toBeUndefined());

  it.each([
    ["", "a PromQL query"],
    ["sum(rate(a_total[5m]))", "with the placeholder {{.window}}"],
    ["sum(rate(a_total[{{.window}}])", "there is a syntax error near"],
    ["sum(rate(a_total{env='{{.env}}'}[{{.window}}]))", "PromQL without other placeholders"],
    ["rate(a_total[{{.window}}]) * {{.window}}", "as the range"],
    ["rate(a_total[{{.window}}]) + increase(a_total[{{.window}}])", "either rate or increase"],
  ])("is refused with its reason: %s", (query, reason) => expect(queryMistake(query)).toContain(reason));

  const RANGES = { step: "30s", reach: "2m" } as const;

  it("is asked of a step without its comments, since what follows would become one", () => {
    const { text } = stepQuery("sum( # all\n rate(a[{{ .window }}])) # end", RANGES);
    expect(text).toBe("sum(\n irate(a[2m]))");
  });

  it.each([
    ["sum(rate(a[{{.window}}]))", "sum(irate(a[2m]))", "per second"],
    ["sum(increase(a[{{.window}}] offset 1m))", "sum(irate(a[2m] offset 1m))", "per second"],
    ["sum(count_over_time(a[{{.window}}]))", "sum(count_over_time(a[30s]))", "per window"],
    ["changes(a[{{.window}}])", "changes(a[1m])", "per window"],
    [
      "sum(increase(a[{{.window}}])) + sum_over_time(b[{{.window}}])",
      "sum((irate(a[2m]) * 30)) + sum_over_time(b[30s])",
      "per window",
    ],
    ["max_over_time(rate(a[1m])[{{.window}}:1m])", "max_over_time(rate(a[1m])[30s:1m])", "per second"],
    ["1 - avg_over_time(up[{{.window}}])", "1 - avg_over_time(up[30s])", "per second"],
  ])("asks of a step what %s asks of a window", (query, text, unit) => {
    expect(stepQuery(query, RANGES)).toEqual({ text, counting: unit });
  });

  it("counts by second or by window", () => {
    expect(counting("sum(rate(a[{{.window}}]))")).toBe("per second");
    expect(counting("sum(count_over_time(a[{{.window}}]))")).toBe("per window");
  });

  it("is one series where nothing keeps labels", () => {
    expect(isOneSeries("(sum(rate(a[{{.window}}])) + sum by () (b)) / scalar(c)")).toBe(true);
    for (const query of ["a", "sum by (x) (a)", "sum without (x) (a)", "topk(1, a)", "sum(a) * b"])
      expect(isOneSeries(query)).toBe(false);
  });
});
