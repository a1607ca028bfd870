import { selectorsOf } from "../promql/expression.ts";
import type { Recorded } from "./recorded.ts";
import type { LintedGroup } from "./rule.ts";

/** One group reads what another records, and so sees it up to an evaluation late: groups run side by side. */
export interface GroupDependency {
  readonly from: LintedGroup;
  readonly to: LintedGroup;
  readonly records: readonly string[];
}

const known = new WeakMap<readonly LintedGroup[], readonly GroupDependency[]>();

/** Which groups read records of which others. */
export function dependenciesOf(
  groups: readonly LintedGroup[],
  recorded: Recorded,
): readonly GroupDependency[] {
  const before = known.get(groups);
  if (before) return before;
  const found = groups.flatMap((from) => {
    const read = new Map<LintedGroup, Set<string>>();
    for (const rule of from.rules)
      for (const selector of selectorsOf(rule.expression))
        for (const { group, name } of recorded.producersOf(selector))
          if (group !== from) read.set(group, (read.get(group) ?? new Set()).add(name));
    return [...read].map(([to, records]) => ({ from, to, records: [...records].sort() }));
  });
  known.set(groups, found);
  return found;
}
