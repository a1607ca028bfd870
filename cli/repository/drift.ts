import { join, relative, resolve } from "node:path";
import { replaceFolder } from "../artefacts/folder.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { REVIEW_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { driftReview } from "../review/engine/drift.ts";
import { outputs } from "../review/outputs.ts";
import { reviewText } from "../review/text.ts";
import { readPlanFile } from "./plan-file.ts";

/** Writes what a refresh found as a review, and prints it. */
export async function showDrift(
  plan: string,
  { out }: { readonly out?: string },
  { folder, stdout, env }: Surroundings,
): Promise<Exit> {
  const review = driftReview(readPlanFile(plan, folder, "pulumi refresh --preview-only --json"));
  const outFolder = out === undefined ? REVIEW_FOLDER : resolve(folder, out);
  replaceFolder(outFolder, outputs(review));
  stdout.write(reviewText(review, paintFor(stdout, env), (file) => relative(folder, join(outFolder, file))));
  return review.changes.length === 0 ? EXIT.fine : EXIT.refused;
}
