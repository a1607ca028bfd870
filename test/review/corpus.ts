import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run, stream } from "../support/process.ts";
import { TODAY } from "../support/run-previews.ts";
import type { Copy, Edit, RepositoryChange } from "./change.ts";
import { CLUSTER_CHANGES } from "./cluster-changes.ts";
import { CODE_CHANGES } from "./code-changes.ts";
import { STACK_CHANGES } from "./stack-changes.ts";

export const CHANGES: readonly RepositoryChange[] = [...STACK_CHANGES, ...CLUSTER_CHANGES, ...CODE_CHANGES];

/** The name of the commit that every change is made on. */
export const BASE = "base";
/** The commit that a clone starts with: the base of all changes that do not make another one. */
const START = "start";

/** A clone of the working tree, in which changes are made as commits. */
export interface Clone {
  readonly folder: string;
  readonly dispose: () => void;
}

/** Clones the repository as it is in the working tree. Clones with the same cache preview the base once. */
export function cloneOf(root: string, cache: string): Clone {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-corpus-"));
  git(folder, "init", "--quiet", "--initial-branch=main");
  const files = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0");
  for (const file of files.filter((each) => each !== "" && existsSync(join(root, each))))
    cpSync(join(root, file), join(folder, file), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  symlinkSync(cache, join(folder, ".cache"));
  commit(folder, "the platform as it is");
  git(folder, "tag", START);
  git(folder, "tag", BASE);
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Makes what a clone holds now the base. */
export function newBase(folder: string): void {
  commit(folder, "another base");
  git(folder, "tag", "--force", START);
}

/** What the review of one change wrote. */
export interface Reviewed {
  readonly code: number;
  readonly page: string;
  readonly json: string;
  readonly sarif: string;
  readonly html: string;
  readonly log: string;
}

/** Whether a change touches only what is read anew for every preview, so that one process can review it and others after it. */
export function isOfData({ edits, baseEdits = [], copies = [], deletes = [] }: RepositoryChange): boolean {
  const files = [
    ...[...edits, ...baseEdits].map(({ file }) => file),
    ...copies.map(({ to }) => to),
    ...deletes,
  ];
  return files.every((file) => /^stacks\/(?:Pulumi\.[^/]+|waivers)\.yaml$/.test(file));
}

/** Makes a change as a commit on the base, and reviews it as a user does. */
export async function reviewedIn({ folder }: Clone, change: RepositoryChange): Promise<Reviewed> {
  commitChange(folder, change);
  const args = ["cli/bellwether.js", "review", ...change.environments, "--base", BASE, "--today", TODAY];
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: folder });
  return reviewIn(folder, code, `${stdout}\n${stderr}`);
}

/** Reviews changes of data in one process in the clone, which loads the SDKs of the providers once; hands each on as it comes. */
export async function reviewedTogether(
  { folder }: Clone,
  changes: readonly RepositoryChange[],
  onReview: (change: RepositoryChange, reviewed: Reviewed) => void,
): Promise<void> {
  const names = changes.map(({ name }) => name);
  const waiting = [...changes];
  const lines: string[] = [];
  const args = ["--import", "tsx", "test/review/worker.ts", ...names];
  const code = await stream(process.execPath, args, { cwd: folder }, (line) => {
    if (!line.startsWith(ANSWER)) {
      lines.push(line);
      return;
    }
    const change = waiting.shift();
    if (change !== undefined) onReview(change, JSON.parse(line.slice(ANSWER.length)) as Reviewed);
  });
  if (waiting.length > 0) throw new Error(`the process ended with ${code}:\n${lines.join("\n")}`);
}

/** What a line of the worker begins with that is a review. */
export const ANSWER = "reviewed ";

/** Makes a change as a commit on the base. */
export function commitChange(folder: string, change: RepositoryChange): void {
  git(folder, "reset", "--hard", "--quiet", START);
  git(folder, "clean", "-fdq", "-e", "node_modules", "-e", ".cache");
  rmSync(join(folder, "review"), { recursive: true, force: true });
  if (change.baseEdits !== undefined) {
    apply(folder, change.baseEdits, change.name);
    commit(folder, "another base");
  }
  git(folder, "tag", "--force", BASE);
  apply(folder, change.edits, change.name);
  for (const each of change.copies ?? []) copy(folder, each);
  for (const file of change.deletes ?? []) rmSync(join(folder, file));
  commit(folder, change.subject);
}

/** What a review wrote to a clone. */
export function reviewIn(folder: string, code: number, log: string): Reviewed {
  const out = join(folder, "review");
  const read = (file: string) => (existsSync(join(out, file)) ? readFileSync(join(out, file), "utf8") : "");
  return {
    code,
    page: read("review.md"),
    json: read("review.json"),
    sarif: read("review.sarif"),
    html: read("review.html"),
    log,
  };
}

/** Makes edits in a copy of the repository; a text that is not there is an error. */
export function apply(folder: string, edits: readonly Edit[], name: string): void {
  for (const { file, from, to } of edits) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${name}: ${file} does not hold ${JSON.stringify(from)}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
}

function copy(folder: string, { from, to, replaced }: Copy): void {
  const text = replaced.reduce(
    (all, [old, fresh]) => all.replaceAll(old, fresh),
    readFileSync(join(folder, from), "utf8"),
  );
  mkdirSync(dirname(join(folder, to)), { recursive: true });
  writeFileSync(join(folder, to), text);
}

function commit(folder: string, subject: string): void {
  git(folder, "add", "--all");
  git(
    folder,
    "-c",
    "user.name=Reviewer",
    "-c",
    "user.email=reviewer@example.com",
    "commit",
    "--quiet",
    "--no-verify",
    "--no-gpg-sign",
    "-m",
    subject,
  );
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
}
