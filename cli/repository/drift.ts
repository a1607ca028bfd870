import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { replaceFolder } from "../artefacts/folder.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { REVIEW_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { driftReview } from "../review/engine/drift.ts";
import { readPlan } from "../review/engine/plan.ts";
import { outputs } from "../review/outputs.ts";
import { reviewText } from "../review/text.ts";

/** Writes what a refresh found as a review, and prints it. */
export async function showDrift(
  plan: string,
  { out }: { readonly out?: string },
  { folder, stdout, env }: Surroundings,
): Promise<Exit> {
  const review = driftReview(readPlan(textOf(resolve(folder, plan), plan), plan));
  const outFolder = out === undefined ? REVIEW_FOLDER : resolve(folder, out);
  replaceFolder(outFolder, outputs(review));
  stdout.write(reviewText(review, paintFor(stdout, env), (file) => relative(folder, join(outFolder, file))));
  return review.changes.length === 0 ? EXIT.fine : EXIT.refused;
}

function textOf(path: string, given: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new InvalidInputError("drift", [
      {
        path: "plan",
        found: `${JSON.stringify(given)}: ${(error as Error).message.split(",")[0]}`,
        allowed: "a file with the output of pulumi refresh --preview-only --json",
        fix: "correct the path",
      },
    ]);
  }
}
