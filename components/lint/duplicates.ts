import type { World } from "./check.ts";
import type { LintedGroup, LintedRule } from "./rule.ts";

const known = new WeakMap<readonly LintedGroup[], ReadonlyMap<string, readonly LintedRule[]>>();

/** The rules before this one that have the same kind, name and labels. */
export function earlierDuplicates(rule: LintedRule, { groups }: World): readonly LintedRule[] {
  const all = known.get(groups) ?? byIdentity(groups);
  known.set(groups, all);
  const duplicates = all.get(identity(rule)) ?? [];
  return duplicates.slice(0, duplicates.indexOf(rule));
}

function byIdentity(groups: readonly LintedGroup[]): Map<string, LintedRule[]> {
  const found = new Map<string, LintedRule[]>();
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    const duplicates = found.get(identity(rule));
    if (duplicates) duplicates.push(rule);
    else found.set(identity(rule), [rule]);
  }
  return found;
}

function identity({ kind, name, labels }: LintedRule): string {
  return JSON.stringify([kind, name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
