import { join, relative, resolve } from "node:path";
import { replaceFolder } from "../artefacts/folder.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { REVIEW_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { outputs } from "../review/outputs.ts";
import type { ReviewPictures } from "../review/pictures.ts";
import type { Review } from "../review/review.ts";
import { reviewText } from "../review/text.ts";

/**
 * Writes the files of a review, and prints it.
 *
 * @param out the folder that was asked for; undefined: the usual one.
 */
export function writeReview(
  review: Review,
  out: string | undefined,
  { folder, stdout, env }: Pick<Surroundings, "folder" | "stdout" | "env">,
  pictures?: ReviewPictures,
): void {
  const outFolder = out === undefined ? REVIEW_FOLDER : resolve(folder, out);
  replaceFolder(outFolder, outputs(review, pictures));
  stdout.write(reviewText(review, paintFor(stdout, env), (file) => relative(folder, join(outFolder, file))));
}
