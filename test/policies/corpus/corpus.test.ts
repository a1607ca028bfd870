import { describe, expect, it } from "vitest";
import { EXCLUSIONS } from "../../../components/grafana/lint/exclusions.ts";
import { policies } from "../../../policies/rules/index.ts";
import type { Violation } from "../../../policies/rules/violation.ts";
import { BREAKS } from "../breaks/index.ts";
import { resourcesOf, TODAY, urnOf } from "../compliant-stack/fixture.ts";
import { CASES, type Case } from "./case.ts";
import { judgementsOf, snoozesAsStated } from "./violations.ts";

interface Found extends Violation {
  readonly policy: string;
}

/** What every policy says of a case through its predicate, what is snoozed too. */
function judged({ stack, policy: of, config }: Case): Found[] {
  const resources = resourcesOf(stack);
  return policies.flatMap((policy) => {
    const context = { today: TODAY, exclusions: EXCLUSIONS, ...(policy.id === of && { settings: config }) };
    return judgementsOf(policy, resources, context).map((violation) => ({ ...violation, policy: policy.id }));
  });
}

describe("the corpus", () => {
  it("is large, and has a bad and a sound case of each kind", () => {
    expect(CASES.length + BREAKS.length).toBeGreaterThanOrEqual(200);
    expect(CASES.filter(({ verdict }) => verdict === "sound").length).toBeGreaterThanOrEqual(60);
  });

  it("breaks each policy in two ways or more", () => {
    const bad = [...BREAKS, ...CASES.filter(({ verdict }) => verdict === "bad")];
    // What asks a Prometheus is tested with one, in error-budget.test.ts.
    const alone = policies.filter((policy) => policy.scope === "stack" || policy.asks === undefined);
    const few = alone.filter(({ id }) => bad.filter(({ policy }) => policy === id).length < 2);
    expect(few.map(({ id }) => id)).toEqual([]);
  });

  it("names policies that exist", () => {
    const ids = policies.map(({ id }) => id);
    expect(CASES.map(({ policy }) => policy).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it.each(CASES.map((one) => [one.policy, one.when, one.verdict, one] as const))(
    "%s: when %s: %s",
    (policy, _when, verdict, one) => {
      const judgements = judged(one);
      const found = judgements.filter(({ snoozed }) => snoozed === undefined);
      const ofPolicy = judgements.filter((violation) => violation.policy === policy);
      expect(snoozesAsStated(ofPolicy, one.snoozed), JSON.stringify(ofPolicy)).toBe(true);
      const summary = found.map((violation) => `${violation.policy}: ${violation.what}`).join("\n");
      if (verdict === "sound") {
        expect(summary).toBe("");
        return;
      }
      expect(new Set(found.map((violation) => violation.policy)), summary).toEqual(
        new Set([policy, ...one.beside]),
      );
      const own = found.filter((violation) => violation.policy === policy);
      for (const violation of own)
        expect(violation.undecided !== undefined, summary).toBe(verdict === "unknown");
      expect(
        own.some(({ what }) => what.includes(one.says)),
        summary,
      ).toBe(true);
      if (one.at !== undefined) {
        const urn = urnOf(one.stack[one.at]?.type ?? "none", one.at);
        expect(
          own.map((violation) => violation.urn),
          summary,
        ).toContain(urn);
      }
    },
  );
});
