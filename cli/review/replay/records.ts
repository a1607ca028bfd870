import { type ReplayedRule, reach, reads, selectorsIn, withNames } from "./rules.ts";

/** The recording rules of one side whose series the history does not have as that side would write them. */
export interface Computed {
  /** In an order in which each comes after those that it reads. */
  readonly records: readonly ComputedRecord[];
  /** Rules that read each other in a circle, which only Prometheus itself can evaluate step by step. */
  readonly circular: ReadonlySet<ReplayedRule>;
  /** A query of this side that reads the computed series. */
  readonly rewritten: (expr: string) => string;
  /** Whether a query reads a computed series. */
  readonly isRead: (expr: string) => boolean;
}

export interface ComputedRecord {
  readonly rule: ReplayedRule;
  /** The name under which its series are written, so that they never mix with those of the history. */
  readonly name: string;
  readonly expr: string;
  /** Seconds before the replay begins from which on others read it. */
  readonly lead: number;
}

/**
 * What must be computed of one side. Beside the records that are `missing`, those that read them, and those that a query reads together
 * with them: a query reads a name either from the history or computed. Only what the alerts read, directly or not, is computed.
 */
export function computedOf(
  side: "base" | "head",
  rules: readonly ReplayedRule[],
  missing: ReadonlySet<ReplayedRule>,
): Computed {
  const records = rules.filter(({ kind }) => kind === "record");
  const byName = new Map<string, ReplayedRule[]>();
  for (const rule of records) byName.set(rule.name, [...(byName.get(rule.name) ?? []), rule]);
  const readBy = (expr: string): readonly (readonly ReplayedRule[])[] =>
    selectorsIn(expr).map((selector) =>
      (byName.get(selector.metric ?? "") ?? []).filter((rule) => reads(selector, rule)),
    );
  const wanted = reachable(
    rules.filter(({ kind }) => kind === "alert"),
    (rule) => readBy(rule.expr).flat(),
  );
  const chosen = new Set(records.filter((rule) => missing.has(rule) && wanted.has(rule)));
  const readers = rules.filter((rule) => rule.kind === "alert" || wanted.has(rule));
  for (let size = -1; size !== chosen.size; ) {
    size = chosen.size;
    for (const reader of readers)
      for (const read of readBy(reader.expr)) {
        if (!read.some((rule) => chosen.has(rule))) continue;
        for (const rule of read) chosen.add(rule);
        if (reader.kind === "record") chosen.add(reader);
      }
  }
  const names = new Map([...chosen].map(({ name }) => [name, `replay:${side}:${name}`]));
  const isRead = (expr: string) => readBy(expr).some((read) => read.some((rule) => chosen.has(rule)));
  const rewritten = (expr: string) =>
    isRead(expr)
      ? withNames(expr, (selector) =>
          (byName.get(selector.metric ?? "") ?? []).some((rule) => chosen.has(rule) && reads(selector, rule))
            ? names.get(selector.metric ?? "")
            : undefined,
        )
      : expr;
  const { ordered, circular } = inOrder(chosen, (rule) => readBy(rule.expr).flat());
  const leads = leadsOf(ordered, readers, readBy);
  return {
    records: ordered.map((rule) => ({
      rule,
      name: names.get(rule.name) ?? rule.name,
      expr: rewritten(rule.expr),
      lead: leads.get(rule) ?? 0,
    })),
    circular,
    rewritten,
    isRead,
  };
}

function reachable(
  from: readonly ReplayedRule[],
  next: (rule: ReplayedRule) => readonly ReplayedRule[],
): ReadonlySet<ReplayedRule> {
  const seen = new Set<ReplayedRule>();
  const waiting = [...from];
  for (let rule = waiting.pop(); rule !== undefined; rule = waiting.pop())
    for (const below of next(rule))
      if (!seen.has(below)) {
        seen.add(below);
        waiting.push(below);
      }
  return seen;
}

function inOrder(
  chosen: ReadonlySet<ReplayedRule>,
  below: (rule: ReplayedRule) => readonly ReplayedRule[],
): { readonly ordered: readonly ReplayedRule[]; readonly circular: ReadonlySet<ReplayedRule> } {
  const ordered = new Set<ReplayedRule>();
  const left = new Set(chosen);
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const rule of left)
      if (below(rule).every((each) => !chosen.has(each) || ordered.has(each))) {
        ordered.add(rule);
        left.delete(rule);
      }
  }
  return { ordered: [...ordered], circular: left };
}

/** How long before the replay each record must begin: what its readers reach back, and they before them. */
function leadsOf(
  ordered: readonly ReplayedRule[],
  readers: readonly ReplayedRule[],
  readBy: (expr: string) => readonly (readonly ReplayedRule[])[],
): ReadonlyMap<ReplayedRule, number> {
  const leads = new Map<ReplayedRule, number>();
  const lengthen = (reader: ReplayedRule, own: number) => {
    for (const rule of readBy(reader.expr).flat())
      leads.set(rule, Math.max(leads.get(rule) ?? 0, own + reach(reader.expr)));
  };
  for (const reader of readers) if (reader.kind === "alert") lengthen(reader, reader.hold + reader.keep);
  for (const reader of ordered.toReversed()) lengthen(reader, leads.get(reader) ?? 0);
  return leads;
}
