import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WrittenRule } from "../../../components/core/rules.ts";
import { partsOf } from "../../../components/stored-rules/split.ts";

const MOST = 5;
const INTERVAL = 30;

/** A rule that reads records by their numbers; one in a while is an alert that pages. */
interface Drawn {
  readonly reads: readonly number[];
  readonly pages: boolean;
}

const graph: fc.Arbitrary<readonly Drawn[]> = fc.integer({ min: 1, max: 40 }).chain((length) =>
  fc.tuple(
    ...Array.from({ length }, (_, index) =>
      fc.record({
        reads: fc.uniqueArray(fc.nat({ max: Math.max(0, index - 1) }), { maxLength: index === 0 ? 0 : 3 }),
        pages: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
      }),
    ),
  ),
);

function rulesOf(drawn: readonly Drawn[]): WrittenRule[] {
  return drawn.map(({ reads, pages }, index) => {
    const expr = ["vector(1)", ...reads.map((read) => `sum(a:b:r${read}{})`)].join(" + ");
    return pages
      ? { alert: `A${index}`, expr, labels: { severity: "critical" } }
      : { record: `a:b:r${index}`, expr };
  });
}

/** What a rule reads, directly or not: by a walk of its own over what was drawn. */
function closure(drawn: readonly Drawn[], of: number): Set<number> {
  const isRecord = (index: number) => drawn[index]?.pages === false;
  const found = new Set([of]);
  for (const index of found)
    for (const read of drawn[index]?.reads ?? []) if (isRecord(read)) found.add(read);
  return found;
}

describe("a group of rules in parts", () => {
  it("keeps every rule once, in parts of the size that the store takes", () => {
    fc.assert(
      fc.property(graph, (drawn) => {
        const rules = rulesOf(drawn);
        const parts = partsOf(rules, MOST, INTERVAL);
        expect(parts.flatMap((part) => part.rules).sort(byExpr)).toEqual([...rules].sort(byExpr));
        for (const part of parts) expect(part.rules.length).toBeLessThanOrEqual(MOST);
      }),
    );
  });

  it("evaluates no rule before one that it reads, and puts what reads another part on a later level", () => {
    fc.assert(
      fc.property(graph, (drawn) => {
        const rules = rulesOf(drawn);
        const parts = partsOf(rules, MOST, INTERVAL);
        const placeOf = (index: number) => {
          const part = parts.findIndex((each) => each.rules.includes(rules[index] as WrittenRule));
          return {
            part,
            level: parts[part]?.level ?? -1,
            at: parts[part]?.rules.indexOf(rules[index] as WrittenRule) ?? -1,
          };
        };
        for (const [index, { reads }] of drawn.entries())
          for (const read of reads.filter((each) => drawn[each]?.pages === false)) {
            const [reader, written] = [placeOf(index), placeOf(read)];
            if (reader.part === written.part) expect(written.at).toBeLessThan(reader.at);
            else expect(written.level).toBeLessThan(reader.level);
          }
      }),
    );
  });

  it("has the alerts that page in the first part, with all that they read, wherever that fits", () => {
    fc.assert(
      fc.property(graph, (drawn) => {
        const rules = rulesOf(drawn);
        const urgent = new Set(
          drawn.flatMap(({ pages }, index) => (pages ? [...closure(drawn, index)] : [])),
        );
        fc.pre(urgent.size > 0 && urgent.size <= MOST);
        const [first] = partsOf(rules, MOST, INTERVAL);
        expect(first?.level).toBe(0);
        for (const index of urgent) expect(first?.rules).toContain(rules[index]);
      }),
    );
  });

  it("keeps what only reads a record of a whole interval ago apart, because that is there", () => {
    const filler = Array.from({ length: MOST - 1 }, (_, index) => ({
      record: `x:y:r${index}`,
      expr: "vector(1)",
    }));
    const before = [{ record: "a:b:now", expr: "up" }, ...filler];
    const late = { record: "a:b:late", expr: "a:b:now offset 30s" };
    const now = { record: "a:b:same", expr: "a:b:now" };
    expect(partsOf([...before, late], MOST, INTERVAL).map(({ level }) => level)).toEqual([0, 0]);
    expect(partsOf([...before, now], MOST, INTERVAL).map(({ level }) => level)).toEqual([0, 1]);
  });

  it("does not take a record with other labels for what a rule reads", () => {
    const filler = Array.from({ length: MOST - 1 }, (_, index) => ({
      record: `x:y:r${index}`,
      expr: "vector(1)",
    }));
    const record = { record: "a:b:c", expr: "up", labels: { slo: "latency" } };
    const other = { record: "a:b:d", expr: 'a:b:c{slo="availability"}' };
    expect(partsOf([record, ...filler, other], MOST, INTERVAL).map(({ level }) => level)).toEqual([0, 0]);
  });
});

const byExpr = (a: WrittenRule, b: WrittenRule) =>
  JSON.stringify(a) < JSON.stringify(b) ? -1 : JSON.stringify(a) > JSON.stringify(b) ? 1 : 0;
