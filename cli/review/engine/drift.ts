import { type Change, grouped } from "../change.ts";
import { called, resourceChanges } from "../resources.ts";
import { type Review, reviewOf } from "../review.ts";
import type { EnginePlan } from "./plan.ts";

/** What a refresh found, as a review: from what the last deployment set to what exists. */
export function driftReview({ stack, before, after }: EnginePlan): Review {
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
    ...resourceChanges(left, { resources: after }, "drift"),
  ];
  const compared = {
    environments: [{ name: stack, state: "compared" as const, problem: null }],
    changes: grouped([{ environment: stack, tier: "", changes }]),
  };
  return reviewOf("the last deployment", compared, [], () => null);
}
