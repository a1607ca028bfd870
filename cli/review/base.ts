import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { InvalidInputError, type Problem } from "../../components/core/problems.ts";
import { PROGRESS_LINE } from "../terminal.ts";
import { writing } from "../writing.ts";
import { withoutSecretForms } from "./hidden.ts";
import { previewedIn } from "./read.ts";

/** Where the repository is and where previews of its earlier commits are kept. */
export interface Repository {
  readonly root: string;
  readonly cache: string;
}

/** A commit to compare with. */
export interface BaseCommit {
  /** As it was given. */
  readonly ref: string;
  /** The hash of its files: two commits with the same files have one. */
  readonly tree: string;
  /** The folder of the platform in the repository; empty for its root. */
  readonly prefix: string;
}

/** A commit that is there and cannot be previewed. A review is written all the same, and says why. */
export class BaseNotPreviewed extends InvalidInputError {
  /** Why, as the rest of a sentence without its full stop. */
  readonly why: string;
  constructor(ref: string, why: string) {
    super("review", [
      {
        path: "--base",
        found: `${ref}, which cannot be previewed: ${why}`,
        allowed: "a commit whose preview works",
        fix: "name a later commit",
      },
    ]);
    this.why = why;
  }
}

/** Makes a preview write what a review reads, and no more. */
const COMPARABLE = "--comparable";

/** So many previews of commits are kept. */
const KEPT = 8;

/** Finds a commit. Throws an InvalidInputError that says what to fetch if it is not there. */
export function findBase(ref: string, { root }: Repository): BaseCommit {
  const refused = (problem: Omit<Problem, "path">) =>
    new InvalidInputError("review", [{ path: "--base", ...problem }]);
  const prefix = git(root, ["rev-parse", "--show-prefix"]);
  if (prefix === undefined)
    throw refused({
      found: `${JSON.stringify(ref)}, and no git repository`,
      allowed: "a git ref in a repository, or a folder with an earlier out/",
      fix: "name a folder",
    });
  const tree = git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{tree}`]);
  if (tree === undefined) {
    const isShallow = git(root, ["rev-parse", "--is-shallow-repository"]) === "true";
    throw refused({
      found: `${JSON.stringify(ref)}, which is no folder and no commit of this clone`,
      allowed: "a branch, tag or commit that is fetched, or a folder with an earlier out/",
      fix: isShallow
        ? `this clone is shallow; run: git fetch --depth=1 origin ${ref} and use --base FETCH_HEAD`
        : `run: git fetch origin ${ref}`,
    });
  }
  return { ref, tree, prefix };
}

/**
 * The folder with the previews of a commit, which are made in a process of their own with the commit's own code, and kept. Throws a
 * {@link BaseNotPreviewed} if the commit cannot be previewed.
 */
export async function previewBase(base: BaseCommit, today: string, repository: Repository): Promise<string> {
  const { cache } = repository;
  const kept = join(cache, "previews", `${base.tree}-${today}`);
  if (existsSync(kept)) return kept;
  writing(cache, () => mkdirSync(join(cache, "previews"), { recursive: true }));
  const tree = checkoutFolder(cache);
  try {
    checkOut(base, tree, repository);
    const folder = join(tree, base.prefix);
    if (!existsSync(join(folder, "cli/main.ts")))
      throw cannot(base, "it has no cli/main.ts, so it is no platform of Bellwether, or one that is too old");
    linkModules(folder, base, repository);
    const out = join(tree, "out-of-review");
    const args = ["--import", "tsx", "cli/main.ts", "preview", "--today", today, "--out", out];
    let { code, output } = await run([...args, COMPARABLE], folder);
    // A commit from before the flag writes more than is read.
    if (code === 2 && output.includes(COMPARABLE)) ({ code, output } = await run(args, folder));
    if (previewedIn(out).length === 0)
      throw cannot(base, `its preview ended with ${code}: ${lastLines(asReported(output, folder))}`);
    keep(out, kept, tree);
    prune(join(cache, "previews"));
    return kept;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** After so many milliseconds a checkout belongs to a review that was ended before it could remove it. */
const ABANDONED = 60 * 60 * 1000;

/**
 * An empty folder to check a commit out into: the same one each time, because tsx keeps what it compiled by path, and compiling everything anew
 * costs a quarter of a preview. While another review has it, a folder of its own.
 */
function checkoutFolder(cache: string): string {
  const usual = join(cache, "tree");
  const made = statSync(usual, { throwIfNoEntry: false })?.mtimeMs;
  if (made !== undefined && Date.now() - made > ABANDONED) rmSync(usual, { recursive: true, force: true });
  try {
    mkdirSync(usual);
    return usual;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return mkdtempSync(`${usual}-`);
  }
}

/**
 * Without lines of progress, which say how long each step took. Paths as the commit has them, wherever it was checked out, and of a stack
 * trace the first line, where it was thrown: the others are how Bellwether came there.
 */
function asReported(output: string, folder: string): string {
  const text = [realpathSync(folder), folder].reduce((all, each) => all.replaceAll(`${each}/`, ""), output);
  const isFrame = (line: string | undefined) => /^\s+at /.test(line ?? "");
  return text
    .split("\n")
    .filter((line) => !PROGRESS_LINE.test(line))
    .filter((line, index, lines) => !(isFrame(line) && isFrame(lines[index - 1])))
    .join("\n");
}

function cannot({ ref }: BaseCommit, why: string): BaseNotPreviewed {
  return new BaseNotPreviewed(ref, withoutSecretForms(why));
}

/** The commit's files, without a change of the repository: neither its index nor its list of worktrees is written. */
function checkOut({ tree }: BaseCommit, folder: string, { root }: Repository): void {
  const env = { ...process.env, GIT_INDEX_FILE: join(folder, ".index") };
  for (const args of [
    ["read-tree", tree],
    ["checkout-index", "--all", `--prefix=${folder}/`],
  ]) {
    const { status, stderr } = spawnSync("git", ["-C", topOf(root), ...args], { encoding: "utf8", env });
    if (status !== 0) throw new Error(`git ${args[0]} ended with ${status}: ${stderr}`);
  }
}

function topOf(root: string): string {
  return git(root, ["rev-parse", "--show-toplevel"]) ?? root;
}

/** The packages of this repository if the lock files are the same, else those of the commit, which are installed once. */
function linkModules(folder: string, base: BaseCommit, { root, cache }: Repository): void {
  const lock = (at: string) =>
    existsSync(join(at, "package-lock.json")) ? readFileSync(join(at, "package-lock.json")) : Buffer.from("");
  const modules = join(root, "node_modules");
  const isSame = lock(folder).equals(lock(root));
  symlinkSync(
    isSame
      ? modules
      : installed(folder, base, createHash("sha256").update(lock(folder)).digest("hex").slice(0, 16), cache),
    join(folder, "node_modules"),
  );
}

function installed(folder: string, base: BaseCommit, digest: string, cache: string): string {
  const place = join(cache, "modules", digest);
  const done = join(place, "node_modules");
  if (existsSync(done)) return done;
  mkdirSync(join(cache, "modules"), { recursive: true });
  const fresh = mkdtempSync(`${place}-`);
  try {
    for (const file of ["package.json", "package-lock.json"]) cpSync(join(folder, file), join(fresh, file));
    const { status, stderr } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: fresh,
      encoding: "utf8",
    });
    if (status !== 0) throw cannot(base, `npm ci of its packages ended with ${status}: ${lastLines(stderr)}`);
    if (!existsSync(place)) renameSync(fresh, place);
    return done;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** What a review reads, and no more: an environment's report alone is megabytes. */
function keep(out: string, kept: string, scratch: string): void {
  const fresh = join(scratch, "kept");
  const isRead = /(?:^|\/)(model\.json|graph\.json|policies\.json|dashboards|alertmanager)(?:\/|$)/;
  for (const environment of previewedIn(out))
    cpSync(join(out, environment), join(fresh, environment), {
      recursive: true,
      filter: (source) =>
        source === join(out, environment) || isRead.test(source.slice(join(out, environment).length)),
    });
  // Another review may have been quicker.
  if (!existsSync(kept)) renameSync(fresh, kept);
}

function prune(folder: string): void {
  const age = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const old = readdirSync(folder)
    .sort((a, b) => age(b) - age(a))
    .slice(KEPT);
  for (const name of old) rmSync(join(folder, name), { recursive: true, force: true });
}

function git(folder: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", ["-C", folder, ...args], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function run(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const endWithUs = () => void child.kill();
    process.once("exit", endWithUs);
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("exit", endWithUs);
      resolve({ code: code ?? 1, output });
    });
  });
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-12).join("\n");
}
