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
}

export interface LintedGroup {
  readonly source: string;
  readonly name: string;
  /** Seconds between two evaluations; undefined where the server's own interval holds. */
  readonly interval: number | undefined;
  readonly rules: readonly LintedRule[];
}

/** A rule that could not be read, and why. */
export interface UnreadableRule {
  readonly rule: string;
  readonly group: SourcedGroup;
  /** A sentence that the rule's name introduces. */
  readonly what: string;
}

/** The groups with every query as a tree; what is no PromQL is listed apart. */
export function readGroups(written: readonly SourcedGroup[]): {
  readonly groups: readonly LintedGroup[];
  readonly unreadable: readonly UnreadableRule[];
} {
  const unreadable: UnreadableRule[] = [];
  const groups = written.map((group) => {
    const rules: LintedRule[] = [];
    const linted: LintedGroup = {
      source: group.source,
      name: group.name,
      // What is no duration, Prometheus refuses with the file.
      interval: DURATION_PATTERN.test(group.interval ?? "") ? seconds(group.interval ?? "") : undefined,
      rules,
    };
    for (const [index, rule] of group.rules.entries()) {
      const name = rule.alert ?? rule.record ?? `rule ${index + 1}`;
      try {
        rules.push({
          kind: rule.alert === undefined ? "record" : "alert",
          name,
          expression: parseQuery(rule.expr),
          for: waitOf(rule),
          labels: rule.labels ?? {},
          annotations: rule.annotations ?? {},
          group: linted,
          index,
        });
      } catch (error) {
        if (!(error instanceof UnreadableQuery)) throw error;
        unreadable.push({ rule: name, group, what: error.message });
      }
    }
    return linted;
  });
  return { groups, unreadable };
}

function waitOf({ for: wait = "0s" }: WrittenRule): number {
  const stated = withUnit(wait);
  if (!DURATION_PATTERN.test(stated)) throw new UnreadableQuery("has a for that is no duration", 0);
  return seconds(stated);
}
