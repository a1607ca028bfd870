import { formatProblems, InvalidInputError } from "../../components/core/problems.ts";
import { stackNames } from "../../stacks/names.ts";
import { loadPlatform } from "../platform.ts";
import { type Progress, preview } from "../preview.ts";

/** How the working folder is previewed. */
interface Head {
  readonly today: string;
  readonly stacksFolder: string;
  readonly outFolder: string;
  readonly progress: Progress;
}

interface PreviewedHead {
  /** Why environments cannot be previewed, by name: the review says it, so that it is told even then. */
  readonly mistakes: ReadonlyMap<string, string>;
  /** What the program threw, which is no mistake in an environment. */
  readonly defect?: unknown;
}

/** Previews the working folder, as far as a review reads it. What is wrong is part of the result. */
export async function previewHead(environments: readonly string[], head: Head): Promise<PreviewedHead> {
  const ofEach = (text: string) =>
    new Map(
      (environments.length > 0 ? environments : stackNames(head.stacksFolder)).map((name) => [name, text]),
    );
  try {
    const platform = await loadPlatform(head.today, { stacksFolder: head.stacksFolder });
    // One that has no file any more is removed, which is no mistake.
    const there = stackNames(head.stacksFolder);
    const left = environments.filter((name) => there.includes(name));
    if (environments.length > 0 && left.length === 0) return { mistakes: new Map() };
    const { mistaken } = await preview(platform, { environments: left, content: "comparable", ...head });
    const texts = mistaken.map(
      ({ stack, path, problems }) => [stack, formatProblems(path, problems)] as const,
    );
    return { mistakes: new Map(texts) };
  } catch (error) {
    // A mistake in a service or a waiver is one of every environment that was asked for.
    if (error instanceof InvalidInputError) return { mistakes: ofEach(error.message) };
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { mistakes: ofEach(`The program fails.\n${what}`), defect: error };
  }
}
