import type { SelectorExpression } from "../promql/expression.ts";
import type { Recorded } from "./recorded.ts";
import type { LintedGroup, LintedRule } from "./rule.ts";
import type { Surroundings } from "./surroundings.ts";

/** All rules of an environment, and what they stand in. */
export interface World {
  readonly groups: readonly LintedGroup[];
  readonly recorded: Recorded;
  readonly surroundings: Surroundings;
}

/** One thing that rules are held to. */
export interface Check {
  /** Kebab-case and stable: snoozes are addressed by it. */
  readonly id: string;
  /** What holds of a good rule, in one sentence. */
  readonly title: string;
  /** What goes wrong without it. */
  readonly why: string;
  /** What to do about a finding, as an imperative sentence without its full stop. */
  readonly fix: string;
  /** What is wrong with a rule: sentences without their full stop, which the rule's name introduces. None for a good rule. */
  readonly judge: (rule: LintedRule, world: World) => readonly string[];
}

/** Seconds between two evaluations of a rule. */
export function evaluationIntervalOf({ group }: LintedRule, { surroundings }: World): number {
  return group.interval ?? surroundings.evaluationInterval;
}

/** Each sentence once: a query often asks for the same series in several places. */
export function once(findings: readonly string[]): string[] {
  return [...new Set(findings)];
}

/** What to call a selector in a sentence. */
export function nameOf({ metric, matchers }: SelectorExpression): string {
  return metric ?? `{${matchers.map(({ label }) => label).join(", ")}}`;
}
