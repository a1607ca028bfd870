import { type Change, grouped } from "../change.ts";
import { withoutSecrets } from "../hidden.ts";
import { called, resourceChanges } from "../resources.ts";
import { type Review, reviewOf } from "../review.ts";
import { differing, type EnginePlan, verdictsOf } from "./plan.ts";

/** What a refresh found, as a review: from what the last deployment set to what exists. */
export function driftReview(plan: EnginePlan): Review {
  const { stack } = plan;
  const given = differing(plan);
  const shown = withoutSecrets({ resources: given.before }, { resources: given.after });
  const [before, after] = [shown.before.resources, shown.after.resources];
  const gone = new Set(before.map(({ urn }) => urn));
  for (const { urn } of after) gone.delete(urn);
  const left = { resources: before.filter(({ urn }) => !gone.has(urn)) };
  const changes: Change[] = [
    ...before
      .filter(({ urn }) => gone.has(urn))
      .map(
        (resource): Change => ({
          kind: "resource-deleted",
          about: called(resource),
          what: "does not exist any more; pulumi up --refresh creates it again",
        }),
      ),
    ...resourceChanges(left, { resources: after }, "drift", verdictsOf(plan)),
  ];
  const compared = {
    environments: [{ name: stack, state: "compared" as const, problem: null }],
    changes: grouped([{ environment: stack, tier: "", changes }]),
  };
  return reviewOf("the last deployment", compared, [], () => null);
}
