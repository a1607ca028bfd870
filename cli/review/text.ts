import type { Paint } from "../paint.ts";
import { summaryOf } from "./replay/words.ts";
import type { Review } from "./review.ts";
import { changeInWords, remindersInWords, summaryInWords } from "./sentences.ts";

/** A terminal shows so many changes; review.html has all. */
const MOST = 20;

/** A review for a terminal. */
export function reviewText(review: Review, paint: Paint, shownPath: (file: string) => string): string {
  const { changes, environments, failed } = review;
  const problems = environments.flatMap(({ problem }) => problem ?? []);
  const replays = review.replays.map((replay) => `${summaryOf(replay)}.`);
  const reminders = remindersInWords(review);
  if (changes.length === 0 && problems.length === 0)
    return [`${summaryInWords(review)}.`, ...reminders, ...replays, ""].join("\n");
  const lines = changes.slice(0, MOST).map((change) => {
    const mark = change.gate === null ? " " : paint.red("!");
    return `${mark} ${changeInWords(change)} ${paint.dim(`(${change.environments.join(", ")})`)}`;
  });
  return [
    paint.bold(`${summaryInWords(review)}.`),
    ...problems,
    ...replays,
    ...lines,
    ...(changes.length > MOST ? [paint.dim(`  and ${changes.length - MOST} more`)] : []),
    ...reminders.map(paint.yellow),
    ...(failed.length > 0 ? [paint.red(`Fails: ${failed.join(", ")}`)] : []),
    `Review: ${shownPath("review.html")}`,
    "",
  ].join("\n");
}
