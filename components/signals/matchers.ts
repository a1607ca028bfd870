import { memoizeByObject } from "../core/memoize.ts";

// Selectors of series, as PromQL writes them.

/** A matcher of one label. */
export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** A metric and matchers. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
export const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Text that needs no escape in a string literal. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A selector. Throws a RangeError for an invalid name of a metric. */
export function metric(name: string, ...matchers: readonly Matcher[]): Selector {
  if (!METRIC_NAME.test(name)) throw new RangeError(`${JSON.stringify(name)} is not a valid metric name`);
  return { metric: name, matchers };
}

/** The selector with further matchers. */
export function where(selector: Selector, ...matchers: readonly Matcher[]): Selector {
  return { ...selector, matchers: [...selector.matchers, ...matchers] };
}

/** Matchers that each label equals its value. */
export function equal(labels: Readonly<Record<string, string>>): Matcher[] {
  return Object.entries(labels).map(([label, value]) => matcher(label, "=", value));
}

/** A matcher that the whole value matches a regular expression, which must be valid in RE2 too. */
export function matching(label: string, pattern: RegExp): Matcher {
  return matcher(label, "=~", pattern.source);
}

/** A matcher that the whole value does not match a regular expression. */
export function notMatching(label: string, pattern: RegExp): Matcher {
  return matcher(label, "!~", pattern.source);
}

/** A matcher that a label exists. */
export function present(label: string): Matcher {
  return matcher(label, "!=", "");
}

function matcher(label: string, operator: Matcher["operator"], value: string): Matcher {
  if (!LABEL_NAME.test(label)) throw new RangeError(`${JSON.stringify(label)} is not a valid label name`);
  return { label, operator, value };
}

/** A selector as text: the metric with its matchers. */
export function printSelector({ metric: name, matchers }: Selector): string {
  return `${name}${printMatchers(matchers)}`;
}

/** Many selectors share the same list of matchers. */
const printMatchers = memoizeByObject((matchers: readonly Matcher[]) => {
  if (matchers.length === 0) return "";
  return `{${matchers.map(({ label, operator, value }) => `${label}${operator}${quoted(value)}`).join(",")}}`;
});

/** A string literal. JSON's escapes are a subset of PromQL's, except for a lone surrogate, which is rejected. */
export function quoted(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (/\p{Surrogate}/u.test(value))
    throw new RangeError(`${JSON.stringify(value)} contains a lone surrogate`);
  return JSON.stringify(value);
}
