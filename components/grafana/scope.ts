import { memoize } from "../core/memoize.ts";
import { type PromqlNode, textOf, treeOf } from "../promql/tree.ts";

/** The label that tells clusters apart where one Prometheus holds several; where it holds one, nothing carries it. */
export const CLUSTER_LABEL = "cluster";

/**
 * A query narrowed to what the dashboard's variables choose: each selector gets `cluster=~"$cluster"`, and a condition on every
 * other variable that the innermost aggregation around it keeps as a label. What is aggregated away may not be there at all.
 */
export function scoped(expr: string, variables: readonly string[]): string {
  return narrowedTo(variables.join())(expr);
}

/** One selector with a condition on each of these variables. */
export function selectorOf(selector: string, variables: readonly string[]): string {
  return inserted(selector, () => variables);
}

// One query is drawn in every environment, which differ in limits alone: each is read once.
const narrowedTo = memoize((variables: string) =>
  memoize((expr: string) => narrow(expr, variables === "" ? [] : variables.split(","))),
);

function narrow(expr: string, variables: readonly string[]): string {
  return inserted(expr, (node, text) => {
    const kept = groupingAround(node, text);
    return variables.filter((name) => name === CLUSTER_LABEL || kept.includes(name));
  });
}

function inserted(
  expr: string,
  variablesOf: (selector: PromqlNode, text: string) => readonly string[],
): string {
  // Grafana's placeholders stand where PromQL wants a duration, of which any of the same length will do to read the rest.
  const readable = expr.replaceAll(/\$__(?:rate_interval|interval|range)(_s)?/g, (name, isNumber) =>
    isNumber ? "7".repeat(name.length) : `${"7".repeat(name.length - 1)}s`,
  );
  const insertions: { readonly at: number; readonly text: string }[] = [];
  treeOf(readable).iterate({
    enter: ({ node }) => {
      if (node.name !== "VectorSelector") return;
      const conditions = variablesOf(node, readable)
        .map((name) => `${name}=~"$${name}"`)
        .join(", ");
      if (conditions === "") return;
      const matchers = node.getChild("LabelMatchers");
      if (matchers === null) insertions.push({ at: node.to, text: `{${conditions}}` });
      else {
        const isEmpty = readable.slice(matchers.from + 1, matchers.to - 1).trim() === "";
        insertions.push({ at: matchers.to - 1, text: isEmpty ? conditions : `, ${conditions}` });
      }
    },
  });
  return insertions.reduceRight(
    (text, { at, text: added }) => text.slice(0, at) + added + text.slice(at),
    expr,
  );
}

/** The labels that the innermost `by (…)` around a selector names. */
function groupingAround(selector: PromqlNode, expr: string): readonly string[] {
  for (let node = selector.parent; node; node = node.parent) {
    const modifier = node.name === "AggregateExpr" ? node.getChild("AggregateModifier") : null;
    if (modifier?.getChild("By") == null) continue;
    return (modifier.getChild("GroupingLabels")?.getChildren("LabelName") ?? []).map((label) =>
      textOf(label, expr),
    );
  }
  return [];
}
