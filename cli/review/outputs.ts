import type { Files } from "../artefacts/folder.ts";
import { reviewHtml } from "./html.ts";
import { reviewMarkdown } from "./markdown.ts";
import type { ReviewPictures } from "./pictures.ts";
import type { Review } from "./review.ts";
import { reviewSarif } from "./sarif.ts";

/** The files of a review, by name; only the page has pictures. */
export function outputs(review: Review, pictures?: ReviewPictures): Files {
  return new Map([
    ["review.md", reviewMarkdown(review)],
    ["review.html", reviewHtml(review, pictures)],
    ["review.json", `${JSON.stringify(review, null, 2)}\n`],
    ["review.sarif", reviewSarif(review)],
  ]);
}
