import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { driftReview } from "../review/engine/drift.ts";
import { readPlanFile } from "./plan-file.ts";
import { writeReview } from "./write-review.ts";

/** Writes what a refresh found as a review, and prints it. */
export async function showDrift(
  plan: string,
  { out }: { readonly out?: string },
  surroundings: Surroundings,
): Promise<Exit> {
  const review = driftReview(readPlanFile(plan, surroundings.folder, "pulumi refresh --preview-only --json"));
  writeReview(review, out, surroundings);
  return review.changes.length === 0 ? EXIT.fine : EXIT.refused;
}
