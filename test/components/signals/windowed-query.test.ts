import { describe, expect, it } from "vitest";
import {
  complement,
  counting,
  filled,
  isOneSeries,
  queryMistake,
  quotient,
} from "../../../components/signals/windowed-query.ts";

describe("a query with room for the window", () => {
  it.each([
    "sum(rate(a_total[{{.window}}]))",
    "sum(increase(a_total[{{ .window }}] offset 5m)) or vector(0)",
    "max_over_time(rate(a_total[1m])[{{.window}}:1m])",
  ])("is taken: %s", (query) => expect(queryMistake(query)).toBeUndefined());

  it.each([
    ["", "not an empty text"],
    ["sum(rate(a_total[5m]))", "reads the window"],
    ["sum(rate(a_total[{{.window}}])", "stops being it"],
    ["sum(rate(a_total{env='{{.env}}'}[{{.window}}]))", "no other template"],
    ["rate(a_total[{{.window}}]) * {{.window}}", "as the range"],
    ["rate(a_total[{{.window}}]) + increase(a_total[{{.window}}])", "one way of counting"],
  ])("is refused with its reason: %s", (query, reason) => expect(queryMistake(query)).toContain(reason));

  it("is filled without its comments, since what follows would become one", () => {
    expect(filled("sum( # all\n rate(a[{{ .window }}])) # end", "5m30s")).toBe("sum(\n rate(a[5m30s]))");
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

  it("is taken apart where it is a quotient or what is left of one", () => {
    expect(quotient("((a + b) / (c))")).toEqual({ numerator: "a + b", denominator: "c" });
    expect(quotient("a + b / c")).toBeUndefined();
    expect(quotient("a / on(x) b")).toBeUndefined();
    expect(complement("1 - (a / b)")).toBe("a / b");
    expect(complement("2 - a")).toBeUndefined();
  });
});
