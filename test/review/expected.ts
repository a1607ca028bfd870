import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { LONGEST } from "../../cli/review/markdown.ts";
import { type Review, reviewJsonSchema } from "../../cli/review/review.ts";
import { sarifSchema } from "../support/published-schemas.ts";
import type { RepositoryChange } from "./change.ts";
import type { Reviewed } from "./corpus.ts";

const isReview = new Ajv2020({ strict: false, validateFormats: false }).compile(reviewJsonSchema());
// A pattern of it is none in the mode of Unicode.
const isSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
  await sarifSchema(),
);

/** What is wrong with what a review of a change wrote, beside its golden page. */
export function problemsOf(
  change: RepositoryChange,
  { page, json, sarif, code, log }: Reviewed,
): readonly string[] {
  if (page === "") return [`wrote no page; it ended with ${code}:\n${log}`];
  const problems: string[] = [];
  const [first = ""] = page.split("\n");
  if (change.headline === "no change") {
    if (page.trim().split("\n").length !== 1) problems.push(`has more than one line:\n${page}`);
    if (!page.startsWith("No change of ")) problems.push(`begins with ${first}`);
  } else if (!change.headline.test(plain(first)))
    problems.push(`its first line does not match ${change.headline}: ${plain(first)}`);
  if (page.length > LONGEST) problems.push(`has ${page.length} characters`);
  if (!isReview(JSON.parse(json))) problems.push(`review.json: ${JSON.stringify(isReview.errors)}`);
  if (!isSarif(JSON.parse(sarif))) problems.push(`review.sarif: ${JSON.stringify(isSarif.errors)}`);
  return [...problems, ...misplaced(change, JSON.parse(json) as Review)];
}

/** Every change comes from the commit: it is told at a file that the commit touched, or at none if that file is gone. */
function misplaced({ edits, copies = [] }: RepositoryChange, { changes }: Review): readonly string[] {
  const touched = new Set([...edits.map(({ file }) => file), ...copies.map(({ to }) => to)]);
  return changes
    .filter(({ location }) => (location === null ? touched.size > 0 : !touched.has(location.file)))
    .map(({ about, location }) => `${about[0]} is told at ${JSON.stringify(location)}`);
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
