import { type Duration, duration, seconds } from "../../components/core/duration.ts";
import type { WrittenRule } from "../../components/core/rules.ts";
import { nodesOf, type PromqlNode } from "../../components/promql/tree.ts";

/** A rule that is wrong in one place. */
export interface Mutant<Rule extends WrittenRule = WrittenRule> {
  /** What was done, and to what: the mutant's name, stable as long as the rule is. */
  readonly what: string;
  readonly rule: Rule;
}

/** One place of an expression and what stands there instead. */
interface Edit {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const FLIPPED: Readonly<Record<string, string>> = {
  ">": "<",
  "<": ">",
  ">=": "<=",
  "<=": ">=",
  "==": "!=",
  "!=": "==",
};
const NEGATED: Readonly<Record<string, string>> = { "=": "!=", "!=": "=", "=~": "!~", "!~": "=~" };
const SETS = ["and", "or", "unless"];

/**
 * Everything that can go wrong in a rule in one place: a comparison flipped, a threshold a quarter higher or lower, a window
 * doubled or halved, a matcher dropped or negated, a set operator swapped, a label of `by` dropped, and the rule's durations off by
 * two evaluations. Rules that come out the same are left out, as x1.25 of 0 does.
 */
export function mutantsOf<Rule extends WrittenRule>(rule: Rule, interval: Duration): Mutant<Rule>[] {
  const whole = rule.expr;
  return [
    ...nodesOf(whole)
      .flatMap((node) => edits(node, whole))
      .map(({ what, from, to, text }) => ({
        what: `${what} at ${from}`,
        rule: { ...rule, expr: whole.slice(0, from) + text + whole.slice(to) },
      }))
      .filter(({ rule: { expr } }) => expr !== whole),
    ...shifted(rule, "for", interval),
    ...(rule.keep_firing_for === undefined ? [] : shifted(rule, "keep_firing_for", interval)),
  ];
}

function shifted<Rule extends WrittenRule>(
  rule: Rule,
  field: "for" | "keep_firing_for",
  interval: Duration,
): Mutant<Rule>[] {
  const held = seconds((rule[field] ?? "0s") as Duration);
  return [-2, 2]
    .map((evaluations) => held + evaluations * seconds(interval))
    .filter((changed) => changed >= 0)
    .map((changed) => ({
      what: `${field} ${duration(held)} → ${duration(changed)}`,
      rule: { ...rule, [field]: duration(changed) },
    }));
}

function edits(node: PromqlNode, expr: string): Edit[] {
  switch (node.name) {
    case "BinaryExpr":
      return [...comparison(node, expr), ...threshold(node, expr), ...setOperator(node, expr)];
    case "MatrixSelector":
      return window(node, expr);
    case "FunctionCall":
      return fraction(node, expr);
    case "LabelMatchers":
      return matchers(node, expr);
    case "AggregateModifier":
      return node.getChild("By") ? groupingLabels(node, expr) : [];
    default:
      return [];
  }
}

const COMPARISONS = ["Gtr", "Lss", "Gte", "Lte", "Eql", "Neq"];

function comparisonOf(node: PromqlNode): PromqlNode | undefined {
  return COMPARISONS.map((name) => node.getChild(name)).find((found) => found !== null) ?? undefined;
}

function comparison(node: PromqlNode, expr: string): Edit[] {
  const operator = comparisonOf(node);
  if (operator === undefined) return [];
  const old = expr.slice(operator.from, operator.to);
  return [edit(operator, `${old} flipped`, FLIPPED[old] ?? old)];
}

/** A number that something is compared with. */
function threshold(node: PromqlNode, expr: string): Edit[] {
  if (comparisonOf(node) === undefined) return [];
  return node.getChildren("NumberDurationLiteral").flatMap((literal) => scaled(literal, expr));
}

/** The bounds that a part of a histogram's observations lies between. */
function fraction(node: PromqlNode, expr: string): Edit[] {
  const name = node.getChild("FunctionIdentifier");
  const body = node.getChild("FunctionCallBody");
  if (name === null || body === null || expr.slice(name.from, name.to) !== "histogram_fraction") return [];
  return body.getChildren("NumberDurationLiteral").flatMap((literal) => scaled(literal, expr));
}

function scaled(literal: PromqlNode, expr: string): Edit[] {
  const value = Number(expr.slice(literal.from, literal.to));
  if (value === 0) return [];
  return [1.25, 0.8].map((factor) =>
    edit(
      literal,
      `threshold ${value} ${factor > 1 ? "x1.25" : "/1.25"}`,
      String(Number((value * factor).toPrecision(12))),
    ),
  );
}

function setOperator(node: PromqlNode, expr: string): Edit[] {
  const operator = ["And", "Or", "Unless"].map((name) => node.getChild(name)).find((found) => found !== null);
  if (operator === undefined || operator === null) return [];
  const old = expr.slice(operator.from, operator.to);
  return SETS.filter((other) => other !== old).map((other) => edit(operator, `${old} → ${other}`, other));
}

function window(node: PromqlNode, expr: string): Edit[] {
  const text = expr.slice(node.from, node.to);
  const open = text.lastIndexOf("[") + 1;
  const old = text.slice(open, text.lastIndexOf("]")) as Duration;
  const place = { from: node.from + open, to: node.from + open + old.length };
  return [2, 0.5].map((factor) => ({
    ...place,
    what: `window ${old} ${factor > 1 ? "x2" : "/2"}`,
    text: `${seconds(old) * factor}s`,
  }));
}

function matchers(node: PromqlNode, expr: string): Edit[] {
  const all = node.getChildren("UnquotedLabelMatcher");
  return all.flatMap((matcher) => {
    const text = expr.slice(matcher.from, matcher.to);
    const operator = matcher.getChild("MatchOp");
    const rest = all.filter((other) => other !== matcher).map((other) => expr.slice(other.from, other.to));
    return [
      {
        what: `${text} dropped`,
        from: node.from,
        to: node.to,
        text: rest.length > 0 ? `{${rest.join(", ")}}` : "",
      },
      ...(operator === null
        ? []
        : [edit(operator, `${text} negated`, NEGATED[expr.slice(operator.from, operator.to)] ?? "=")]),
    ];
  });
}

function groupingLabels(node: PromqlNode, expr: string): Edit[] {
  const group = node.getChild("GroupingLabels");
  if (group === null) return [];
  const names = group.getChildren("LabelName").map((label) => expr.slice(label.from, label.to));
  return names.map((dropped) =>
    edit(group, `by ${dropped} dropped`, `(${names.filter((name) => name !== dropped).join(", ")})`),
  );
}

function edit({ from, to }: PromqlNode, what: string, text: string): Edit {
  return { what, from, to, text };
}
