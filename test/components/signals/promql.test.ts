import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodesOf, syntaxErrors } from "../../../components/promql/tree.ts";
import {
  above,
  absent,
  and,
  atLeast,
  below,
  clampMin,
  dividedBy,
  equal,
  type InstantVector,
  instant,
  labelled,
  lastOverTime,
  matching,
  metric,
  minus,
  notMatching,
  or,
  over,
  plus,
  printSelector,
  rate,
  scalar,
  sum,
  times,
  unless,
  vector,
  where,
} from "../../../components/signals/promql.ts";

const a = instant(metric("a"));
const b = instant(metric("b"));
const c = instant(metric("c"));

describe("a PromQL expression", () => {
  it("puts brackets where precedence would otherwise change its meaning, and nowhere else", () => {
    expect(times(scalar(2), plus(a, b)).text).toBe("2 * (a + b)");
    expect(plus(times(scalar(2), a), b).text).toBe("2 * a + b");
    expect(minus(a, minus(b, c)).text).toBe("a - (b - c)");
    expect(minus(minus(a, b), c).text).toBe("a - b - c");
    expect(dividedBy(a, above(b, scalar(0))).text).toBe("a / (b > 0)");
    expect(above(dividedBy(a, b), scalar(0.5)).text).toBe("a / b > 0.5");
    expect(times(scalar(-1), a).text).toBe("-1 * a");
  });

  it("joins conditions on lines of their own", () => {
    expect(or(and(a, b), c).text).toBe("a\nand b\nor c");
    expect(and(or(a, b), c).text).toBe("(a\nor b)\nand c");
    expect(unless(a, or(b, c)).text).toBe("a\nunless (b\nor c)");
  });

  it("writes ranges, offsets and functions", () => {
    const selector = metric("http_requests_total", ...equal({ job: "shop" }), matching("code", /5../));
    expect(sum(rate(over(selector, "5m", "1h"))).text).toBe(
      'sum(rate(http_requests_total{job="shop",code=~"5.."}[5m] offset 1h))',
    );
    expect(lastOverTime(over(metric("a"), "30m", "0s")).text).toBe("last_over_time(a[30m])");
    expect(sum(a, "service", "slo").text).toBe("sum by (service, slo) (a)");
    expect(absent(where(metric("a"), notMatching("b", /c|d/))).text).toBe('absent(a{b!~"c|d"})');
    expect(clampMin(vector(scalar("0.999")), scalar(0)).text).toBe("clamp_min(vector(0.999), 0)");
  });

  it("refuses names that are none, numbers that are none and text that is none", () => {
    expect(() => metric("http requests")).toThrow(RangeError);
    expect(() => metric("")).toThrow(RangeError);
    expect(() => equal({ "app.kubernetes.io/name": "x" })).toThrow(RangeError);
    expect(() => sum(a, "a-b")).toThrow(RangeError);
    expect(() => labelled(a, "a b", "x")).toThrow(RangeError);
    expect(() => scalar(Number.NaN)).toThrow(RangeError);
    expect(() => scalar("1) or vector(1")).toThrow(RangeError);
    expect(() => printSelector(metric("a", ...equal({ b: "\ud800" })))).toThrow(RangeError);
  });

  it("parses, whatever values its labels have", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), (value) => {
        const expr = labelled(rate(over(metric("a", ...equal({ b: value })), "5m")), "tile", value);
        expect(syntaxErrors(expr.text)).toEqual([]);
      }),
    );
  });

  it("parses into the operators that it was composed of, however they are nested", () => {
    const operators = {
      "+": plus,
      "-": minus,
      "*": times,
      "/": dividedBy,
      ">": above,
      ">=": atLeast,
      "<": below,
    };
    const sets = { and, or, unless };
    type Composed = { readonly expr: InstantVector; readonly shape: string };
    const composed = fc.letrec<{ tree: Composed }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom("a", "b", "c").map((name) => ({ expr: instant(metric(name)), shape: name })),
        fc
          .tuple(
            fc.constantFrom(...(Object.keys(operators) as (keyof typeof operators)[])),
            tie("tree"),
            tie("tree"),
          )
          .map(([operator, left, right]) => ({
            expr: operators[operator](left.expr, right.expr),
            shape: `(${left.shape} ${operator} ${right.shape})`,
          })),
        fc
          .tuple(fc.constantFrom(...(Object.keys(sets) as (keyof typeof sets)[])), tie("tree"), tie("tree"))
          .map(([operator, left, right]) => ({
            expr: sets[operator](left.expr, right.expr),
            shape: `(${left.shape} ${operator} ${right.shape})`,
          })),
      ),
    })).tree;
    fc.assert(
      fc.property(composed, ({ expr, shape }) => {
        expect(syntaxErrors(expr.text)).toEqual([]);
        expect(shapeOf(expr.text)).toBe(shape);
      }),
    );
  });
});

/** An expression as Prometheus' grammar reads it, with every operator in brackets. */
function shapeOf(text: string): string {
  type Node = ReturnType<typeof nodesOf>[number];
  const shape = (node: Node): string => {
    if (node.name === "BinaryExpr") {
      const [left, operator, right] = childrenOf(node);
      return `(${shape(left as Node)} ${textOf(operator as Node)} ${shape(right as Node)})`;
    }
    const children = childrenOf(node);
    const inner = children.find(({ name }) => ["BinaryExpr", "ParenExpr", "VectorSelector"].includes(name));
    return inner === undefined ? textOf(node) : shape(inner);
  };
  const textOf = (node: Node) => text.slice(node.from, node.to);
  const childrenOf = (node: Node) => {
    const children: Node[] = [];
    for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
    return children;
  };
  return shape(nodesOf(text)[0] as Node);
}
