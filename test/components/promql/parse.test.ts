import { describe, expect, it } from "vitest";
import { constantOf, isSame, printSelector, selectorsOf } from "../../../components/promql/expression.ts";
import { parseQuery, UnreadableQuery } from "../../../components/promql/parse.ts";

describe("reading a query", () => {
  it("keeps what a selector says, however it says it", () => {
    const written = [
      `up{job="a", pod!~"b.*"}`,
      `{__name__="up", job='a', pod!~\`b.*\`}`,
      `{"up", job="\\u0061", pod!~"b.*"}`,
      `# a comment\n(up{job="a",pod!~"b.*",})`,
    ].map(parseQuery);
    for (const expression of written) expect(isSame(expression, written[0] ?? expression)).toBe(true);
    expect(selectorsOf(written[0] ?? parseQuery("up")).map(printSelector)).toEqual([
      `up{job="a", pod!~"b.*"}`,
    ]);
  });

  it("knows ranges, offsets and subqueries in seconds", () => {
    expect(parseQuery("rate(x_total[1h30m] offset 1d)")).toMatchObject({
      name: "rate",
      args: [{ kind: "range", length: 5400, offset: 86_400 }],
    });
    expect(parseQuery("max_over_time(x[1h:1m] offset -5m)")).toMatchObject({
      args: [{ kind: "subquery", length: 3600, step: 60, offset: -300 }],
    });
    expect(parseQuery("x offset 90")).toMatchObject({ kind: "selector", offset: 90 });
  });

  it("knows how two sides are matched", () => {
    expect(parseQuery("a * on (pod, namespace) group_left (node) b")).toMatchObject({
      operator: "*",
      matching: { mode: "on", labels: ["pod", "namespace"] },
      many: { side: "left", include: ["node"] },
    });
    expect(parseQuery("a / ignoring (code) group_right () b")).toMatchObject({
      matching: { mode: "ignoring", labels: ["code"] },
      many: { side: "right", include: [] },
    });
    expect(parseQuery("a # and not b\n unless b")).toMatchObject({ operator: "unless" });
    expect(parseQuery("a >= bool 1")).toMatchObject({ operator: ">=", bool: true });
  });

  it("knows both places in which a grouping may stand", () => {
    const grouping = { mode: "without", labels: ["pod"] };
    expect(parseQuery("sum without (pod) (x)")).toMatchObject({ grouping });
    expect(parseQuery("SUM(x) without (pod)")).toMatchObject({ operation: "sum", grouping });
    expect(parseQuery(`count_values("version", x)`)).toMatchObject({ parameter: { value: "version" } });
  });

  it("works numbers out", () => {
    expect(constantOf(parseQuery("-(14.4 * 0.001) + 2 ^ 3"))).toBeCloseTo(7.9856);
    expect(constantOf(parseQuery("1e3 / 0x10"))).toBe(62.5);
    expect(constantOf(parseQuery("1 + x"))).toBeUndefined();
  });

  it.each(["", "# nothing", "sum(", "a ++", "x[5m", "up{job=}"])("refuses %j", (query) => {
    expect(() => parseQuery(query)).toThrow(UnreadableQuery);
  });
});
