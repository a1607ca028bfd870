import { join } from "node:path";
import { type ComparedEnvironments, comparedModels, mistaken, together } from "./compared.ts";
import { previewedIn, readModel } from "./read.ts";

/** What is compared, and what is known beside the folders. */
interface Asked {
  /** None is all. */
  readonly environments: readonly string[];
  /** As YYYY-MM-DD. */
  readonly today: string;
  /** Why some environments have no preview in the second folder. */
  readonly mistakes: ReadonlyMap<string, string>;
}

/** Compares the environments of two folders of previews. */
export function compareFolders(
  base: string,
  head: string,
  { environments: asked, today, mistakes }: Asked,
): ComparedEnvironments {
  const [before, after] = [previewedIn(base), previewedIn(head)];
  const all = [...new Set([...before, ...after, ...mistakes.keys()])].sort();
  const names = asked.length > 0 ? all.filter((name) => asked.includes(name)) : all;
  const results = names.map((name) => {
    const mistake = mistakes.get(name);
    if (mistake !== undefined) return mistaken(name, mistake);
    return comparedModels(name, () => ({
      before: before.includes(name) ? readModel(join(base, name)) : undefined,
      after: after.includes(name) ? readModel(join(head, name)) : undefined,
    }));
  });
  return together(results, today);
}

/** What can be said if the base cannot be previewed. */
export function withoutBase(
  names: readonly string[],
  { why }: { readonly why: string },
): ComparedEnvironments {
  const problem = `The base cannot be previewed, so nothing is compared: ${why}`;
  return {
    environments: names.map((name) => ({ name, state: "not-comparable", problem })),
    changes: [],
    reminders: [],
    sides: new Map(),
  };
}
