import { describe, expect, it } from "vitest";
import {
  nodesOf,
  operandsOf,
  syntaxErrors,
  topOf,
  treeOf,
  unwrapped,
} from "../../../components/promql/tree.ts";

describe("the tree of a query", () => {
  it("finds syntax errors, an unclosed bracket included", () => {
    expect(syntaxErrors("sum by (a) (rate(x_total[5m]))")).toEqual([]);
    expect(syntaxErrors("rate(x_total[5m")).not.toEqual([]);
    expect(syntaxErrors("sum by (a (x)")).not.toEqual([]);
    expect(syntaxErrors(" ")).toEqual([0]);
  });

  it("leaves comments out of what an expression is made of", () => {
    const text = "# all\n(( # some\n a / # of\n b))";
    const top = topOf(treeOf(text));
    expect(top && operandsOf(unwrapped(top)).map(({ from, to }) => text.slice(from, to))).toEqual(["a", "b"]);
    expect(nodesOf(text).filter(({ name }) => name === "LineComment")).toHaveLength(3);
  });
});
