import type { PolicyResource } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { policyResult, verdictOf } from "../../cli/policy/verdict.ts";
import { policyGroups } from "../../cli/report/model.ts";
import type { Snooze } from "../../components/lint/snooze.ts";
import { pulumiPolicies } from "../../policies/packs/adapter.ts";
import { ruleLint } from "../../policies/rules/alerting/rule-lint.ts";
import { urnOf, withProperty } from "./compliant-stack/fixture.ts";
import { compliantStack } from "./compliant-stack/index.ts";

// The linter's snoozes from the policy to the report: the pack tells of what is snoozed, or nobody would remember it.

const SNOOZE: Snooze = {
  check: "reachable-threshold",
  rule: "KubeNodeNotReady",
  owner: "platform",
  reason: "The limit is wrong on purpose until the new exporter is there.",
  expires: "2026-12-31",
};

/** What the pack says on a day of a stack whose rule waits for what can never be. */
function told(today: string, snoozes: readonly Snooze[]) {
  const query = ["spec", "groups", 0, "rules", 1, "expr"];
  const stack = withProperty(compliantStack(), "rules", query, "kube_node_status_condition == 2");
  const [policy] = pulumiPolicies([ruleLint], { today, waivers: [], snoozes });
  const reports: { message: string; urn?: string; enforcementLevel?: "mandatory" | "advisory" }[] = [];
  const resources = Object.entries(stack).map(([name, { type, protect = false, properties }]) => ({
    type,
    name,
    urn: urnOf(type, name),
    opts: { protect },
    props: properties,
    dependencies: [],
    propertyDependencies: {},
  }));
  if (policy && "validateStack" in policy)
    void policy.validateStack(
      {
        resources: resources as unknown as PolicyResource[],
        stackTags: new Map(),
        getConfig: () => ({}) as never,
        notApplicable: () => {
          throw new Error("not asked for");
        },
      },
      ((report: (typeof reports)[number]) => void reports.push(report)) as never,
    );
  return reports.map(({ message, urn, enforcementLevel = "mandatory" }) =>
    policyResult(
      { pack: "reliability", policy: "rule-lint", level: enforcementLevel, severity: "high", urn, message },
      [],
      today,
    ),
  );
}

describe("a finding of the linter", () => {
  it("stops the deployment while nobody answers for it", () => {
    expect(told("2026-11-23", []).map(verdictOf)).toEqual(["violation"]);
  });

  it("is told and stops nothing while it is snoozed, through the last day", () => {
    for (const today of ["2026-11-23", "2026-12-31"]) {
      const results = told(today, [SNOOZE]);
      expect(results.map(verdictOf)).toEqual(["waived"]);
      expect(results[0]).toMatchObject({
        snoozed: { owner: "platform", expires: "2026-12-31", reason: SNOOZE.reason },
        message: expect.stringMatching(/^KubeNodeNotReady compares == 2/),
      });
    }
  });

  it("stands in the report with reason, owner and day", () => {
    const [group] = policyGroups(told("2026-11-23", [SNOOZE]));
    expect(group?.findings).toEqual([
      expect.objectContaining({
        what: expect.stringContaining("KubeNodeNotReady compares == 2"),
        waived: `snoozed until 2026-12-31 by platform: ${SNOOZE.reason}`,
      }),
    ]);
  });

  it("is a finding again when the snooze has expired, and says so", () => {
    const results = told("2027-01-01", [SNOOZE]);
    expect(results.map(verdictOf)).toEqual(["violation"]);
    expect(results[0]?.message).toMatch(
      /^\[the snooze by platform expired on 2026-12-31 and is not valid\] KubeNode/,
    );
  });
});
