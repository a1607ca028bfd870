import { waiverSentence } from "../policy/waiver-uses.ts";
import { count } from "../report/numbers.ts";
import type { Review, ReviewedChange } from "./review.ts";

// What Markdown, HTML and the terminal say alike.

/** At most so many things are named in a sentence. */
const NAMED = 4;

/** A change as a sentence without its full stop. */
export function changeInWords({ about, what }: Pick<ReviewedChange, "about" | "what">): string {
  const named = about.slice(0, NAMED);
  const more = about.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}: ${what}`;
}

/** What changes and in how many environments, or that nothing does: one sentence without its full stop. */
export function summaryInWords({ changes, environments, base }: Review): string {
  const compared = environments.filter(({ state }) => state === "compared").map(({ name }) => name);
  if (changes.length === 0 && compared.length === 0) return `Nothing is compared with ${base}`;
  if (changes.length === 0) return `No change of ${inSeries(compared)} against ${base}`;
  const touched = [...new Set(changes.flatMap((change) => change.environments))];
  const rest = compared.filter((name) => !touched.includes(name));
  const same = rest.length === 0 ? "" : `; no change of ${inSeries(rest)}`;
  return `${count(changes.length, "change")} of ${inSeries(touched)} against ${base}, the riskiest first${same}`;
}

/** The waivers that somebody must do something about, each as a sentence. */
export function remindersInWords({ reminders }: Pick<Review, "reminders">): readonly string[] {
  return reminders.map(({ task, ...waiver }) => waiverSentence(task, waiver));
}

/** `dev, staging and prod`. */
function inSeries(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Longer values are shown by what is different in them. */
const LONGEST = 300;
const AROUND = 60;

/** A value before and after, each on one line; of long ones the part that is different. */
export function excerpts(
  before: string | null,
  after: string | null,
): readonly [string | undefined, string | undefined] {
  const [was, is] = [oneLine(before), oneLine(after)];
  if (was === undefined || is === undefined || was.length + is.length < LONGEST)
    return [shortened(was), shortened(is)];
  let from = 0;
  while (from < was.length && was[from] === is[from]) from++;
  let same = 0;
  while (same < Math.min(was.length, is.length) - from && was.at(-1 - same) === is.at(-1 - same)) same++;
  const part = (text: string) => {
    const [start, end] = [Math.max(0, from - AROUND), Math.min(text.length, text.length - same + AROUND)];
    return shortened(`${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`);
  };
  return [part(was), part(is)];
}

function oneLine(text: string | null): string | undefined {
  return text?.replace(/\s+/g, " ").trim();
}

function shortened(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST)}… (${text.length} characters)`;
}
