import { describe, expect, it } from "vitest";
import { policies } from "../../policies/rules/index.ts";
import { judgedDay } from "../../policies/rules/today.ts";
import { checkedWaivers, validateWaivers, waiverState } from "../../policies/rules/waiver.ts";
import { waivers } from "../../policies/waivers.ts";
import { urnOf } from "./compliant-stack/fixture.ts";

const IDS = policies.map(({ id }) => id);
const WAIVER = {
  policy: "pinned-image",
  resource: "legacy-exporter",
  environment: "prod",
  owner: "platform",
  reason: "The vendor publishes no tags; asked for them.",
  expires: "2027-03-31",
};
const URN = urnOf("kubernetes:apps/v1:Deployment", "legacy-exporter");

function problemPaths(...list: readonly object[]): string[] {
  const validated = validateWaivers(list, IDS);
  return validated.ok ? [] : validated.problems.map(({ path }) => path);
}

describe("the waivers of the repository", () => {
  it("are well formed", () => {
    expect(checkedWaivers(waivers, IDS)).toHaveLength(waivers.length);
  });
});

describe("a waiver", () => {
  it.each([
    ["policy", "no-such-policy"],
    ["policy", "Pinned Image"],
    ["resource", ""],
    ["environment", "Prod"],
    ["owner", ""],
    ["reason", "because"],
    ["reason", "a reason that\nhas two lines of text"],
    ["expires", "2027-02-30"],
    ["expires", "never"],
  ])("is refused with the %s %j", (field, value) => {
    expect(problemPaths({ ...WAIVER, [field]: value })).toEqual([`waivers[0].${field}`]);
  });

  it.each(Object.keys(WAIVER))("is refused without %s", (field) => {
    expect(problemPaths(Object.fromEntries(Object.entries(WAIVER).filter(([key]) => key !== field)))).toEqual(
      [`waivers[0].${field}`],
    );
  });

  it("is refused twice, and with a field that it does not have", () => {
    expect(problemPaths(WAIVER, { ...WAIVER, expires: "2028-01-01" })).toEqual(["waivers[1]"]);
    expect(problemPaths({ ...WAIVER, until: "2027-03-31" })).toEqual(["waivers[0].until"]);
  });

  it("names every mistake at once", () => {
    expect(() =>
      checkedWaivers(
        [
          { ...WAIVER, owner: "" },
          { ...WAIVER, expires: "soon" },
        ],
        IDS,
      ),
    ).toThrow(/waivers\[0\]\.owner[\s\S]*waivers\[1\]\.expires/);
  });

  it.each([
    ["by name", WAIVER, "waived"],
    ["by pattern", { ...WAIVER, resource: "urn:pulumi:*:Deployment::legacy-*" }, "waived"],
    ["not by a part of the name", { ...WAIVER, resource: "legacy" }, "none"],
    [
      "not by a pattern whose dots are taken for any character",
      { ...WAIVER, resource: "*legacy.exporter" },
      "none",
    ],
    ["not in another environment", { ...WAIVER, environment: "staging" }, "none"],
    ["not by a pattern of another environment", { ...WAIVER, environment: "staging", resource: "*" }, "none"],
    ["not for another policy", { ...WAIVER, policy: "replicas" }, "none"],
  ] as const)("covers a violation %s", (_how, waiver, state) => {
    expect(waiverState([waiver], "pinned-image", URN, "2026-11-23").state).toBe(state);
  });

  it("holds through its last day, and one that still holds wins over one that does not", () => {
    const expired = { ...WAIVER, expires: "2026-01-31", resource: "*" };
    expect(waiverState([WAIVER], "pinned-image", URN, "2027-03-31").state).toBe("waived");
    expect(waiverState([WAIVER], "pinned-image", URN, "2027-04-01").state).toBe("expired");
    expect(waiverState([expired, WAIVER], "pinned-image", URN, "2026-11-23").state).toBe("waived");
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
});
