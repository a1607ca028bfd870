import { escaped } from "../report/markdown-text.ts";
import { count } from "../report/numbers.ts";
import { AREAS, type Area } from "./change.ts";
import { replayMarkdown } from "./replay/shown.ts";
import type { Review, ReviewedChange } from "./review.ts";
import { changeInWords, excerpts, remindersInWords, summaryInWords } from "./sentences.ts";

/** GitHub takes 65,536 characters for a comment; what posts it may add some of its own. */
export const LONGEST = 60_000;

/** What finds the comment of an earlier review, so that it is changed and none is added. It is not shown. */
export const MARK = "<!-- bellwether review -->";

/**
 * A review for a pull request. The riskiest change is its headline. Changes are left out from the least risky one on, details before
 * changes, until it fits into a comment; nothing is cut in the middle, and the last line says how much is left out.
 */
export function reviewMarkdown(review: Review): string {
  const problems = review.environments.filter(({ problem }) => problem !== null);
  const [first] = review.changes;
  const summary = `${escaped(summaryInWords(review))}.`;
  const replays = review.replays.map((replay) => replayMarkdown(replay));
  const reminders = remindersInWords(review).map(escaped);
  if (first === undefined && problems.length === 0)
    return `${[[summary, ...shortOf(reminders)].join(" "), ...replays].join("\n\n")} ${MARK}\n`;
  const head = [
    first === undefined
      ? `## ${escaped(`${problems.map(({ name }) => name).join(", ")} could not be compared`)}`
      : `## ${escaped(headline(first))}`,
    `${summary}${failedInWords(review)}`,
    ...problemsInMarkdown(review),
    ...replays,
  ].join("\n\n");
  const soon =
    reminders.length === 0 ? "" : `### Soon\n${shortOf(reminders.map((each) => `- ${each}`)).join("\n")}\n\n`;
  return `${head}\n\n${body(review, LONGEST - head.length - soon.length - 600, soon)} ${MARK}\n`;
}

/** So many waivers are brought to mind. */
const REMINDED = 8;

function shortOf(reminders: readonly string[]): readonly string[] {
  const more = reminders.length - REMINDED;
  return [
    ...reminders.slice(0, REMINDED),
    ...(more > 0 ? [`- ${more} waivers more; review.html has all.`] : []),
  ];
}

/** Lines of mistakes that a comment has room for, and characters of each. */
const PROBLEM_LINES = 60;
const PROBLEM_WIDTH = 400;

/** Why environments are not compared, as it is said in a terminal; what several have in common once. */
function problemsInMarkdown({ environments }: Review): readonly string[] {
  const byText = new Map<string, string[]>();
  for (const { name, problem } of environments)
    if (problem !== null) byText.set(problem, [...(byText.get(problem) ?? []), name]);
  const room = Math.max(8, Math.floor(PROBLEM_LINES / Math.max(1, byText.size)));
  return [...byText].map(([problem, names]) => {
    const [first = "", ...rest] = problem.trimEnd().split("\n");
    const title = `**${escaped(names.join(", "))}**: ${escaped(shortened(first))}`;
    if (rest.length === 0) return title;
    const more = rest.length - room;
    const shown = rest.slice(0, room).map(shortened);
    return `${title}\n\n${fenced([...shown, ...(more > 0 ? [`and ${more} lines more; review.html has all`] : [])], "", "text")}`;
  });
}

function shortened(line: string): string {
  return line.length <= PROBLEM_WIDTH ? line : `${line.slice(0, PROBLEM_WIDTH)}…`;
}

/** What is longer is shown up to its first semicolon: the list below has the whole. */
const HEADLINE = 200;

function headline(change: ReviewedChange): string {
  const [about = ""] = change.about;
  const more = change.about.length > 1 ? ` and ${change.about.length - 1} more` : "";
  const whole = `${about}${more}: ${change.what}`;
  const [, short] = excerpts(null, whole.length > HEADLINE ? (whole.split("; ")[0] ?? whole) : whole);
  return `${short} (${change.environments.join(", ")})`;
}

function failedInWords({ failed }: Review): string {
  return failed.length === 0 ? "" : ` It fails: ${failed.map((gate) => `\`${gate}\``).join(", ")}.`;
}

interface Item {
  readonly change: ReviewedChange;
  readonly line: string;
  readonly details: string;
}

function body({ changes }: Review, room: number, soon: string): string {
  const items = changes.map((change): Item => ({ change, line: lineOf(change), details: detailsOf(change) }));
  // A heading for each area is paid for in advance.
  let left = room - Object.values(AREAS).reduce((sum, title) => sum + title.length + 8, 0);
  const fits = (text: string) => {
    if (text.length + 1 > left) return false;
    left -= text.length + 1;
    return true;
  };
  const shown = items.filter(({ line }) => fits(line));
  const detailed = new Set(shown.filter(({ details }) => details !== "" && fits(details)));
  const areas = [...new Set(shown.map(({ change }) => change.area))];
  const sections = areas.map((area) =>
    section(
      area,
      shown.filter(({ change }) => change.area === area),
      detailed,
    ),
  );
  const hidden = items.length - shown.length;
  const bare = shown.filter((item) => item.details !== "" && !detailed.has(item)).length;
  const rest = [
    hidden > 0 ? `${count(hidden, "change")} of the least risk` : "",
    bare > 0 ? `the details of ${bare} more` : "",
  ].filter((part) => part !== "");
  const left_out =
    rest.length === 0
      ? ""
      : ` Left out here, for the limit of a comment: ${rest.join(", ")}; review.html has all.`;
  return `${sections.map((each) => `${each}\n\n`).join("")}${soon}<sub>Bellwether compares what each environment would be, without an account, a cluster or a secret.${left_out}</sub>`;
}

function section(area: Area, items: readonly Item[], detailed: ReadonlySet<Item>): string {
  return [
    `### ${AREAS[area]}`,
    ...items.map((item) => (detailed.has(item) ? `${item.line}\n${item.details}` : item.line)),
  ].join("\n");
}

function lineOf(change: ReviewedChange): string {
  const gate = change.gate === null ? "" : ` \`${change.gate}\``;
  return `- **${escaped(changeInWords({ ...change, what: "" }).replace(/: $/, ""))}**: ${escaped(change.what)} (${escaped(change.environments.join(", "))})${gate}`;
}

/** More rows are in review.html. */
const ROWS = 12;

/** Before and after as a block that GitHub colours. */
function detailsOf({ details, about, what }: ReviewedChange): string {
  // What the sentence says already is not said again.
  const isSaid = ({ before, after }: ReviewedChange["details"][number]) =>
    (before !== null || after !== null) && what.includes(`${before ?? "nothing"} → ${after ?? "nothing"}`);
  const unsaid = details.filter((detail) => !isSaid(detail));
  const rows = unsaid.slice(0, ROWS).flatMap(({ label, before, after }) => {
    const [was, is] = excerpts(before, after);
    if (was === undefined && is === undefined) return [`  ${label}`];
    return [
      ...(was === undefined ? [] : [`- ${label}: ${was}`]),
      ...(is === undefined ? [] : [`+ ${label}: ${is}`]),
    ];
  });
  const names = about.length > 4 ? about.slice(0, 40).map((name) => `  ${name}`) : [];
  const more = unsaid.length - ROWS;
  const lines = [
    ...names,
    ...(about.length > 40 ? [`  and ${about.length - 40} more`] : []),
    ...rows,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
  return lines.length === 0 ? "" : fenced(lines, "  ", "diff");
}

/** Lines as a block of code, whatever they hold. */
function fenced(lines: readonly string[], indent: string, language: string): string {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence].map((line) => `${indent}${line}`).join("\n");
}
