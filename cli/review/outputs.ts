import type { Files } from "../artefacts/folder.ts";
import { reviewHtml } from "./html.ts";
import { reviewMarkdown } from "./markdown.ts";
import type { Review } from "./review.ts";
import { reviewSarif } from "./sarif.ts";

/** The files of a review, by name. */
export function outputs(review: Review): Files {
  return new Map([
    ["review.md", reviewMarkdown(review)],
    ["review.html", reviewHtml(review)],
    ["review.json", `${JSON.stringify(review, null, 2)}\n`],
    ["review.sarif", reviewSarif(review)],
  ]);
}
