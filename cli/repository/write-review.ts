import { join, relative, resolve } from "node:path";
import { refuseForeignFiles, replaceFolder } from "../artefacts/folder.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { REVIEW_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { outputs, REVIEW_FILES } from "../review/outputs.ts";
import type { ReviewPictures } from "../review/pictures.ts";
import type { Review } from "../review/review.ts";
import { reviewText } from "../review/text.ts";

/** The folder of a review. Throws an InvalidInputError if it has other files: it is replaced. */
export function reviewFolder(out: string | undefined, folder: string): string {
  const outFolder = out === undefined ? REVIEW_FOLDER : resolve(folder, out);
  refuseForeignFiles("review", outFolder, REVIEW_FILES);
  return outFolder;
}

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
  const outFolder = reviewFolder(out, folder);
  replaceFolder(outFolder, outputs(review, pictures));
  stdout.write(reviewText(review, paintFor(stdout, env), (file) => relative(folder, join(outFolder, file))));
}
