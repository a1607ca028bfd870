import type { WrittenRule } from "../core/rules.ts";
import { selectorsOf } from "../promql/expression.ts";
import { canMatch } from "../promql/matching.ts";
import { parsedQuery } from "../promql/parse.ts";

/** A part of a group of rules that is evaluated as a group of its own. */
export interface Part {
  readonly rules: readonly WrittenRule[];
  /** How many parts stand before it on the longest way of records: 0 reads no other part. */
  readonly level: number;
}

/**
 * The rules of a group in parts of at most `most`, in which no rule comes before one whose record it reads. Parts are evaluated
 * concurrently, so what reads a record of another part is late; that is decided so that a page is not: the critical alerts and every
 * record that they read are the first part, if that is not too long, and read no other. The rest follows in its order. A part reads only
 * those before it.
 *
 * @param interval Seconds between two evaluations: what a selector with such an offset reads is there, in whatever part it is.
 */
export function partsOf(rules: readonly WrittenRule[], most: number, interval: number): readonly Part[] {
  if (rules.length <= most) return rules.length === 0 ? [] : [{ rules, level: 0 }];
  const reads = readsOf(rules, interval);
  const urgent = ancestors(
    rules.flatMap(({ labels, alert }, index) =>
      alert !== undefined && labels?.["severity"] === "critical" ? [index] : [],
    ),
    reads,
  );
  const first = urgent.size > 0 && urgent.size <= most ? [...urgent] : [];
  const others = [...rules.keys()].filter((index) => !first.includes(index));
  // The earliest others fill the first part up, since they read nothing that is not in it: fewer parts, and fewer rules that are late.
  const rest = first.length === 0 ? others : others.slice(most - first.length);
  if (first.length > 0) first.push(...others.slice(0, most - first.length));
  const parts = first.length === 0 ? [] : [first.sort((a, b) => a - b)];
  for (let from = 0; from < rest.length; from += most) parts.push(rest.slice(from, from + most));
  return levelled(parts, reads).map(({ indices, level }) => ({
    rules: indices.map((index) => rules[index] as WrittenRule),
    level,
  }));
}

/** For each rule, those before it whose record of the same evaluation it reads. */
function readsOf(rules: readonly WrittenRule[], interval: number): readonly (readonly number[])[] {
  return rules.map(({ expr }, reader) => {
    const query = parsedQuery(expr);
    const before = rules.slice(0, reader).map((rule, index) => ({ rule, index }));
    // What cannot be read may read anything.
    if (query === undefined) return before.map(({ index }) => index);
    const selectors = selectorsOf(query).filter(({ offset }) => offset < interval);
    return before
      .filter(({ rule: { record, labels = {} } }) =>
        selectors.some(
          ({ metric, matchers }) =>
            record !== undefined &&
            (metric === undefined || metric === record) &&
            matchers.every((matcher) => {
              const own = labels[matcher.label];
              return own === undefined || canMatch(matcher, own);
            }),
        ),
      )
      .map(({ index }) => index);
  });
}

/** The rules and everything that they read, directly or through others. */
function ancestors(of: readonly number[], reads: readonly (readonly number[])[]): ReadonlySet<number> {
  const found = new Set<number>();
  const next = [...of];
  for (let index = next.pop(); index !== undefined; index = next.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    next.push(...(reads[index] ?? []));
  }
  return found;
}

function levelled(parts: readonly (readonly number[])[], reads: readonly (readonly number[])[]) {
  const partOf = new Map(parts.flatMap((indices, part) => indices.map((index) => [index, part] as const)));
  const levels: number[] = [];
  return parts.map((indices, part) => {
    const others = indices.flatMap((index) => reads[index] ?? []).map((read) => partOf.get(read) ?? part);
    const level = Math.max(
      0,
      ...others.filter((other) => other !== part).map((other) => (levels[other] ?? 0) + 1),
    );
    levels.push(level);
    return { indices, level };
  });
}
