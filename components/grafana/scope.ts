import { memoize } from "../core/memoize.ts";
import { type PromqlNode, textOf, treeOf } from "../promql/tree.ts";

/** The label with the name of the cluster, if one Prometheus has series of several clusters. */
export const CLUSTER_LABEL = "cluster";

/**
 * A query with matchers for the dashboard's variables: each selector gets `cluster=~"$cluster"`, and a matcher for each other variable
 * whose label the innermost aggregation around it keeps. Other labels may not exist on its series.
 */
export function scoped(expr: string, variables: readonly string[]): string {
  return narrowedTo(variables.join())(expr);
}

/** A selector with a matcher for each of these variables. */
export function selectorOf(selector: string, variables: readonly string[]): string {
  return inserted(selector, () => variables);
}

// All environments have the same queries, so each is parsed once.
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
  // For parsing, Grafana's placeholders are replaced by durations with the same number of characters, so that positions stay the same.
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
