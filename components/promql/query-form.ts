/** The texts in quotes of a query, with their quotes, by where their empty quotes are in the form. */
export type Literals = ReadonlyMap<number, string>;

/** A query without what is in its quotes: the same for queries that differ in names alone. */
export interface QueryForm {
  readonly text: string;
  readonly literals: Literals;
}

// As the grammar has them: a quote ends at the next, but for one behind a backslash, and backticks at the next whatever is between.
const LITERAL = /"(?:[^\\\n"]|\\[\s\S])*"|'(?:[^\\\n']|\\[\s\S])*'|`[^`]*`/g;

/** Undefined for a query with a comment, or what looks like one, since a quote begins nothing there, and for one with a quote that does not end. */
export function queryForm(query: string): QueryForm | undefined {
  if (query.includes("#")) return undefined;
  if (/["'`]/.test(query.replace(LITERAL, ""))) return undefined;
  const literals = new Map<number, string>();
  let shorter = 0;
  const text = query.replace(LITERAL, (literal, at: number) => {
    literals.set(at - shorter, literal);
    shorter += literal.length - EMPTY.length;
    return EMPTY;
  });
  return { text, literals };
}

const EMPTY = '""';
