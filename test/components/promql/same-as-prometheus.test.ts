import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseQuery } from "../../../components/promql/parse.ts";
import { PrometheusParser, sameForm } from "./prometheus-tree.ts";

let prometheus: PrometheusParser;
beforeAll(async () => {
  prometheus = await PrometheusParser.start();
});
afterAll(() => prometheus.stop());

/** A query that Prometheus accepts is read as Prometheus reads it; undefined for others. */
async function compared(query: string): Promise<boolean> {
  const answer = await prometheus.read(query);
  if (!answer.ok) return false;
  expect(sameForm(parseQuery(query)), query).toEqual(answer.tree);
  return true;
}

describe("a query", () => {
  it.each([
    "requests / requests offset 1d",
    "requests - requests @ 100",
    "a + b offset 1d * c",
    "a * b offset 1d + c",
    "-x offset 1d",
    "-1 ^ 2",
    "(-1) ^ 2",
    "2 ^ -a ^ b",
    "2 ^ 3 ^ 2",
    "2 ^ -1 * x",
    "-a * b",
    "- - a",
    "a - -1",
    "x -1",
    "max_over_time((a + b)[5m:1m])",
    "1 + max_over_time(a[5m:1m] offset 1h)",
    "a and b or c unless d",
    "a or b and c",
    "a > bool 1 == bool 0",
    "a % b atan2 c",
    "a / on (pod) group_left (node) b offset 5m",
    "sum by (job) (a) / ignoring (code) group_right b @ end()",
    "x @ start() offset -5m",
  ])("%s is read as Prometheus reads it", async (query) => {
    expect(await compared(query)).toBe(true);
  });

  it("of any operators, modifiers and brackets is read as Prometheus reads it", async () => {
    const queries = fc.sample(QUERIES, { numRuns: 600, seed: 20261129 });
    const accepted = [];
    for (const query of queries) accepted.push(await compared(query));
    // Otherwise the comparison says little: Prometheus rejects, for example, the sum of a number and a string.
    expect(accepted.filter((isAccepted) => isAccepted).length).toBeGreaterThan(300);
  }, 300_000);
});

const SELECTORS = fc.constantFrom("a", 'b{job="x"}', 'up{pod=~"p.*", code!="5"}', "c");
const MODIFIERS = fc.constantFrom(
  "",
  "",
  "",
  " offset 1d",
  " offset -5m",
  " @ 100",
  " @ end()",
  " @ 100 offset 1h",
);
const OPERATORS = fc.constantFrom(
  ..."+ - * / % ^ atan2 == != > < >= <=".split(" "),
  "> bool",
  "== bool",
  "and",
  "or",
  "unless",
  "/ on (pod)",
  "* ignoring (code)",
  "* on (pod) group_left (node)",
  "- ignoring (pod) group_right",
);

/** Texts that are PromQL most of the time. */
const QUERIES = fc.letrec<{ query: string; chain: string; operand: string }>((tie) => ({
  query: tie("chain"),
  chain: fc
    .tuple(tie("operand"), fc.array(fc.tuple(OPERATORS, tie("operand")), { maxLength: 3 }))
    .map(([first, others]) => [first, ...others.flat()].join(" ")),
  operand: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.tuple(SELECTORS, MODIFIERS).map((parts) => parts.join("")),
    fc.constantFrom("1", "-2", "0.5", "1e3"),
    fc.tuple(fc.constantFrom("-", "+"), tie("operand")).map((parts) => parts.join("")),
    tie("chain").map((chain) => `(${chain})`),
    fc
      .tuple(fc.constantFrom("sum", "avg by (pod)", "max without (code)"), tie("chain"))
      .map(([operation, chain]) => `${operation} (${chain})`),
    fc
      .tuple(fc.constantFrom("rate", "increase"), SELECTORS, MODIFIERS)
      .map(([name, selector, modifier]) => `${name}(${selector}[5m]${modifier})`),
    fc
      .tuple(tie("operand"), MODIFIERS)
      .map(([operand, modifier]) => `max_over_time(${operand}[30m:1m]${modifier})`),
  ),
})).query;
