import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { STACKS_FOLDER, stackNames } from "../../stacks/names.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { DRAWINGS_FOLDER, PLATFORM_FOLDER, REVIEW_CACHE } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { Drawings } from "../pictures/drawings.ts";
import type { Progress } from "../preview.ts";
import { type BaseCommit, BaseNotPreviewed, findBase, previewBase } from "../review/base.ts";
import type { Gate } from "../review/change.ts";
import { type ChangedLines, changedLines } from "../review/changed-lines.ts";
import { compareFolders, withoutBase } from "../review/folders.ts";
import { locator, waiverLocator } from "../review/locate.ts";
import { type Answered, picturesOf } from "../review/pictures.ts";
import { previewedIn, readModel } from "../review/read.ts";
import type { Replay } from "../review/replay/result.ts";
import { findTargets, replayTarget } from "../review/replay/run.ts";
import { type ReplayFlags, type Replays, replaysOf } from "../review/replay/targets.ts";
import { type Review, reviewOf } from "../review/review.ts";
import { progressOn } from "../terminal.ts";
import { previewHead } from "./preview-head.ts";
import { reviewFolder, writeReview } from "./write-review.ts";

/** How a review is asked for. */
export interface ReviewFlags extends ReplayFlags {
  /** A git ref, or a folder with an earlier out/. */
  readonly base?: string;
  /** Gates with commas between them. */
  readonly "fail-on"?: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
  readonly stacks?: string;
  readonly out?: string;
}

/** Compares the environments of the working folder with those of a base, and writes the review; none is all of them. */
export async function reviewChanges(
  environments: readonly string[],
  flags: ReviewFlags,
  surroundings: Surroundings,
): Promise<Exit> {
  const { folder, stderr, env } = surroundings;
  const stacksFolder = flags.stacks === undefined ? STACKS_FOLDER : resolve(folder, flags.stacks);
  const progress = progressOn(stderr, paintFor(stderr, env));
  const base = flags.base ?? "";
  const replays = replaysOf(flags, environments.length > 0 ? environments : stackNames(stacksFolder), folder);
  reviewFolder(flags.out, folder);
  // The previews take longer than this question.
  await findTargets(replays, env);
  const scratch = mkdtempSync(join(tmpdir(), "bellwether-review-"));
  try {
    const { commit, folder: earlier } = baseOf(base, flags.today, folder, progress);
    // Rejected while the head is previewed, it must not count as an unhandled rejection.
    earlier.catch(() => undefined);
    const head = await previewHead(environments, {
      today: flags.today,
      stacksFolder,
      outFolder: scratch,
      progress,
    });
    const found = await settled(earlier);
    const names = environments.length > 0 ? environments : stackNames(stacksFolder);
    const mistakes = new Map([...head.mistakes, ...unknown(names, found.folder, stacksFolder)]);
    const compared =
      found.failure === undefined
        ? compareFolders(found.folder, scratch, { environments, today: flags.today, mistakes })
        : withoutBase(names, found.failure);
    const failOn = (flags["fail-on"]?.split(",") ?? []) as readonly Gate[];
    const lines = commit === undefined ? [] : changedLines(PLATFORM_FOLDER, commit.tree);
    const replayed =
      found.failure === undefined
        ? await replayAll(replays, compared.environments, found.folder, scratch, progress, env)
        : [];
    const locate = locator(PLATFORM_FOLDER, stacksFolder, lines);
    const locateWaiver = waiverLocator(PLATFORM_FOLDER, stacksFolder);
    const review = reviewOf(base, compared, failOn, locate, replayed, locateWaiver);
    const pictures = await picturesOf(
      compared.changes,
      compared.sides,
      commit === undefined ? "neither" : answeredBy(lines),
      new Drawings(DRAWINGS_FOLDER),
    );
    writeReview(review, flags.out, surroundings, pictures);
    // The review says that something fails; the command says what and where, as it does without a review.
    if (found.failure !== undefined) throw found.failure;
    if (head.defect !== undefined) throw head.defect;
    if (mistakes.size > 0) return EXIT.mistake;
    return review.failed.length > 0 ? EXIT.refused : EXIT.fine;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A change of the recording answers the queries as they are now. */
function answeredBy(lines: readonly ChangedLines[]): Answered {
  return lines.some(({ file }) => file.startsWith("cli/pictures/recording/")) ? "after" : "before";
}

/** Replays the alerts of the environments with a history. One that cannot be compared has none; the review says why. */
async function replayAll(
  replays: Replays,
  environments: Review["environments"],
  base: string,
  head: string,
  progress: Progress,
  env: NodeJS.ProcessEnv,
): Promise<readonly Replay[]> {
  const replayed: Replay[] = [];
  for (const target of replays.targets) {
    const name = target.environment;
    if (environments.find((each) => each.name === name)?.state !== "compared") continue;
    const [before, after] = [readModel(join(base, name)), readModel(join(head, name))];
    replayed.push(await replayTarget(target, replays, before, after, env));
    progress.step(`${name}: replayed`);
  }
  return replayed;
}

interface Base {
  /** Undefined: a folder was given. */
  readonly commit: BaseCommit | undefined;
  /** The folder with the previews to compare with. */
  readonly folder: Promise<string>;
}

/** Finds the base, and begins to preview it. Throws an InvalidInputError if it is not there. */
function baseOf(base: string, today: string, folder: string, progress: Progress): Base {
  const path = resolve(folder, base);
  if (existsSync(path) && statSync(path).isDirectory() && previewedIn(path).length > 0)
    return { commit: undefined, folder: Promise.resolve(path) };
  const repository = { root: PLATFORM_FOLDER, cache: REVIEW_CACHE };
  const commit = findBase(base, repository);
  const previewed = previewBase(commit, today, repository).then((found) => {
    progress.step(`${base}: previewed`);
    return found;
  });
  return { commit, folder: previewed };
}

type Settled =
  | { readonly folder: string; readonly failure?: undefined }
  | { readonly folder?: undefined; readonly failure: BaseNotPreviewed };

async function settled(folder: Promise<string>): Promise<Settled> {
  try {
    return { folder: await folder };
  } catch (error) {
    if (!(error instanceof BaseNotPreviewed)) throw error;
    return { failure: error };
  }
}

/** Environments that neither side has, each with what is wrong. */
function unknown(
  names: readonly string[],
  base: string | undefined,
  stacksFolder: string,
): readonly (readonly [string, string])[] {
  if (base === undefined) return [];
  const known = new Set([...previewedIn(base), ...stackNames(stacksFolder)]);
  return names
    .filter((name) => !known.has(name))
    .map((name) => [name, `There is no file Pulumi.${name}.yaml, neither here nor at the base.`]);
}
