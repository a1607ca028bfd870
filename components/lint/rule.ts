import { DURATION_PATTERN, seconds, withUnit } from "../core/duration.ts";
import type { WrittenGroup, WrittenRule } from "../core/rules.ts";
import type { Expression } from "../promql/expression.ts";
import { parseQuery, UnreadableQuery } from "../promql/parse.ts";

/** A group as it is written, and where: the name of its PrometheusRule or file. */
export interface SourcedGroup extends WrittenGroup {
  readonly source: string;
}

/** A rule that could be read. */
export interface LintedRule {
  readonly kind: "alert" | "record";
  /** The name of the alert, or of the series that is recorded. */
  readonly name: string;
  readonly expression: Expression;
  /** Seconds that the condition of an alert must hold. */
  readonly for: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly group: LintedGroup;
  /** Its place in the group, from 0 on: rules of a group run in this order. */
  readonly index: number;
  /** A rule that is the same but for names. */
  readonly like?: LintedRule;
}

export interface LintedGroup {
  readonly source: string;
  readonly name: string;
  /** Seconds between two evaluations; undefined where the server's own interval holds. */
  readonly interval: number | undefined;
  readonly rules: readonly LintedRule[];
  /** A group before it that is the same but for names. */
  readonly like?: LintedGroup | undefined;
}

/** A rule that could not be read, and why. */
export interface UnreadableRule {
  readonly rule: string;
  readonly group: SourcedGroup;
  /** A sentence that the rule's name introduces. */
  readonly what: string;
}

/**
 * The groups with every query as a tree; what is no PromQL is listed apart. `alike` has the source that a source is like: its queries are read when they
 * are asked for.
 */
export function readGroups(
  written: readonly SourcedGroup[],
  alike: ReadonlyMap<string, string> = new Map(),
): {
  readonly groups: readonly LintedGroup[];
  readonly unreadable: readonly UnreadableRule[];
} {
  const unreadable: UnreadableRule[] = [];
  const bySource = new Map<string, LintedGroup[]>();
  const groups = written.map((group) => {
    const before = bySource.get(group.source) ?? [];
    const like = bySource.get(alike.get(group.source) ?? "")?.[before.length];
    const rules: LintedRule[] = [];
    const linted: LintedGroup = {
      source: group.source,
      name: group.name,
      // What is no duration, Prometheus refuses with the file.
      interval: DURATION_PATTERN.test(group.interval ?? "") ? seconds(group.interval ?? "") : undefined,
      rules,
      like,
    };
    // A rule of the other that cannot be read is not among its rules: then this group has one, too, and it is to be named.
    const isReadable = like !== undefined && like.rules.length === group.rules.length;
    rules.push(...(isReadable ? likeRules(group, linted, like) : readRules(group, linted, unreadable)));
    bySource.set(group.source, [...before, linted]);
    return linted;
  });
  return { groups, unreadable };
}

function readRules(group: SourcedGroup, linted: LintedGroup, unreadable: UnreadableRule[]): LintedRule[] {
  return group.rules.flatMap((rule, index): LintedRule[] => {
    const name = rule.alert ?? rule.record ?? `rule ${index + 1}`;
    try {
      return [
        {
          kind: rule.alert === undefined ? "record" : "alert",
          name,
          expression: parseQuery(rule.expr),
          for: waitOf(rule),
          labels: rule.labels ?? {},
          annotations: rule.annotations ?? {},
          group: linted,
          index,
        },
      ];
    } catch (error) {
      if (!(error instanceof UnreadableQuery)) throw error;
      unreadable.push({ rule: name, group, what: error.message });
      return [];
    }
  });
}

function likeRules({ rules }: SourcedGroup, linted: LintedGroup, like: LintedGroup): LintedRule[] {
  return rules.flatMap((rule, index) => {
    const other = like.rules[index];
    return other === undefined ? [] : [new LikeRule(rule, linted, other)];
  });
}

/** A rule of a group that is like another. */
class LikeRule implements LintedRule {
  readonly kind: LintedRule["kind"];
  readonly name: string;
  readonly for: number;
  readonly labels: LintedRule["labels"];
  readonly annotations: LintedRule["annotations"];
  readonly group: LintedGroup;
  readonly index: number;
  readonly like: LintedRule;
  readonly #query: string;

  constructor(
    { alert, record, expr, labels = {}, annotations = {} }: WrittenRule,
    group: LintedGroup,
    like: LintedRule,
  ) {
    this.kind = like.kind;
    this.name = alert ?? record ?? like.name;
    this.for = like.for;
    this.labels = labels;
    this.annotations = annotations;
    this.group = group;
    this.index = like.index;
    this.like = like;
    this.#query = expr;
  }

  get expression(): Expression {
    return parseQuery(this.#query);
  }
}

function waitOf({ for: wait = "0s" }: WrittenRule): number {
  const stated = withUnit(wait);
  if (!DURATION_PATTERN.test(stated)) throw new UnreadableQuery("has a for that is no duration", 0);
  return seconds(stated);
}
