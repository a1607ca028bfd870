import { InvalidInputError } from "../../components/core/problems.ts";
import { readJsonFile } from "../json-file.ts";
import { type AlertReview, alertReviewSchema } from "./result.ts";

/** Reads the alert-review.json of an earlier review. Throws an InvalidInputError for anything else. */
export function lastReview(file: string): AlertReview {
  const read = readJsonFile(file);
  const parsed = read.why === undefined ? alertReviewSchema.safeParse(read.content) : undefined;
  if (parsed?.success === true) return parsed.data;
  const issue = parsed?.error?.issues[0];
  throw new InvalidInputError("alert-review", [
    {
      path: "--last",
      found: `${file}, which ${read.why ?? "is another document"}${issue === undefined ? "" : ` (${issue.path.join(".") || "the whole"}: ${issue.message})`}`,
      allowed: "the alert-review.json of an earlier review",
      fix: "name that file, or leave --last out",
    },
  ]);
}
