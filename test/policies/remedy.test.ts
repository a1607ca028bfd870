import { describe, expect, it } from "vitest";
import { policies } from "../../policies/rules/index.ts";
import type { ResourcePolicy } from "../../policies/rules/policy.ts";
import { withRemedies } from "../../policies/rules/remedy.ts";
import { UNKNOWN, Value } from "../../policies/rules/value.ts";
import { judge } from "../../policies/rules/violation.ts";
import { TODAY, urnOf } from "./compliant-stack/fixture.ts";
import { REMEDY_CASES, remediesIn } from "./remedy-cases.ts";

class Sealed {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}
const isSealed = (value: unknown) => value instanceof Sealed;

describe("remedies", () => {
  it("set what is left out, in maps that are left out too, and change nothing that is stated", () => {
    const properties = { a: { b: "stated" }, list: [{ c: 1 }] };
    const remedies = [
      { path: ["a", "b"], value: "x" },
      { path: ["a", "d", "e"], value: "x" },
      { path: ["list", 0, "c"], value: false },
      { path: ["list", 0, "f"], value: false },
    ];
    expect(withRemedies(properties, remedies, isSealed)).toEqual({
      a: { b: "stated", d: { e: "x" } },
      list: [{ c: 1, f: false }],
    });
    expect(properties).toEqual({ a: { b: "stated" }, list: [{ c: 1 }] });
  });

  it("leave what is secret, and what is known only after deployment", () => {
    const properties = { a: new Sealed({}), b: UNKNOWN };
    const remedies = [
      { path: ["a", "x"], value: "x" },
      { path: ["b", "x"], value: "x" },
    ];
    expect(withRemedies(properties, remedies, isSealed)).toEqual(properties);
  });

  it("exist for labels, tags and privilege escalation alone", () => {
    const having = policies.filter((policy) => policy.scope === "resource" && policy.remedies !== undefined);
    expect(having.map(({ id }) => id)).toEqual(["restricted-pods", "recommended-labels", "owner-tags"]);
  });

  it.each(REMEDY_CASES.map((one) => [one.policy, one.when, one] as const))(
    "%s: set what is asked for when %s, and then nothing more",
    (id, _when, one) => {
      const policy = policies.find((candidate): candidate is ResourcePolicy => candidate.id === id);
      if (policy === undefined) throw new Error(`there is no policy ${id}`);
      expect(remediesIn(policy, one)).toStrictEqual(one.sets);
      const properties = withRemedies(one.properties, one.sets, isSealed) as Record<string, unknown>;
      expect(remediesIn(policy, { ...one, properties })).toEqual([]);
    },
  );

  it.each(
    REMEDY_CASES.filter(({ sets }) => sets.length > 0).map((one) => [one.policy, one.when, one] as const),
  )(
    "%s: have nothing left to say of what they set when %s",
    (id, _when, { type, properties, settings, sets }) => {
      const policy = policies.find((candidate): candidate is ResourcePolicy => candidate.id === id);
      const said = (all: object) => {
        const view = { type, name: "x", urn: urnOf(type, "x"), protect: false, properties: new Value(all) };
        const context = { today: TODAY, ...(settings && { settings }) };
        return judge(() => policy?.check(view, context) ?? []).map(({ what }) => what);
      };
      const about = /has no label|names its owner|allows privilege escalation/;
      const before = said(properties).filter((what) => about.test(what));
      const after = said(withRemedies(properties, sets, isSealed)).filter((what) => about.test(what));
      expect(before.length - after.length).toBeGreaterThan(0);
    },
  );
});
