import type { Context, Policy } from "../../../policies/rules/policy.ts";
import type { StackResource } from "../../../policies/rules/resource.ts";
import { judge, type Violation } from "../../../policies/rules/violation.ts";

/** What a policy says of a stack through its predicate: of the whole, or of each resource of its types. */
export function judgementsOf(
  policy: Policy,
  resources: readonly StackResource[],
  context: Context,
): readonly Violation[] {
  return policy.scope === "stack"
    ? judge(() => policy.check(resources, context))
    : resources
        .filter(({ type }) => policy.types === undefined || policy.types.includes(type))
        .flatMap((resource) =>
          judge(() => policy.check(resource, context)).map((violation) => ({
            urn: resource.urn,
            ...violation,
          })),
        );
}

/** Whether what is snoozed of these is exactly what a case states, if it states it. */
export function snoozesAsStated(found: readonly Violation[], stated: readonly string[] | undefined): boolean {
  const said = found.flatMap(({ snoozed, what }) => (snoozed === undefined ? [] : [what]));
  return stated === undefined || JSON.stringify(said) === JSON.stringify(stated);
}
