import { labelSetKey } from "../../../components/core/label-set.ts";
import type { Connection } from "../../verify/connection.ts";
import { isSameQuery } from "../query-diff.ts";
import { type Grid, gridWithin, presenceOf } from "./history.ts";
import { printed, type ReplayedRule } from "./rules.ts";

/** The history is looked at this often, at most: enough to see where a record begins. */
const LOOKS = 500;
const HOUR = 3600;
/** Of the moments at which the query of a record gives something, so many may lack the record: scrapes and restarts leave gaps. */
const TOLERATED = 0.02;

/**
 * Records of the base that a part of the history lacks: they were deployed later than the replay begins, or never. `inUse` are those that
 * alerts read.
 */
export async function missingIn(
  connection: Connection,
  inUse: readonly ReplayedRule[],
  from: number,
  to: number,
): Promise<ReadonlySet<ReplayedRule>> {
  const grid = gridWithin(from, to, Math.max(HOUR, Math.ceil((to - from) / LOOKS)), 0);
  const missing = new Set<ReplayedRule>();
  for (const rule of inUse) {
    const recorded = await momentsOf(connection, `count(${printed(rule)})`, grid);
    if (recorded.size === grid.count) continue;
    const given = await momentsOf(connection, `count(${rule.expr})`, grid);
    const lacking = [...given].filter((moment) => !recorded.has(moment)).length;
    if (lacking > TOLERATED * given.size) missing.add(rule);
  }
  return missing;
}

async function momentsOf(connection: Connection, expr: string, grid: Grid): Promise<ReadonlySet<number>> {
  const moments = new Set<number>();
  for (const { ranges } of await presenceOf(connection, expr, grid))
    for (const [first, last] of ranges) for (let index = first; index <= last; index++) moments.add(index);
  return moments;
}

/** The records of the head that differ from those of the base, so that the history cannot have them, and those that it lacks anyway. */
export function missingOfHead(
  head: readonly ReplayedRule[],
  base: readonly ReplayedRule[],
  missing: ReadonlySet<ReplayedRule>,
): ReadonlySet<ReplayedRule> {
  const byKey = new Map(base.filter(({ kind }) => kind === "record").map((rule) => [keyOf(rule), rule]));
  return new Set(
    head.filter((rule) => {
      if (rule.kind !== "record") return false;
      const same = byKey.get(keyOf(rule));
      return same === undefined || missing.has(same) || !isSameQuery(same.expr, rule.expr);
    }),
  );
}

function keyOf({ name, labels }: ReplayedRule): string {
  return JSON.stringify([name, labelSetKey(labels)]);
}
