import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { formatProblems, InvalidInputError } from "../../components/core/problems.ts";
import { STACKS_FOLDER, stackNames } from "../../stacks/names.ts";
import { replaceFolder } from "../artefacts/folder.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { PLATFORM_FOLDER, REVIEW_CACHE, REVIEW_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { loadPlatform } from "../platform.ts";
import { type Progress, preview } from "../preview.ts";
import { findBase, previewBase } from "../review/base.ts";
import type { Gate } from "../review/change.ts";
import { compareFolders } from "../review/folders.ts";
import { locator } from "../review/locate.ts";
import { outputs } from "../review/outputs.ts";
import { previewedIn, readModel } from "../review/read.ts";
import type { Replay } from "../review/replay/result.ts";
import { replayTarget } from "../review/replay/run.ts";
import { type ReplayFlags, type Replays, replaysOf } from "../review/replay/targets.ts";
import { type Review, reviewOf } from "../review/review.ts";
import { reviewText } from "../review/text.ts";
import { progressOn } from "../terminal.ts";

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
  { folder, stdout, stderr, env }: Surroundings,
): Promise<Exit> {
  const stacksFolder = flags.stacks === undefined ? STACKS_FOLDER : resolve(folder, flags.stacks);
  const outFolder = flags.out === undefined ? REVIEW_FOLDER : resolve(folder, flags.out);
  const progress = progressOn(stderr, paintFor(stderr, env));
  const base = flags.base ?? "";
  const replays = replaysOf(flags, environments.length > 0 ? environments : stackNames(stacksFolder), folder);
  const scratch = mkdtempSync(join(tmpdir(), "bellwether-review-"));
  try {
    const earlier = baseFolder(base, flags.today, folder, progress);
    // Rejected while the head is previewed, it must not count as an unhandled rejection.
    earlier.catch(() => undefined);
    const mistakes = await previewHead(environments, {
      today: flags.today,
      stacksFolder,
      outFolder: scratch,
      progress,
    });
    const baseOut = await earlier;
    const compared = compareFolders(baseOut, scratch, environments, mistakes);
    const replayed = await replayAll(replays, compared.environments, baseOut, scratch, progress, env);
    const failOn = (flags["fail-on"]?.split(",") ?? []) as readonly Gate[];
    const review = reviewOf(
      base,
      compared.environments,
      compared.changes,
      failOn,
      locator(PLATFORM_FOLDER, stacksFolder),
      replayed,
    );
    replaceFolder(outFolder, outputs(review));
    stdout.write(
      reviewText(review, paintFor(stdout, env), (file) => relative(folder, join(outFolder, file))),
    );
    if (mistakes.size > 0) return EXIT.mistake;
    return review.failed.length > 0 ? EXIT.refused : EXIT.fine;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
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

/** The folder with the previews to compare with. */
async function baseFolder(base: string, today: string, folder: string, progress: Progress): Promise<string> {
  const path = resolve(folder, base);
  if (existsSync(path) && statSync(path).isDirectory() && previewedIn(path).length > 0) return path;
  const repository = { root: PLATFORM_FOLDER, cache: REVIEW_CACHE };
  const commit = findBase(base, repository);
  const found = await previewBase(commit, today, repository);
  progress.step(`${base}: previewed`);
  return found;
}

interface Head {
  readonly today: string;
  readonly stacksFolder: string;
  readonly outFolder: string;
  readonly progress: Progress;
}

/** Previews the environments, and returns why some cannot be, by name: the review says it, so that it is told even then. */
async function previewHead(
  environments: readonly string[],
  head: Head,
): Promise<ReadonlyMap<string, string>> {
  try {
    const platform = await loadPlatform(head.today);
    const { mistaken } = await preview(platform, { environments, content: "comparable", ...head });
    return new Map(mistaken.map(({ stack, path, problems }) => [stack, formatProblems(path, problems)]));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    // A mistake in a service or a waiver is one of every environment that was asked for.
    return new Map(
      (environments.length > 0 ? environments : stackNames(head.stacksFolder)).map((name) => [
        name,
        error.message,
      ]),
    );
  }
}
