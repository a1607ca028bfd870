import { describe, expect, it } from "vitest";
import { computedOf } from "../../../../cli/review/replay/records.ts";
import { type ReplayedRule, reach } from "../../../../cli/review/replay/rules.ts";

const rule = (kind: ReplayedRule["kind"], name: string, expr: string, labels = {}): ReplayedRule => ({
  kind,
  name,
  expr,
  labels,
  group: "g",
  interval: 30,
  hold: 0,
  keep: 0,
});

const ratioA = rule("record", "svc:ratio", "a", { service: "a" });
const ratioB = rule("record", "svc:ratio", "b", { service: "b" });
const long = rule("record", "svc:long", 'avg_over_time(svc:ratio{service="a"}[1h])');
const alertA = rule("alert", "A", 'svc:ratio{service="a"} > 1');
const alertB = rule("alert", "B", 'svc:ratio{service="b"} > 1');
const alertLong = rule("alert", "Long", "max_over_time(svc:long[30m] offset 10m) > 1");

describe("the records that are computed", () => {
  it("are those that the history lacks and that an alert reads, under a name of their own", () => {
    const unread = rule("record", "unread", "x");
    const { records, rewritten } = computedOf(
      "head",
      [ratioA, ratioB, unread, alertA, alertB],
      new Set([ratioA, unread]),
    );
    expect(records.map(({ rule: { labels }, name }) => [name, labels])).toEqual([
      ["replay:head:svc:ratio", { service: "a" }],
    ]);
    expect(rewritten(alertA.expr)).toBe('replay:head:svc:ratio{service="a"} > 1');
    expect(rewritten(alertB.expr)).toBe(alertB.expr);
  });

  it("include those that a query reads together with them", () => {
    const both = rule("alert", "Both", "max(svc:ratio) > 1");
    const { records, rewritten } = computedOf("head", [ratioA, ratioB, both], new Set([ratioA]));
    expect(records).toHaveLength(2);
    expect(rewritten(both.expr)).toBe("max(replay:head:svc:ratio) > 1");
  });

  it("include those that read them, after them, and begin as early as they are read", () => {
    const { records } = computedOf("base", [long, ratioA, alertLong], new Set([ratioA]));
    expect(records.map(({ name, lead, expr }) => [name, lead, expr])).toEqual([
      ["replay:base:svc:ratio", 3600 + 1800 + 600, "a"],
      ["replay:base:svc:long", 1800 + 600, 'avg_over_time(replay:base:svc:ratio{service="a"}[1h])'],
    ]);
  });

  it("are none if they read each other", () => {
    const self = rule("record", "counter", "counter + 1");
    const { records, circular } = computedOf(
      "base",
      [self, rule("alert", "C", "counter > 1")],
      new Set([self]),
    );
    expect(records).toEqual([]);
    expect(circular).toEqual(new Set([self]));
  });
});

describe("how far a query reads back", () => {
  it.each([
    ["up == 0", 0],
    ["rate(a[5m])", 300],
    ["max_over_time(rate(a[5m])[1h:30s]) or b offset 2h", 7200],
    ["max_over_time(rate(a[5m] offset 1m)[1h:30s])", 3960],
  ])("is of %s %i seconds", (query, seconds) => expect(reach(query)).toBe(seconds));
});
