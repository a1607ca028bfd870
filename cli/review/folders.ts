import { join } from "node:path";
import { type Change, type EnvironmentChanges, type GroupedChange, grouped } from "./change.ts";
import { added, compare, removed } from "./compare.ts";
import { withoutSecrets } from "./hidden.ts";
import type { EnvironmentModel } from "./model.ts";
import type { DrawnSides } from "./pictures.ts";
import { remindersOf } from "./policies.ts";
import { NotComparable, previewedIn, readModel } from "./read.ts";
import type { Reminder, Review } from "./review.ts";

/** What two folders of previews are different in. */
export interface ComparedFolders {
  readonly environments: Review["environments"];
  readonly changes: readonly GroupedChange[];
  readonly reminders: readonly Reminder[];
  /** What the panels that change are drawn from, by environment. */
  readonly sides: ReadonlyMap<string, DrawnSides>;
}

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
    reminders: remindersOf(
      results.flatMap(({ after: model }) => model ?? []),
      today,
    ),
    sides: new Map(
      results.flatMap(({ environment: { name }, before: was, after: is }) =>
        was === undefined || is === undefined ? [] : [[name, { before: was, after: is }] as const],
      ),
    ),
  };
}

/** What can be said if the base cannot be previewed. */
export function withoutBase(names: readonly string[], { why }: { readonly why: string }): ComparedFolders {
  const problem = `The base cannot be previewed, so nothing is compared: ${why}`;
  return {
    environments: names.map((name) => ({ name, state: "not-comparable", problem })),
    changes: [],
    reminders: [],
    sides: new Map(),
  };
}

interface Compared {
  readonly environment: Review["environments"][number];
  readonly changes?: EnvironmentChanges;
  readonly before?: EnvironmentModel;
  /** As it would be, if there is a preview of it. */
  readonly after?: EnvironmentModel;
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
    if (!isBefore) {
      const { after } = withoutSecrets(undefined, readModel(join(head, name)));
      return { environment: { name, state: "added", problem: null }, changes: added(after), after };
    }
    if (!isAfter)
      return {
        environment: { name, state: "removed", problem: null },
        changes: removed(withoutSecrets(undefined, readModel(join(base, name))).after),
      };
    const models = withoutSecrets(readModel(join(base, name)), readModel(join(head, name)));
    const { before, ...changes } = compare(models.before, models.after);
    return {
      environment: { name, state: "compared", problem: null },
      changes,
      before,
      after: models.after,
    };
  } catch (error) {
    if (!(error instanceof NotComparable)) throw error;
    return {
      environment: { name, state: "not-comparable", problem: `It cannot be compared: ${error.message}.` },
    };
  }
}
