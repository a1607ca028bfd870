import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";

/** What finds the comment of an earlier review. `bellwether review` writes it into its page, too. */
export const MARK = "<!-- bellwether review -->";

/** Characters of a comment that GitHub takes. */
export const LONGEST = 65_536;

/** Bytes of a file that are read: what is longer is cut in any case. */
const READ = 1_000_000;

/** The page that a review wrote, and the number of the pull request that it names; both are undefined where they are not there. */
export function readPage(folder) {
  const page = readFile(join(folder, "review.md"));
  const number = readFile(join(folder, "number"));
  return {
    page: page?.trim() ? page : undefined,
    named: /^\d{1,10}\s*$/.test(number ?? "") ? Number(number) : undefined,
  };
}

/** The text of a regular file. A link is none: it would post what the runner has elsewhere. */
function readFile(path) {
  let file;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (["ENOENT", "ELOOP", "ENOTDIR"].includes(error.code)) return undefined;
    throw error;
  }
  try {
    if (!fstatSync(file).isFile()) return undefined;
    const bytes = Buffer.alloc(READ);
    let length = 0;
    for (let read = -1; read !== 0 && length < READ; length += read)
      read = readSync(file, bytes, length, READ - length, length);
    return bytes.toString("utf8", 0, length);
  } finally {
    closeSync(file);
  }
}

/**
 * The body of the comment: the page or, without one, that there is none; then the commit and the run.
 * What is too long is cut after a line, and what that line leaves open is closed.
 */
export function bodyOf({ page, sha, runUrl, isFork }) {
  const run = `[this run](${runUrl})`;
  const commit = `commit ${sha.slice(0, 10)}`;
  if (page === undefined)
    return `## The change could not be reviewed\n\nThe log of ${run} says why. There is no review of ${commit}.\n\n${MARK}\n`;
  // Above the page of a fork: what the page has could hide what is below it.
  const header = isFork
    ? `<sub>The code of the pull request wrote this, from a fork, in ${run}.</sub>\n\n`
    : "";
  const footer = `\n\n<sub>The review of ${commit}, by ${run}.</sub>\n\n${MARK}\n`;
  const text = page.replaceAll(MARK, "").trimEnd();
  if (header.length + text.length + footer.length <= LONGEST) return `${header}${text}${footer}`;
  const rest = `\n\nThe page is longer than a comment: the artifact of ${run} has all of it.`;
  return `${header}${cut(text, LONGEST - header.length - footer.length - rest.length)}${rest}${footer}`;
}

/** The first lines, in at most so many characters with what closes their code blocks and details. */
function cut(text, room) {
  const kept = [];
  let length = 0;
  let closing = "";
  let fence;
  let details = 0;
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    if (fence === undefined)
      details = Math.max(0, details + count(line, /<details\b/gi) - count(line, /<\/details>/gi));
    const closes = `${fence === undefined ? "" : `\n${fence}`}${"\n</details>".repeat(details)}`;
    if (length + line.length + 1 + closes.length > room) break;
    kept.push(line);
    length += line.length + 1;
    closing = closes;
  }
  return `${kept.join("\n")}${closing}`;
}

function count(text, pattern) {
  return [...text.matchAll(pattern)].length;
}
