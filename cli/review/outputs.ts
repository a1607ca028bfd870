import type { Files } from "../artefacts/folder.ts";
import { reviewHtml } from "./html.ts";
import { reviewMarkdown } from "./markdown.ts";
import type { ReviewPictures } from "./pictures.ts";
import type { Review } from "./review.ts";
import { reviewSarif } from "./sarif.ts";

export const REVIEW_FILES = ["review.md", "review.html", "review.json", "review.sarif"] as const;

/** The files of a review, by name; only the page has pictures. */
export function outputs(review: Review, pictures?: ReviewPictures): Files {
  return new Map<(typeof REVIEW_FILES)[number], string>([
    ["review.md", reviewMarkdown(review)],
    ["review.html", reviewHtml(review, pictures)],
    ["review.json", `${JSON.stringify(review, null, 2)}\n`],
    ["review.sarif", reviewSarif(review)],
  ]);
}
