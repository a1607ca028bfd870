import { describe, expect, it } from "vitest";
import { policies } from "../../policies/rules/index.ts";
import { dayAfter, judgedDay, writingDay } from "../../policies/rules/today.ts";
import { validateWaivers, waiverState } from "../../policies/rules/waiver.ts";
import { urnOf } from "./compliant-stack/fixture.ts";

const CONTEXT = {
  policyIds: policies.map(({ id }) => id),
  today: "2026-12-31",
  environments: ["prod", "staging"],
};
const WAIVER = {
  policy: "pinned-image",
  resource: "legacy-exporter",
  environments: ["prod"],
  owner: "platform",
  reason: "The vendor publishes no tags; asked for them.",
  expires: "2027-03-31",
};
const URN = urnOf("kubernetes:apps/v1:Deployment", "legacy-exporter");

function problems(...list: readonly object[]) {
  const validated = validateWaivers(list, CONTEXT);
  return validated.ok ? [] : validated.problems;
}

const problemPaths = (...list: readonly object[]) => problems(...list).map(({ path }) => path);

describe("a waiver", () => {
  it.each([
    ["policy", "no-such-policy"],
    ["policy", "Pinned Image"],
    ["resource", ""],
    ["environments", []],
    ["environments", "prod"],
    ["owner", ""],
    ["reason", "because"],
    ["reason", "a reason that\nhas two lines of text"],
    ["expires", "2027-02-30"],
    ["expires", "never"],
    ["expires", "2027-04-01"],
  ])("is refused with the %s %j", (field, value) => {
    expect(problemPaths({ ...WAIVER, [field]: value })).toEqual([`waivers[0].${field}`]);
  });

  it.each(Object.keys(WAIVER))("is refused without %s", (field) => {
    expect(problemPaths(Object.fromEntries(Object.entries(WAIVER).filter(([key]) => key !== field)))).toEqual(
      [`waivers[0].${field}`],
    );
  });

  it("is refused twice for one environment, and with a field that it does not have", () => {
    const both = { ...WAIVER, environments: ["staging", "prod"], expires: "2027-01-01" };
    expect(problemPaths(WAIVER, both)).toEqual(["waivers[1]"]);
    expect(problemPaths(WAIVER, { ...WAIVER, environments: ["staging"] })).toEqual([]);
    expect(problemPaths({ ...WAIVER, until: "2027-03-31" })).toEqual(["waivers[0].until"]);
  });

  it("is refused in an environment that does not exist, where it is known which do", () => {
    expect(problemPaths({ ...WAIVER, environments: ["prod", "live"] })).toEqual([
      "waivers[0].environments[1]",
    ]);
    const { environments: _, ...unknown } = CONTEXT;
    expect(validateWaivers([{ ...WAIVER, environments: ["live"] }], unknown).ok).toBe(true);
  });

  it("lasts at most 90 days, and the message says until when", () => {
    expect(problems({ ...WAIVER, expires: "2027-04-01" })).toEqual([
      {
        path: "waivers[0].expires",
        found: '"2027-04-01"',
        allowed: "a day up to 2027-03-31, which is 90 days from 2026-12-31",
        fix: "write 2027-03-31 or an earlier day",
      },
    ]);
  });

  it("names the policy that was probably meant, and every mistake at once", () => {
    const found = problems({ ...WAIVER, policy: "pinned-images" }, { ...WAIVER, expires: "2029-01-01" });
    expect(found.map(({ path, fix }) => [path, fix])).toEqual([
      ["waivers[0].policy", "write pinned-image"],
      ["waivers[1].expires", "write 2027-03-31 or an earlier day"],
    ]);
  });

  it.each([
    ["by name", WAIVER, "waived"],
    ["by pattern", { ...WAIVER, resource: "urn:pulumi:*:Deployment::legacy-*" }, "waived"],
    ["in one of several environments", { ...WAIVER, environments: ["staging", "prod"] }, "waived"],
    ["not by a part of the name", { ...WAIVER, resource: "legacy" }, "none"],
    [
      "not by a pattern whose dots are taken for any character",
      { ...WAIVER, resource: "*legacy.exporter" },
      "none",
    ],
    ["not in another environment", { ...WAIVER, environments: ["staging"] }, "none"],
    [
      "not by a pattern of another environment",
      { ...WAIVER, environments: ["staging"], resource: "*" },
      "none",
    ],
    ["not for another policy", { ...WAIVER, policy: "replicas" }, "none"],
  ] as const)("covers a violation %s", (_how, waiver, state) => {
    const given = { ...waiver, environments: [...waiver.environments] };
    expect(waiverState([given], "pinned-image", URN, "2026-11-23").state).toBe(state);
  });

  it("holds through its last day, and one that still holds wins over one that does not", () => {
    const expired = { ...WAIVER, expires: "2026-01-31", resource: "*" };
    expect(waiverState([WAIVER], "pinned-image", URN, "2027-03-31").state).toBe("waived");
    expect(waiverState([WAIVER], "pinned-image", URN, "2027-04-01").state).toBe("expired");
    expect(waiverState([expired, WAIVER], "pinned-image", URN, "2026-11-23").state).toBe("waived");
  });

  it.each([
    ["2027-03-16", "[waived until 2027-03-31 by platform: "],
    ["2027-03-17", "[waived until 2027-03-31 (14 days left) by platform: "],
    ["2027-03-30", "[waived until 2027-03-31 (1 day left) by platform: "],
    ["2027-03-31", "[waived until 2027-03-31, its last day, by platform: "],
    ["2027-04-01", "[the waiver by platform expired on 2027-03-31 and is not valid]"],
  ])("says on %s how long it holds", (today, begins) => {
    const state = waiverState([WAIVER], "pinned-image", URN, today);
    expect(state.state === "none" ? "" : state.prefix.slice(0, begins.length)).toBe(begins);
  });
});

describe("the day that policies judge on", () => {
  it("is the variable's, or the clock's in UTC", () => {
    const now = new Date("2026-11-23T23:30:00-05:00");
    expect(judgedDay({ BELLWETHER_TODAY: "2027-01-02" }, now)).toBe("2027-01-02");
    expect(judgedDay({}, now)).toBe("2026-11-24");
  });

  it.each(["2026-02-30", "2026-2-3", "tomorrow", ""])("is never %j", (day) => {
    expect(() => judgedDay({ BELLWETHER_TODAY: day }, new Date())).toThrow(/BELLWETHER_TODAY/);
  });

  it("is no earlier day than today for what waivers may last", () => {
    const now = new Date("2026-11-23T12:00:00Z");
    expect(writingDay("2026-01-01", now)).toBe("2026-11-23");
    expect(writingDay("2027-01-01", now)).toBe("2027-01-01");
    expect(dayAfter("2026-12-31", 60)).toBe("2027-03-01");
  });
});
