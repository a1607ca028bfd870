import { grouped } from "../core/grouped.ts";
import type { Matcher, SelectorExpression } from "../promql/expression.ts";
import { canMatch } from "../promql/matching.ts";
import type { LintedGroup, LintedRule } from "./rule.ts";

/** The series that rules record. */
export class Recorded {
  readonly #byName: ReadonlyMap<string, Records>;

  constructor(groups: readonly LintedGroup[]) {
    const records = groups.flatMap(({ rules }) => rules).filter(({ kind }) => kind === "record");
    this.#byName = new Map(
      [...grouped(records, ({ name }) => name)].map(([name, all]) => [name, new Records(all)]),
    );
  }

  has(metric: string | undefined): boolean {
    return metric !== undefined && this.#byName.has(metric);
  }

  /** The rules that may have recorded what a selector asks for: those whose own labels do not contradict it. */
  producersOf({ metric, matchers }: SelectorExpression): readonly LintedRule[] {
    const records = metric === undefined ? undefined : this.#byName.get(metric);
    return (records?.candidatesFor(matchers) ?? []).filter(({ labels }) =>
      matchers.every((matcher) => {
        const own = labels[matcher.label];
        // A label that the rule does not set may come from its query.
        return own === undefined || canMatch(matcher, own);
      }),
    );
  }
}

/**
 * The rules that record one metric. A thousand services record the same twenty metrics, each under its own labels, so a selector that
 * names a value of a label that all of them set is answered without a look at the others.
 */
class Records {
  readonly #all: readonly LintedRule[];
  /** By the value of each label that every one of the rules sets. */
  readonly #byLabel: ReadonlyMap<string, ReadonlyMap<string | undefined, readonly LintedRule[]>>;

  constructor(all: readonly LintedRule[]) {
    this.#all = all;
    const shared = Object.keys(all[0]?.labels ?? {}).filter((label) =>
      all.every(({ labels }) => labels[label] !== undefined),
    );
    this.#byLabel = new Map(shared.map((label) => [label, grouped(all, ({ labels }) => labels[label])]));
  }

  /** Every rule that could match, and few others. */
  candidatesFor(matchers: readonly Matcher[]): readonly LintedRule[] {
    const narrowed = matchers.flatMap(({ label, operator, value }) => {
      const byValue = operator === "=" ? this.#byLabel.get(label) : undefined;
      return byValue === undefined ? [] : [byValue.get(value) ?? []];
    });
    return narrowed.reduce((fewest, some) => (some.length < fewest.length ? some : fewest), this.#all);
  }
}
