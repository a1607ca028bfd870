import { describe, expect, it } from "vitest";
import { policyExceptions } from "../../../cli/policy/exceptions.ts";
import type { PolicyResult } from "../../../cli/policy/verdict.ts";
import { waiverNotices, waiverUses } from "../../../cli/policy/waiver-uses.ts";

const WAIVER = {
  policy: "pinned-image",
  resource: "exporter",
  environments: ["prod", "staging"],
  owner: "shop",
  reason: "The vendor publishes no tags; asked for them.",
  expires: "2027-01-31",
};

const urn = (name: string, stack = "prod") =>
  `urn:pulumi:${stack}::shop::kubernetes:apps/v1:Deployment::${name}`;

function result(name: string, changed: Partial<PolicyResult> = {}): PolicyResult {
  return {
    pack: "bellwether",
    policy: "pinned-image",
    level: "advisory",
    severity: "high",
    urn: urn(name),
    message: "x",
    waived: { owner: WAIVER.owner, expires: WAIVER.expires, reason: WAIVER.reason },
    ...changed,
  };
}

describe("the waivers of an environment", () => {
  it("are those that name it, each with the number of its findings, whether it holds or not", () => {
    const other = { ...WAIVER, resource: "other", environments: ["staging"] };
    const { waived: _, ...expired } = result("exporter", { level: "mandatory" });
    expect(waiverUses([WAIVER, other], "prod", [expired, result("else")])).toEqual([
      {
        policy: "pinned-image",
        resource: "exporter",
        owner: "shop",
        expires: "2027-01-31",
        reason: WAIVER.reason,
        findings: 1,
      },
    ]);
  });

  it.each([
    ["2027-01-16", [result("exporter")], []],
    [
      "2027-01-17",
      [result("exporter")],
      ["ends on 2027-01-31: from the next day on the policy applies again."],
    ],
    [
      "2027-02-01",
      [result("exporter"), result("exporter")],
      ["ended on 2027-01-31, and 2 findings stop the deployment: fix it, or agree on another day."],
    ],
    ["2027-01-16", [result("other")], ["is about no finding: remove it from waivers.yaml."]],
    ["2027-02-01", [], ["is about no finding: remove it from waivers.yaml."]],
  ])("are told of on %s if there is something to do", (today, results, said) => {
    expect(waiverNotices(waiverUses([WAIVER], "prod", results), "prod", today)).toEqual(
      said.map((rest) => `The waiver of shop for pinned-image of exporter in prod ${rest}`),
    );
  });
});

describe("exceptions of Pulumi's own", () => {
  it("name each waived violation by its URN, with reason, owner and last day, beside the levels", () => {
    const config = { "pinned-image": "mandatory" } as const;
    const { waived: _, ...open } = result("open", { level: "mandatory" });
    const other = result("c", {
      waived: { owner: "shop", expires: "2027-01-01", reason: "Another reason, which is long." },
    });
    expect(policyExceptions(config, [result("b"), result("a"), result("a"), open, other])).toEqual({
      version: 2,
      policies: config,
      exceptions: {
        "pinned-image.1": {
          reason: "The vendor publishes no tags; asked for them. (shop, until 2027-01-31)",
          match: [{ policies: ["pinned-image"], targets: [urn("a"), urn("b")] }],
        },
        "pinned-image.2": {
          reason: "Another reason, which is long. (shop, until 2027-01-01)",
          match: [{ policies: ["pinned-image"], targets: [urn("c")] }],
        },
      },
    });
  });

  it("are no file where nothing is waived", () => {
    const { waived: _, ...open } = result("open");
    expect(policyExceptions({}, [open])).toBeUndefined();
  });
});
