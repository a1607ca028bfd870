import { describe, expect, it } from "vitest";
import { bareSelector, complement, quotient } from "../../../components/exchange/query-shape.ts";

describe("the shape of a query", () => {
  it("is taken apart where it is a quotient or what is left of one", () => {
    expect(quotient("((a + b) / (c))")).toEqual({ numerator: "a + b", denominator: "c" });
    expect(quotient("a + b / c")).toBeUndefined();
    expect(quotient("a / on(x) b")).toBeUndefined();
    expect(complement("1 - (a / b)")).toBe("a / b");
    expect(complement("2 - a")).toBeUndefined();
  });

  it("is read past brackets and comments", () => {
    expect(quotient("( # errors\n a / # all\n b )")).toEqual({ numerator: "a", denominator: "b" });
    expect(bareSelector("(sum( # all\n a))")).toBeUndefined();
    expect(bareSelector("(sum(a{b='c'}))")).toBe("a{b='c'}");
    expect(bareSelector("sum by (b) (a)")).toBeUndefined();
  });
});
