import { Ajv2020 } from "ajv/dist/2020.js";
import { LONGEST } from "../../cli/review/markdown.ts";
import { reviewJsonSchema } from "../../cli/review/review.ts";
import type { RepositoryChange } from "./change.ts";
import type { Reviewed } from "./corpus.ts";

const isReview = new Ajv2020({ strict: false }).compile(reviewJsonSchema());

/** What is wrong with what a review of a change wrote, beside its golden page. */
export function problemsOf(
  { headline }: RepositoryChange,
  { page, json, code, log }: Reviewed,
): readonly string[] {
  if (page === "") return [`wrote no page; it ended with ${code}:\n${log}`];
  const problems: string[] = [];
  const [first = ""] = page.split("\n");
  if (headline === "no change") {
    if (page.trim().split("\n").length !== 1) problems.push(`has more than one line:\n${page}`);
    if (!page.startsWith("No change of ")) problems.push(`begins with ${first}`);
  } else if (!headline.test(plain(first)))
    problems.push(`its first line does not match ${headline}: ${plain(first)}`);
  if (page.length > LONGEST) problems.push(`has ${page.length} characters`);
  if (!isReview(JSON.parse(json))) problems.push(`review.json: ${JSON.stringify(isReview.errors)}`);
  return problems;
}

/** Markdown as it is read. */
function plain(markdown: string): string {
  return markdown
    .replace(/<!-- -->/g, "")
    .replace(/\\(.)/g, "$1")
    .replaceAll("&gt;", ">")
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&");
}
