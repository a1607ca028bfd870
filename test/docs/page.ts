import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Finished, run } from "../support/process.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A code block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The file that the line before the block names. */
  readonly file?: string;
}

/** A command block that was run, with what it printed. */
export interface Ran extends Finished {
  readonly text: string;
}

/** The text of a how-to. */
export function howTo(name: string): string {
  return readFileSync(join(ROOT, "docs/how-to", `${name}.md`), "utf8");
}

/** The code blocks of a page, in order. */
export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^(?:`([^`\n]+)`[^\n]*:\n\n)?```([a-z]+)\n(.*?)^```/gms)].map(
    ([, file, language = "", text = ""]) => ({ language, text, ...(file === undefined ? {} : { file }) }),
  );
}

/**
 * Follows a page in a folder: runs its `sh` blocks, in order, makes the edits of its `diff` blocks and writes the other blocks for
 * which the page names a file. `programs` are found on PATH, besides the machine's. A block whose commands need
 * a cloud account or a stack, such as `pulumi up`, is not run. Resolves with the blocks that were run; a failing command is the
 * caller's to judge by its code.
 */
export async function follow(
  page: string,
  folder: string,
  programs: readonly string[] = [],
): Promise<readonly Ran[]> {
  const ran: Ran[] = [];
  const path = [...programs.map((program) => dirname(program)), process.env["PATH"]].join(delimiter);
  for (const { language, text, file } of blocksOf(page)) {
    if (file !== undefined && !["sh", "diff"].includes(language)) write(join(folder, file), text);
    if (language === "diff") edit(folder, text);
    if (language !== "sh" || needsAnAccount(text)) continue;
    const env = { ...process.env, PATH: path, NO_COLOR: "1", BELLWETHER_TODAY: "2026-11-23" };
    const finished = await run("bash", ["-euo", "pipefail", "-c", text], { cwd: folder, env });
    ran.push({ text, ...finished });
  }
  return ran;
}

/** The one block that was run and contains this text. Throws where there is none, or where it failed. */
export function printed(ran: readonly Ran[], command: string): string {
  const found = ran.filter(({ text }) => text.includes(command));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} blocks have ${command}`);
  if (only.code !== 0) throw new Error(`${only.text}ended with ${only.code}\n${only.stdout}\n${only.stderr}`);
  return only.stdout;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function needsAnAccount(text: string): boolean {
  return /^(aws|kubectl|pulumi|git) /m.test(text);
}

/**
 * Makes the edit of a `diff` block: its first line names the file, the others are lines to keep, to remove and to add. Throws where
 * the lines to keep and to remove are not in the file exactly once.
 */
function edit(folder: string, diff: string): void {
  const [header = "", ...lines] = diff.trimEnd().split("\n");
  const file = join(folder, /^--- (\S+)$/.exec(header)?.[1] ?? "");
  const side = (signs: string) =>
    lines
      .filter((line) => signs.includes(line.charAt(0)))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  const parts = readFileSync(file, "utf8").split(side(" -"));
  if (parts.length !== 2)
    throw new Error(`${file} has these lines ${parts.length - 1} times:\n${side(" -")}`);
  writeFileSync(file, parts.join(side(" +")));
}
