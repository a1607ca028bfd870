import { describe, expect, it } from "vitest";
import type { PolicyResult } from "../../../cli/policy/verdict.ts";
import { policyChanges, remindersOf } from "../../../cli/review/policies.ts";
import { model } from "./sample-model.ts";

function result(name: string, changed: Partial<PolicyResult> = {}): PolicyResult {
  return {
    pack: "reliability",
    policy: "page-receivers",
    level: "mandatory",
    severity: "critical",
    urn: `urn:pulumi:prod::bellwether::a:b:C::${name}`,
    message: `reaches only slack.\nFix: add a pager.`,
    ...changed,
  };
}

const changes = (before: readonly PolicyResult[], after: readonly PolicyResult[]) =>
  policyChanges(model({ policies: before }), model({ policies: after }));

describe("what policies find before and after", () => {
  it("is one change for what one fix mends, with each finding", () => {
    const [only, ...rest] = changes(
      [],
      [result("b"), result("a"), result("c", { message: "x.\nFix: add a pager." })],
    );
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ kind: "policy-violated", what: "stops the deployment: 3 findings" });
    expect(only?.details).toEqual([
      { label: "fix", after: "add a pager" },
      { label: "a: reaches only slack" },
      { label: "b: reaches only slack" },
      { label: "c: x" },
    ]);
  });

  it("stays apart by policy, by fix and by what becomes of it", () => {
    const of = [
      result("a"),
      result("b", { message: "x.\nFix: something else." }),
      result("c", { policy: "no-ssh" }),
      result("d", { level: "advisory" }),
    ];
    expect(changes([], of).map(({ what }) => what)).toEqual([
      "stops the deployment: a: reaches only slack",
      "stops the deployment: b: x",
      "stops the deployment: c: reaches only slack",
      "advises: d: reaches only slack",
    ]);
    expect(changes(of, of)).toEqual([]);
  });
});

describe("waivers that end soon", () => {
  const waived = (expires: string) =>
    ({ level: "advisory", waived: { owner: "shop", expires, reason: "why" } }) as const;

  it("are those whose last day is at most two weeks away, the first first", () => {
    const policies = [
      result("later", waived("2026-12-08")),
      result("last", waived("2026-12-07")),
      result("today", waived("2026-11-23")),
      result("not waived"),
    ];
    const soon = remindersOf([{ environment: "prod", policies }], "2026-11-23");
    expect(soon.map(({ resource, expires }) => [resource, expires])).toEqual([
      ["today", "2026-11-23"],
      ["last", "2026-12-07"],
    ]);
    expect(soon[0]).toEqual({
      policy: "page-receivers",
      resource: "today",
      environment: "prod",
      owner: "shop",
      expires: "2026-11-23",
      task: "ends",
    });
  });

  it("stand beside those that have ended or are about no finding", () => {
    const waiver = { policy: "no-ssh", owner: "shop", reason: "why" };
    const waivers = [
      { ...waiver, resource: "unused", expires: "2027-01-20", findings: 0 },
      { ...waiver, resource: "ended", expires: "2026-11-22", findings: 2 },
      { ...waiver, resource: "ends, which its findings say", expires: "2026-11-25", findings: 1 },
      { ...waiver, resource: "holds", expires: "2027-01-20", findings: 1 },
    ];
    const soon = remindersOf([{ environment: "prod", policies: [], waivers }], "2026-11-23");
    expect(soon.map(({ resource, task }) => [resource, task])).toEqual([
      ["ended", "expired"],
      ["unused", "unused"],
    ]);
  });
});

describe("a finding that a waiver is about", () => {
  const urn = result("a").urn ?? "";
  const waived = {
    level: "advisory",
    waived: { owner: "shop", expires: "2026-12-31", reason: "why" },
  } as const;

  it("leads to the waiver, whether it holds or has ended", () => {
    const expired = result("a", {
      message: "[the waiver by shop expired on 2026-11-22 and is not valid] x.",
    });
    for (const after of [result("a", waived), expired])
      expect(changes([], [after]).map(({ cause }) => cause)).toEqual([
        { waived: { policy: "page-receivers", urn } },
      ]);
    expect(changes([], [result("a")]).map(({ cause }) => cause)).toEqual([undefined]);
  });
});
