import type { Context, Policy } from "../../../policies/rules/policy.ts";
import type { StackResource } from "../../../policies/rules/resource.ts";
import { judge, type Violation } from "../../../policies/rules/violation.ts";

/** What a policy says of a stack through its predicate, without what is snoozed: of the whole, or of each resource of its types. */
export function violationsOf(
  policy: Policy,
  resources: readonly StackResource[],
  context: Context,
): readonly Violation[] {
  const found =
    policy.scope === "stack"
      ? judge(() => policy.check(resources, context))
      : resources
          .filter(({ type }) => policy.types === undefined || policy.types.includes(type))
          .flatMap((resource) =>
            judge(() => policy.check(resource, context)).map((violation) => ({
              urn: resource.urn,
              ...violation,
            })),
          );
  return found.filter(({ snoozed }) => snoozed === undefined);
}
