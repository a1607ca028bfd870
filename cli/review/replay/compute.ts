import { labelSetKey } from "../../../components/core/label-set.ts";
import type { Connection } from "../../verify/connection.ts";
import { evaluated, gridWithin } from "./history.ts";
import type { LocalPrometheus } from "./local.ts";
import type { ComputedRecord } from "./records.ts";
import { STALE, type Written } from "./remote-write.ts";

/** So many samples are sent at once. */
const AT_ONCE = 20_000;

/**
 * Evaluates a record over the whole replay and what is read before it, and writes its series under their own name. A series that an
 * evaluation does not give ends there, as Prometheus ends it.
 */
export async function compute(
  { rule, name, expr, lead }: ComputedRecord,
  source: Connection,
  local: LocalPrometheus,
  from: number,
  to: number,
  offset: number,
): Promise<void> {
  const grid = gridWithin(from - lead - rule.interval, to, rule.interval, offset);
  const at = (index: number) => Math.round((grid.start + index * grid.step) * 1000);
  // The evaluation at which each series was given last.
  const last = new Map<string, { readonly labels: Written["labels"]; index: number }>();
  for await (const { first, count, parts } of evaluated(source, expr, grid)) {
    const written: { labels: Written["labels"]; samples: [number, number | typeof STALE][] }[] = [];
    const given = new Set<string>();
    for (const {
      labels: { __name__: _, ...labels },
      at: indexes,
      values,
    } of parts) {
      const named = { ...labels, ...rule.labels, __name__: name };
      const key = labelSetKey(named);
      const samples: [number, number | typeof STALE][] = [];
      let before = last.get(key)?.index;
      indexes.forEach((index, position) => {
        if (before !== undefined && before < index - 1) samples.push([at(before + 1), STALE]);
        samples.push([at(index), values[position] ?? Number.NaN]);
        before = index;
      });
      if (before !== undefined && before < first + count - 1) samples.push([at(before + 1), STALE]);
      if (before !== undefined) last.set(key, { labels: named, index: before });
      given.add(key);
      written.push({ labels: named, samples });
    }
    // Given to the end of the part before, and not at all in this one.
    for (const [key, { labels, index }] of last)
      if (!given.has(key) && index === first - 1) written.push({ labels, samples: [[at(first), STALE]] });
    await send(local, written);
  }
}

async function send(local: LocalPrometheus, series: readonly Written[]): Promise<void> {
  let [batch, size]: [Written[], number] = [[], 0];
  for (const { labels, samples } of series)
    for (let from = 0; from < samples.length; from += AT_ONCE) {
      const part = samples.slice(from, from + AT_ONCE);
      batch.push({ labels, samples: part });
      size += part.length;
      if (size < AT_ONCE) continue;
      await local.write(batch);
      [batch, size] = [[], 0];
    }
  if (batch.length > 0) await local.write(batch);
}
