import { memoizeByObject } from "../../core/memoize.ts";
import {
  type AggregateExpression,
  type BinaryExpression,
  type CallExpression,
  constantOf,
  type Expression,
  isFilter,
  type SelectorExpression,
} from "../../promql/expression.ts";
import type { Recorded } from "../recorded.ts";
import type { LintedRule } from "../rule.ts";
import { boundsOf, mayHold } from "./bounds.ts";
import { has, inBoth, inEither, type Labels, NONE, only, withAdded, without } from "./label-set.ts";

/** Where the branches of an `or` differ: the labels that all of them have, or those that any of them has. */
type Branches = "every" | "any";

/** Records of records end somewhere; a circle of them must not keep us. */
const DEEPEST = 12;

/**
 * The labels that the series of a result can have, whichever branch of an `or` they come from: an alert must read well
 * whichever branch raised it.
 */
export function labelsOf(
  expression: Expression,
  recorded: Recorded,
  branches: Branches = "every",
  depth = 0,
): Labels {
  const inner = (part: Expression): Labels => labelsOf(part, recorded, branches, depth);
  switch (expression.kind) {
    case "number":
    case "string":
      return NONE;
    case "negated":
    case "range":
    case "subquery":
      return inner(expression.of);
    case "selector":
      return labelsOfSelector(expression, recorded, branches, depth);
    case "call":
      return labelsOfCall(expression, inner);
    case "aggregate":
      return labelsOfAggregate(expression, inner(expression.of));
    case "binary":
      return labelsOfOperator(expression, recorded, branches, depth);
  }
}

/** The labels of what a rule records. A query over all services reads hundreds of records that read each other. */
function labelsOfRecord(one: LintedRule, recorded: Recorded, branches: Branches, depth: number): Labels {
  const rule = one.like ?? one;
  const compute = () =>
    withAdded(labelsOf(rule.expression, recorded, branches, depth), Object.keys(rule.labels));
  // Near the end of the depth the answer is coarser, and would be wrong for who asks from above.
  if (depth > DEEPEST / 2) return compute();
  const known = knownLabels(recorded)[branches];
  const before = known.get(rule);
  if (before !== undefined) return before;
  const labels = compute();
  known.set(rule, labels);
  return labels;
}

const knownLabels = memoizeByObject(
  (_: Recorded): Readonly<Record<Branches, Map<LintedRule, Labels>>> => ({
    every: new Map(),
    any: new Map(),
  }),
);

function labelsOfSelector(
  selector: SelectorExpression,
  recorded: Recorded,
  branches: Branches,
  depth: number,
): Labels {
  const empty = selector.matchers.filter(({ operator, value }) => operator === "=" && value === "");
  const producers = depth < DEEPEST ? recorded.producersOf(selector) : [];
  const made = producers.map((rule) => labelsOfRecord(rule, recorded, branches, depth + 1));
  return without(
    made.length === 0 ? { mode: "all-but", names: new Set() } : joined(made, branches),
    empty.map(({ label }) => label),
  );
}

function labelsOfCall({ name, args }: CallExpression, inner: (part: Expression) => Labels): Labels {
  switch (name) {
    case "vector":
    case "scalar":
    case "time":
    case "pi":
      return NONE;
    case "absent":
    case "absent_over_time":
      return only(labelsOfAbsent(args[0]));
  }
  const vector = args.find(({ kind }) => kind !== "number" && kind !== "string");
  const labels = vector === undefined ? NONE : inner(vector);
  if (name === "histogram_quantile" || name === "histogram_fraction") return without(labels, ["le"]);
  const target = args[1];
  if ((name === "label_replace" || name === "label_join") && target?.kind === "string")
    return withAdded(labels, [target.value]);
  return labels;
}

/** `absent` takes its labels from the equalities of a selector that stands there alone. */
function labelsOfAbsent(arg: Expression | undefined): string[] {
  const selector = arg?.kind === "range" ? arg.of : arg;
  if (selector?.kind !== "selector") return [];
  return selector.matchers
    .filter(({ operator, value }) => operator === "=" && value !== "")
    .map(({ label }) => label);
}

/** Of these, the series come out as they went in; of the others, one for each group. */
const CHOOSING: ReadonlySet<string> = new Set(["topk", "bottomk", "limitk", "limit_ratio"]);

function labelsOfAggregate({ operation, grouping, parameter }: AggregateExpression, of: Labels): Labels {
  if (CHOOSING.has(operation)) return of;
  const kept = grouping === undefined ? NONE : grouped(grouping, of);
  return operation === "count_values" && parameter?.kind === "string"
    ? withAdded(kept, [parameter.value])
    : kept;
}

function grouped({ mode, labels }: NonNullable<AggregateExpression["grouping"]>, of: Labels): Labels {
  return mode === "by" ? only(labels.filter((label) => has(of, label))) : without(of, labels);
}

function labelsOfOperator(
  expression: BinaryExpression,
  recorded: Recorded,
  branches: Branches,
  depth: number,
): Labels {
  const { operator, left, right, matching, many } = expression;
  const inner = (part: Expression, of: Branches = branches) => labelsOf(part, recorded, of, depth);
  if (operator === "or") return joined([inner(left), inner(right)], branches);
  if (operator === "and" || operator === "unless") return inner(left);
  if (isScalar(left)) return inner(right);
  if (isScalar(right))
    return joined(
      passing(expression, recorded).map((branch) => inner(branch)),
      branches,
    );
  if (many !== undefined) {
    const [holder, other] = many.side === "left" ? [left, right] : [right, left];
    const offered = inner(other);
    return withAdded(
      inner(holder),
      many.include.filter((label) => has(offered, label)),
    );
  }
  if (matching?.mode === "ignoring") return without(inner(left), matching.labels);
  // Series meet only if they agree on every label that is compared. So both sides must be able to have it; and if one has it
  // in every branch, the branches of the other that lack it meet nobody.
  const able = inBoth(inner(left, "any"), inner(right, "any"));
  const met = inBoth(able, inEither(inner(left), inner(right)));
  return matching === undefined ? met : only(matching.labels.filter((label) => has(met, label)));
}

/** Of what is compared with a number, the branches of an `or` that can pass: `or vector(0)` never exceeds 0.5. */
function passing(expression: BinaryExpression, recorded: Recorded): Expression[] {
  const { left, operator } = expression;
  const limit = constantOf(expression.right);
  if (!isFilter(expression) || limit === undefined) return [left];
  return branchesOf(left).filter((branch) => mayHold(boundsOf(branch, recorded), operator, limit));
}

function branchesOf(expression: Expression): Expression[] {
  if (expression.kind !== "binary" || expression.operator !== "or") return [expression];
  return [...branchesOf(expression.left), ...branchesOf(expression.right)];
}

function joined([first, ...others]: readonly Labels[], branches: Branches): Labels {
  return others.reduce(branches === "every" ? inBoth : inEither, first ?? NONE);
}

/** A number, and not a vector of series. */
function isScalar(expression: Expression): boolean {
  if (constantOf(expression) !== undefined) return true;
  return expression.kind === "call" && ["scalar", "time", "pi"].includes(expression.name);
}
