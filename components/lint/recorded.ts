import type { SelectorExpression } from "./promql/expression.ts";
import { canMatch } from "./promql/matching.ts";
import type { LintedGroup, LintedRule } from "./rule.ts";

/** The series that rules record. */
export class Recorded {
  readonly #byName: ReadonlyMap<string, readonly LintedRule[]>;

  constructor(groups: readonly LintedGroup[]) {
    const records = groups.flatMap(({ rules }) => rules).filter(({ kind }) => kind === "record");
    this.#byName = grouped(records);
  }

  has(metric: string | undefined): boolean {
    return metric !== undefined && this.#byName.has(metric);
  }

  /** The rules that may have recorded what a selector asks for: those whose own labels do not contradict it. */
  producersOf({ metric, matchers }: SelectorExpression): readonly LintedRule[] {
    const rules = metric === undefined ? [] : (this.#byName.get(metric) ?? []);
    return rules.filter(({ labels }) =>
      matchers.every((matcher) => {
        const own = labels[matcher.label];
        // A label that the rule does not set may come from its query.
        return own === undefined || canMatch(matcher, own);
      }),
    );
  }
}

/** By the name that they record; Node 20 has no Map.groupBy. */
function grouped(rules: readonly LintedRule[]): Map<string, LintedRule[]> {
  const groups = new Map<string, LintedRule[]>();
  for (const rule of rules) groups.set(rule.name, [...(groups.get(rule.name) ?? []), rule]);
  return groups;
}
