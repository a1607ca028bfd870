import { alikeRules } from "./alike.ts";
import type { Check, World } from "./check.ts";
import { CHECKS } from "./checks/index.ts";
import { dependenciesOf } from "./dependencies.ts";
import { type Finding, unreadable } from "./findings.ts";
import { Recorded } from "./recorded.ts";
import { type LintedGroup, readGroups, type SourcedGroup } from "./rule.ts";
import type { Snooze } from "./snooze.ts";
import type { Surroundings } from "./surroundings.ts";

export interface LintOptions {
  readonly snoozes?: readonly Snooze[];
  /** The day on which snoozes are judged, `YYYY-MM-DD`. */
  readonly today: string;
  /** Ids of checks that are not made, because somebody else makes them. */
  readonly without?: readonly string[];
}

/** What the linter says of the rules of an environment. */
export interface LintResult {
  /** What is wrong; `expired` is the snooze that no longer covers it. */
  readonly findings: readonly (Finding & { readonly expired?: Snooze })[];
  /** What is wrong and answered for. */
  readonly snoozed: readonly (Finding & { readonly snooze: Snooze })[];
  /** Snoozes whose day is over, whether or not they would still cover anything. */
  readonly expired: readonly Snooze[];
  /** Snoozes that cover no finding here. */
  readonly unused: readonly Snooze[];
  /** Groups that read what other groups record. No mistake, but up to an evaluation late. */
  readonly dependencies: readonly {
    readonly from: string;
    readonly to: string;
    readonly records: readonly string[];
  }[];
}

/** Holds rules to every check. Findings come in the order of the rules, and within a rule in that of the checks. */
export function lint(
  written: readonly SourcedGroup[],
  surroundings: Surroundings,
  { snoozes = [], today, without = [] }: LintOptions,
): LintResult {
  const alike = alikeRules(written, surroundings);
  const { groups, unreadable: notRead } = readGroups(written, alike.sources);
  const world: World = { groups, recorded: new Recorded(groups), surroundings };
  const checks = CHECKS.filter(({ id }) => !without.includes(id));
  const faulty = new Set<string>();
  const found: Finding[] = [
    ...notRead.map(unreadable),
    ...groups.flatMap((group) => {
      const like = alike.sources.get(group.source);
      // Nothing is wrong with it, if nothing is wrong with what it is like, which is before it.
      if (like !== undefined && !faulty.has(like)) return [];
      const inIt = inGroup(group, world, checks);
      if (inIt.length > 0) faulty.add(group.source);
      return inIt;
    }),
  ];

  const coverOf = ({ check, rule }: Finding) =>
    snoozes.find((snooze) => snooze.check === check && snooze.rule === rule);
  // A snooze holds through the day that it names.
  const isExpired = ({ expires }: Snooze) => expires < today;
  const findings: LintResult["findings"][number][] = [];
  const snoozed: LintResult["snoozed"][number][] = [];
  for (const finding of found) {
    const snooze = coverOf(finding);
    if (snooze === undefined) findings.push(finding);
    else if (isExpired(snooze)) findings.push({ ...finding, expired: snooze });
    else snoozed.push({ ...finding, snooze });
  }
  const used = new Set(found.map(coverOf));
  return {
    findings,
    snoozed,
    expired: snoozes.filter(isExpired),
    unused: snoozes.filter((snooze) => !used.has(snooze)),
    dependencies: dependenciesOf(groups, world.recorded).map(({ from, to, records }) => ({
      from: from.name,
      to: to.name,
      records,
    })),
  };
}

function inGroup(group: LintedGroup, world: World, checks: readonly Check[]): readonly Finding[] {
  return group.rules.flatMap((rule) =>
    checks.flatMap(({ id, fix, judge }) =>
      judge(rule, world).map((what) => ({
        check: id,
        rule: rule.name,
        group: group.name,
        source: group.source,
        what,
        fix,
      })),
    ),
  );
}
