import { type Change, type EnvironmentChanges, type GroupedChange, grouped } from "./change.ts";
import { added, compare, removed } from "./compare.ts";
import { withoutSecrets } from "./hidden.ts";
import type { EnvironmentModel } from "./model.ts";
import type { DrawnSides } from "./pictures.ts";
import { remindersOf } from "./policies.ts";
import { NotComparable } from "./read.ts";
import type { Verdicts } from "./resources.ts";
import type { Reminder, Review } from "./review.ts";

/** What one environment comes to. */
export interface Compared {
  readonly environment: Review["environments"][number];
  readonly changes?: EnvironmentChanges;
  /** As it was, under the names that its services and teams have now. */
  readonly before?: EnvironmentModel;
  /** As it would be, if there is a preview of it. */
  readonly after?: EnvironmentModel;
}

/** What the environments of a review come to. */
export interface ComparedEnvironments {
  readonly environments: Review["environments"];
  readonly changes: readonly GroupedChange[];
  readonly reminders: readonly Reminder[];
  /** What the panels that change are drawn from, by environment. */
  readonly sides: ReadonlyMap<string, DrawnSides>;
}

/** The two sides of an environment; undefined where it is not there. */
interface Models {
  readonly before: EnvironmentModel | undefined;
  readonly after: EnvironmentModel | undefined;
}

/**
 * Compares an environment, without its secrets. What cannot be compared is part of the result.
 *
 * @param modelsOf reads the two sides. May throw {@link NotComparable}.
 * @param engine what the engine says of the resources, if it was asked.
 */
export function comparedModels(name: string, modelsOf: () => Models, engine?: Verdicts): Compared {
  try {
    const { before, after } = modelsOf();
    if (after === undefined) {
      const changes = before && removed(withoutSecrets(undefined, before).after);
      return { environment: { name, state: "removed", problem: null }, ...(changes && { changes }) };
    }
    const hidden = withoutSecrets(before, after);
    if (hidden.before === undefined)
      return {
        environment: { name, state: "added", problem: null },
        changes: added(hidden.after),
        after: hidden.after,
      };
    const { before: renamed, ...changes } = compare(hidden.before, hidden.after, engine);
    return {
      environment: { name, state: "compared", problem: null },
      changes,
      before: renamed,
      after: hidden.after,
    };
  } catch (error) {
    if (!(error instanceof NotComparable)) throw error;
    return {
      environment: { name, state: "not-comparable", problem: `It cannot be compared: ${error.message}.` },
    };
  }
}

/** An environment that cannot be previewed, with its mistakes as a text. */
export function mistaken(name: string, problem: string): Compared {
  const change: Change = {
    kind: "not-previewed",
    about: `The environment ${name}`,
    what: "cannot be previewed, so it cannot be deployed; the mistakes are listed above",
  };
  return {
    environment: { name, state: "mistaken", problem },
    changes: { environment: name, tier: "", changes: [change] },
  };
}

/** What all environments come to, on a day, as YYYY-MM-DD. */
export function together(results: readonly Compared[], today: string): ComparedEnvironments {
  return {
    environments: results.map(({ environment }) => environment),
    changes: grouped(results.flatMap(({ changes }) => changes ?? [])),
    reminders: remindersOf(
      results.flatMap(({ after }) => after ?? []),
      today,
    ),
    sides: new Map(
      results.flatMap(({ environment: { name }, before, after }) =>
        before === undefined || after === undefined ? [] : [[name, { before, after }] as const],
      ),
    ),
  };
}
