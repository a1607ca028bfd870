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
import { run } from "../support/process.ts";
import { TODAY } from "../support/run-previews.ts";
import type { Copy, RepositoryChange } from "./change.ts";
import { CLUSTER_CHANGES } from "./cluster-changes.ts";
import { CODE_CHANGES } from "./code-changes.ts";
import { STACK_CHANGES } from "./stack-changes.ts";

export const CHANGES: readonly RepositoryChange[] = [...STACK_CHANGES, ...CLUSTER_CHANGES, ...CODE_CHANGES];

/** The name of the commit that every change is made on. */
const BASE = "base";

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
  git(folder, "tag", BASE);
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
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

/** Makes a change as a commit on the base, and reviews it as a user does. */
export async function reviewedIn({ folder }: Clone, change: RepositoryChange): Promise<Reviewed> {
  git(folder, "reset", "--hard", "--quiet", BASE);
  git(folder, "clean", "-fdq", "-e", "node_modules", "-e", ".cache");
  for (const { file, from, to } of change.edits) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from))
      throw new Error(`${change.name}: ${file} does not hold ${JSON.stringify(from)}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  for (const each of change.copies ?? []) copy(folder, each);
  for (const file of change.deletes ?? []) rmSync(join(folder, file));
  commit(folder, change.subject);
  const out = join(folder, "review");
  const args = ["cli/bellwether.js", "review", ...change.environments, "--base", BASE, "--today", TODAY];
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: folder });
  const read = (file: string) => (existsSync(join(out, file)) ? readFileSync(join(out, file), "utf8") : "");
  return {
    code,
    page: read("review.md"),
    json: read("review.json"),
    sarif: read("review.sarif"),
    html: read("review.html"),
    log: `${stdout}\n${stderr}`,
  };
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
