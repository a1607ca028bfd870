import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { EXCLUSIONS } from "../../components/grafana/lint/exclusions.ts";
import { pulumiPolicies } from "../../policies/packs/adapter.ts";
import { policies } from "../../policies/rules/index.ts";
import { TODAY, urnOf } from "./compliant-stack/fixture.ts";
import { compliantStack } from "./compliant-stack/index.ts";

interface Report {
  readonly message: string;
  readonly urn: string | undefined;
  readonly enforcementLevel?: string;
}

/**
 * What the policies over the stack say in the first preview of a new cluster: its Kubernetes provider cannot be configured yet,
 * so the engine has no outputs of any Kubernetes object.
 */
function firstPreview(resourcesFirst: boolean): Report[] {
  const pack = pulumiPolicies(policies, { today: TODAY, waivers: [], exclusions: EXCLUSIONS });
  const resources = Object.entries(compliantStack()).map(([name, { type, protect = false, properties }]) => ({
    type,
    name,
    urn: urnOf(type, name),
    opts: { protect },
    props: properties,
    getConfig: () => ({}),
    dependencies: [],
    propertyDependencies: {},
  }));
  const reports: Report[] = [];
  // What the platform's exclusions cover on the fixture's dashboards is advisory, and here it is left out.
  const report = ((violation: Report) =>
    / does not hold in \d+ places? on /.test(violation.message) || reports.push(violation)) as never;
  for (const policy of resourcesFirst ? pack : [])
    if ("validateResource" in policy && typeof policy.validateResource === "function")
      for (const resource of resources)
        void policy.validateResource(resource as unknown as ResourceValidationArgs, report);
  const kubernetes = resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map((resource) => ({ ...resource, props: {} }));
  for (const policy of pack)
    if ("validateStack" in policy)
      void policy.validateStack(
        {
          resources: kubernetes as unknown as PolicyResource[],
          stackTags: new Map(),
          getConfig: () => ({}) as never,
          notApplicable: () => {
            throw new Error("not asked for");
          },
        },
        report,
      );
  return reports;
}

describe("the first preview of a new cluster, in which no Kubernetes object has outputs", () => {
  it("is judged by the inputs, which the engine showed before", () => {
    expect(firstPreview(true)).toEqual([]);
  });

  it("leaves undecided what it has not seen, and refuses nothing", () => {
    const reports = firstPreview(false);
    expect(reports.length).toBeGreaterThan(0);
    for (const { message, enforcementLevel } of reports) {
      expect(enforcementLevel).toBe("advisory");
      expect(message).toMatch(/^\[not judged yet\] every property is known only after deployment/);
    }
  });
});
