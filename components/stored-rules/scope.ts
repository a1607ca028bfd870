import { memoize } from "../core/memoize.ts";
import { type PromqlNode, syntaxErrors, textOf, treeOf } from "../promql/tree.ts";

/** Labels that tell the series of one environment from those of another in the same store. */
export type Origin = Readonly<Record<string, string>>;

/**
 * A query that reads the series of one origin alone: each selector gets a matcher for each label of the origin that it has no matcher
 * of. The rest of the text is kept. Text that is no PromQL is returned as it is.
 */
export function scopedQuery(expr: string, origin: Origin): string {
  return scopedTo(JSON.stringify(origin))(expr);
}

const scopedTo = memoize((origin: string) => {
  const labels = Object.entries(JSON.parse(origin) as Origin);
  return memoize((expr: string) => (syntaxErrors(expr).length > 0 ? expr : withMatchers(expr, expr, labels)));
});

function withMatchers(expr: string, readable: string, labels: readonly (readonly [string, string])[]) {
  const insertions: { readonly at: number; readonly text: string }[] = [];
  treeOf(readable).iterate({
    enter: ({ node }) => {
      if (node.name !== "VectorSelector") return;
      const matchers = node.getChild("LabelMatchers");
      const named = labelsIn(matchers, readable);
      const added = labels
        .filter(([label]) => !named.has(label))
        .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
        .join(", ");
      if (added === "") return;
      if (matchers === null) insertions.push({ at: node.to, text: `{${added}}` });
      else insertions.push({ at: matchers.from + 1, text: isEmpty(matchers) ? added : `${added}, ` });
    },
  });
  return insertions.reduceRight(
    (text, { at, text: added }) => text.slice(0, at) + added + text.slice(at),
    expr,
  );
}

function isEmpty(matchers: PromqlNode): boolean {
  return (
    matchers.getChildren("UnquotedLabelMatcher").length +
      matchers.getChildren("QuotedLabelMatcher").length ===
    0
  );
}

function labelsIn(matchers: PromqlNode | null, text: string): ReadonlySet<string> {
  const found = matchers?.getChildren("UnquotedLabelMatcher") ?? [];
  return new Set(found.map((matcher) => textOf(matcher.getChild("LabelName"), text)));
}

/** A string literal of a template: quoted with escapes, or in backquotes. */
const LITERAL = /`[^`]*`|"(?:[^"\\\n]|\\.)*"/g;
/** What `printf` replaces. What stands in its place for the parser is as long, so that positions stay the same. */
const VERB = /%[-+# 0]*\d*(?:\.\d+)?[a-zA-Z]/g;

/** A template of an annotation whose queries read the series of one origin alone. */
export function scopedTemplate(template: string, origin: Origin): string {
  return template.replaceAll(/\{\{.*?\}\}/gs, (action) =>
    /\bquery\b/.test(action)
      ? action.replaceAll(LITERAL, (literal) => scopedLiteral(literal, origin))
      : action,
  );
}

function scopedLiteral(literal: string, origin: Origin): string {
  const isRaw = literal.startsWith("`");
  const text = isRaw ? literal.slice(1, -1) : (JSON.parse(literal) as string);
  const readable = text.replaceAll(VERB, (verb) =>
    verb.endsWith("q") ? `"${"1".repeat(verb.length - 2)}"` : "1".repeat(verb.length),
  );
  if (syntaxErrors(readable).length > 0) return literal;
  const scoped = withMatchers(text, readable, Object.entries(origin));
  return isRaw ? `\`${scoped}\`` : JSON.stringify(scoped);
}
