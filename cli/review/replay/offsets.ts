import { duration } from "../../../components/core/duration.ts";
import type { Connection } from "../../verify/connection.ts";
import { QueryRefused } from "../../verify/connection.ts";
import { printed, type ReplayedRule } from "./rules.ts";

/** Less than the look-back of 5 minutes, so that nothing that lasts as long is missed. */
const STEP = "4m";

/**
 * How many seconds after a multiple of its interval Prometheus evaluates each group: it spreads them out by a hash of their names. The
 * samples that a group left in the history say it; a group that left none is not in the map.
 */
export async function offsetsOf(
  connection: Connection,
  rules: readonly ReplayedRule[],
  from: number,
  to: number,
): Promise<ReadonlyMap<string, number>> {
  const offsets = new Map<string, number>();
  const groups = new Map<string, ReplayedRule[]>();
  for (const rule of rules) groups.set(rule.group, [...(groups.get(rule.group) ?? []), rule]);
  for (const [group, members] of groups) {
    const records = members.filter(({ kind }) => kind === "record").slice(0, 3);
    const alerts = members.filter(({ kind }) => kind === "alert");
    const queries = [
      ...records.map((rule) => `max(timestamp(${printed(rule)}))`),
      ...alerts.map(
        (rule) => `max(max_over_time(timestamp(${printed(rule)})[${duration(to - from)}:${STEP}]))`,
      ),
    ];
    const [first] = members;
    for (const query of queries) {
      const at = await newest(connection, query, to);
      if (at === undefined || first === undefined) continue;
      offsets.set(group, Math.round((at % first.interval) * 1000) / 1000);
      break;
    }
  }
  return offsets;
}

async function newest({ ask }: Connection, query: string, time: number): Promise<number | undefined> {
  try {
    const { result } = await ask<{
      readonly result: readonly { readonly value: readonly [number, string] }[];
    }>("query", { query, time: time.toFixed(3) });
    return result[0] === undefined ? undefined : Number(result[0].value[1]);
  } catch (error) {
    if (error instanceof QueryRefused) return undefined;
    throw error;
  }
}
