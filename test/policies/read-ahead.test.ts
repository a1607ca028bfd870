import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { parsedQuery } from "../../components/promql/parse.ts";
import * as tree from "../../components/promql/tree.ts";
import { ReadAhead } from "../../policies/packs/read-ahead.ts";
import { TYPES } from "../../policies/rules/resource.ts";
import { UNKNOWN, Value } from "../../policies/rules/value.ts";

vi.mock("../../components/promql/tree.ts", { spy: true });

const ruleOf = (groups: unknown) => ({
  type: TYPES.prometheusRule,
  name: "rules",
  urn: "urn:pulumi:prod::shop::kubernetes:monitoring.coreos.com/v1:PrometheusRule::rules",
  protect: false,
  properties: new Value({ spec: { groups } }),
});
const readSince = (start: number) =>
  vi
    .mocked(tree.readTree)
    .mock.calls.slice(start)
    .map(([text]) => text);

/** Until nothing more is read: bounded, as one turn reads for five milliseconds. */
async function untilRead(count: number): Promise<void> {
  for (let turn = 0; turn < 1000 && vi.mocked(tree.readTree).mock.calls.length < count; turn++)
    await nextTurn();
}

describe("the queries of rules that arrive", () => {
  it("are read while nothing is asked, so that the policies find them read", async () => {
    const start = vi.mocked(tree.readTree).mock.calls.length;
    const queries = Array.from({ length: 40 }, (_, index) => `sum(ahead_${index}_total) > ${index}`);
    new ReadAhead().add(ruleOf([{ name: "a", rules: queries.map((expr) => ({ alert: "A", expr })) }]));
    expect(readSince(start)).toEqual([]);
    await untilRead(start + queries.length);
    expect(readSince(start).sort()).toEqual([...queries].sort());
    for (const query of queries) expect(parsedQuery(query)).toBeDefined();
    expect(readSince(start)).toHaveLength(queries.length);
  });

  it("are left to the policies where they are no PromQL, or known only after the deployment", async () => {
    const start = vi.mocked(tree.readTree).mock.calls.length;
    const ahead = new ReadAhead();
    ahead.add(ruleOf(UNKNOWN));
    ahead.add(ruleOf([{ rules: [{ expr: UNKNOWN }] }, { rules: UNKNOWN }]));
    ahead.add(ruleOf([{ rules: [{ expr: "sum(" }, { expr: "ahead_last_total" }] }]));
    // What is no PromQL is read once more, for the place where it stops being any.
    await untilRead(start + 3);
    expect(readSince(start).sort()).toEqual(["ahead_last_total", "sum(", "sum("]);
  });
});
