import { describe, expect, it } from "vitest";
import { EXCLUSIONS } from "../../components/grafana/lint/exclusions.ts";
import { policies } from "../../policies/rules/index.ts";
import { AREAS, type Policy, TIERS } from "../../policies/rules/policy.ts";
import type { StackResource } from "../../policies/rules/resource.ts";
import { UNKNOWN } from "../../policies/rules/value.ts";
import { judge, type Violation } from "../../policies/rules/violation.ts";
import { TIERS as ENVIRONMENT_TIERS } from "../../stacks/environment.ts";
import { BREAKS } from "./breaks/index.ts";
import { type FixtureStack, resourcesOf, TODAY, urnOf, withProperty } from "./compliant-stack/fixture.ts";
import { compliantStack } from "./compliant-stack/index.ts";

interface Found extends Violation {
  readonly policy: string;
}

/** What every policy says of a stack, as the pack would ask them, without what an owner is responsible for; on request of one resource and of the stack only. */
function judged(stack: FixtureStack, only?: string): Found[] {
  const resources = resourcesOf(stack);
  return policies.flatMap((policy) =>
    violationsOf(policy, resources, only)
      .filter(({ snoozed }) => snoozed === undefined)
      .map((violation) => ({ ...violation, policy: policy.id })),
  );
}

function violationsOf(policy: Policy, resources: readonly StackResource[], only?: string): Violation[] {
  const context = { today: TODAY, exclusions: EXCLUSIONS };
  if (policy.scope === "stack") return judge(() => policy.check(resources, context));
  return resources
    .filter(({ name }) => only === undefined || name === only)
    .filter(({ type }) => policy.types === undefined || policy.types.includes(type))
    .flatMap((resource) => judge(() => policy.check(resource, context), resource));
}

function nameOf(urn: string | undefined): string | undefined {
  return urn?.split("::").at(-1);
}

describe("the policies", () => {
  it("have nothing to say of the compliant stack", () => {
    expect(judged(compliantStack())).toEqual([]);
  });

  it("are sixteen or more, each with an id of its own", () => {
    const ids = policies.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(16);
    for (const area of AREAS) expect(policies.some((policy) => policy.area === area)).toBe(true);
  });

  it.each(BREAKS.map((broken) => [broken.policy, broken.when, broken] as const))(
    "%s: it is caught when %s",
    (_policy, _when, { policy, stack, at, says }) => {
      const found = judged(stack);
      expect(found.map((violation) => violation.policy)).toEqual([policy]);
      expect(found[0]?.what).toContain(says);
      const { type } = stack[at] ?? { type: "none" };
      if (found[0]?.urn !== undefined) expect(found[0].urn).toBe(urnOf(type, at));
    },
  );

  it("are nowhere softer in production than elsewhere", () => {
    const strictness = { mandatory: 2, advisory: 1, disabled: 0 };
    for (const { id, levels } of policies)
      for (const tier of TIERS)
        expect(strictness[levels.production], id).toBeGreaterThanOrEqual(strictness[levels[tier]]);
  });

  it("know the tiers of the environments", () => {
    expect(TIERS).toEqual(ENVIRONMENT_TIERS);
  });

  it("say in sentences what is wrong, why, and how to mend it", () => {
    for (const { title, why, fix } of policies) {
      expect(title).toMatch(/^[A-Z].*\.$/);
      expect(why).toMatch(/^[A-Z].*\.$/);
      expect(fix).toMatch(/^[a-z].*[^.]$/);
    }
  });
});

describe("a value that is known only after deployment", () => {
  it("leaves the one container undecided, and its neighbour is still judged", () => {
    const container = compliantStack()["blackbox"]?.properties as {
      spec: { template: { spec: { containers: object[] } } };
    };
    const [first] = container.spec.template.spec.containers;
    const stack = withProperty(
      compliantStack(),
      "blackbox",
      ["spec", "template", "spec", "containers"],
      [
        { ...first, image: UNKNOWN },
        { ...first, name: "sidecar", image: "sidecar:latest" },
      ],
    );
    const images = judged(stack).filter(({ policy }) => policy === "pinned-image");
    expect(images).toEqual([
      expect.objectContaining({
        undecided: true,
        what: "spec.template.spec.containers[0].image is known only after deployment",
      }),
      expect.objectContaining({ what: "container sidecar has an image without a version" }),
    ]);
  });

  it("leaves the one alert undecided where it is a label that routing needs", () => {
    const stack = withProperty(
      compliantStack(),
      "rules",
      ["spec", "groups", 0, "rules", 1, "labels", "team"],
      UNKNOWN,
    );
    const routes = judged(stack).filter(({ policy }) => policy === "alert-routes");
    expect(routes).toHaveLength(1);
    expect(routes[0]?.undecided).toBe(true);
    expect(nameOf(routes[0]?.urn)).toBe("rules");
  });

  it("is no violation where only its presence counts", () => {
    const stack = withProperty(compliantStack(), "prometheus", ["spec", "retention"], UNKNOWN);
    expect(judged(stack).filter(({ policy }) => policy === "prometheus-storage")).toEqual([]);
  });

  it("is a secret where it is named like one", () => {
    const variable = { name: "API_TOKEN", value: UNKNOWN };
    const path = ["spec", "template", "spec", "containers", 0, "env", 0];
    const found = judged(withProperty(compliantStack(), "blackbox", path, variable));
    expect(found.map(({ policy }) => policy)).toEqual(["no-plain-secrets"]);
  });

  it("is said, policy by policy, whichever property of whichever resource it is", () => {
    // Every leaf of the fixture in turn: no policy may throw, and whatever is left open must be said.
    for (const [name, resource] of Object.entries(compliantStack()))
      for (const path of leaves(resource.properties)) {
        const found = judged(withProperty(compliantStack(), name, path, UNKNOWN), name);
        for (const violation of found)
          expect(
            violation.undecided,
            `${name} ${path.join(".")}: ${violation.policy}: ${violation.what}`,
          ).toBe(true);
      }
  });
});

function leaves(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  return entries.flatMap(([key, item]) => leaves(item, [...path, key]));
}
