import { memoizeByObject } from "../core/memoize.ts";
import { selectorsOf } from "../promql/expression.ts";
import type { Recorded } from "./recorded.ts";
import type { LintedGroup } from "./rule.ts";

/** One group reads what another records, and so sees it up to an evaluation late: groups run side by side. */
export interface GroupDependency {
  readonly from: LintedGroup;
  readonly to: LintedGroup;
  readonly records: readonly string[];
}

/** Which groups read records of which others. */
export function dependenciesOf(
  groups: readonly LintedGroup[],
  recorded: Recorded,
): readonly GroupDependency[] {
  return ofGroups(recorded)(groups);
}

/** By what is recorded, and by the groups: every rule asks. */
const ofGroups = memoizeByObject((recorded: Recorded) =>
  memoizeByObject((groups: readonly LintedGroup[]): readonly GroupDependency[] => {
    const found = new Map<LintedGroup, readonly GroupDependency[]>();
    for (const group of groups) {
      // It reads of others what the group reads that it is like, and that one is before it.
      const readsNone = group.like !== undefined && found.get(group.like)?.length === 0;
      found.set(group, readsNone ? [] : readBy(group, recorded));
    }
    return [...found.values()].flat();
  }),
);

function readBy(from: LintedGroup, recorded: Recorded): readonly GroupDependency[] {
  const read = new Map<LintedGroup, Set<string>>();
  for (const rule of from.rules)
    for (const selector of selectorsOf(rule.expression))
      for (const { group, name } of recorded.producersOf(selector))
        if (group !== from) read.set(group, (read.get(group) ?? new Set()).add(name));
  return [...read].map(([to, records]) => ({ from, to, records: [...records].sort() }));
}
