import { labelSetKey } from "../core/label-set.ts";
import { memoizeByObject } from "../core/memoize.ts";
import type { World } from "./check.ts";
import type { LintedGroup, LintedRule } from "./rule.ts";

/** The rules before this one that have the same kind, name and labels. */
export function earlierDuplicates(rule: LintedRule, { groups }: World): readonly LintedRule[] {
  const duplicates = byIdentity(groups).get(identity(rule)) ?? [];
  return duplicates.slice(0, duplicates.indexOf(rule));
}

/** Every rule asks, so the answer is kept. */
const byIdentity = memoizeByObject((groups: readonly LintedGroup[]): ReadonlyMap<string, LintedRule[]> => {
  const found = new Map<string, LintedRule[]>();
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    const duplicates = found.get(identity(rule));
    if (duplicates) duplicates.push(rule);
    else found.set(identity(rule), [rule]);
  }
  return found;
});

function identity({ kind, name, labels }: LintedRule): string {
  return JSON.stringify([kind, name, labelSetKey(labels)]);
}
