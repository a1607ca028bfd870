import { join } from "node:path";
import { type Change, type EnvironmentChanges, type GroupedChange, grouped } from "./change.ts";
import { added, compare, removed } from "./compare.ts";
import { NotComparable, previewedIn, readModel } from "./read.ts";
import type { Review } from "./review.ts";

/** What two folders of previews are different in. */
export interface ComparedFolders {
  readonly environments: Review["environments"];
  readonly changes: readonly GroupedChange[];
}

/** Compares the environments of two folders of previews; `mistakes` says why some have none in the second. */
export function compareFolders(
  base: string,
  head: string,
  asked: readonly string[],
  mistakes: ReadonlyMap<string, string>,
): ComparedFolders {
  const [before, after] = [previewedIn(base), previewedIn(head)];
  const all = [...new Set([...before, ...after, ...mistakes.keys()])].sort();
  const names = asked.length > 0 ? all.filter((name) => asked.includes(name)) : all;
  const results = names.map((name) =>
    compareOne(name, before.includes(name), after.includes(name), base, head, mistakes),
  );
  return {
    environments: results.map(({ environment }) => environment),
    changes: grouped(results.flatMap(({ changes }) => changes ?? [])),
  };
}

interface Compared {
  readonly environment: Review["environments"][number];
  readonly changes?: EnvironmentChanges;
}

function compareOne(
  name: string,
  isBefore: boolean,
  isAfter: boolean,
  base: string,
  head: string,
  mistakes: ReadonlyMap<string, string>,
): Compared {
  const mistake = mistakes.get(name);
  if (mistake !== undefined) {
    const change: Change = {
      kind: "not-previewed",
      about: `The environment ${name}`,
      what: "cannot be previewed, so it cannot be deployed; the mistakes are listed above",
    };
    return {
      environment: { name, state: "mistaken", problem: mistake },
      changes: { environment: name, tier: "", changes: [change] },
    };
  }
  try {
    if (!isBefore)
      return {
        environment: { name, state: "added", problem: null },
        changes: added(readModel(join(head, name))),
      };
    if (!isAfter)
      return {
        environment: { name, state: "removed", problem: null },
        changes: removed(readModel(join(base, name))),
      };
    const [before, after] = [readModel(join(base, name)), readModel(join(head, name))];
    return { environment: { name, state: "compared", problem: null }, changes: compare(before, after) };
  } catch (error) {
    if (!(error instanceof NotComparable)) throw error;
    return {
      environment: { name, state: "not-comparable", problem: `It cannot be compared: ${error.message}.` },
    };
  }
}
