import { keyOf } from "./events.ts";
import type { Journey } from "./files.ts";
import type { JourneyRow, ObjectiveRow } from "./result.ts";

/**
 * What a journey over several services came to. In series every part must succeed, so the success is the product; weighted, it is the
 * weighted mean. Events in maintenance do not count. `share` is how much of the month is over.
 */
export function journeyRow(journey: Journey, rows: readonly ObjectiveRow[], share: number): JourneyRow {
  const { name, owner, parts, objective } = journey;
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const objectives = journey.objectives.map(({ service, slo, weight = 1 }) => ({
    service,
    slo,
    weight,
    success: successOf(byKey.get(keyOf({ service, slo }))),
  }));
  const percent = Number(objective);
  const success = combined(parts, objectives);
  const spent = success === null ? null : (share * (1 - success)) / (1 - percent / 100);
  return {
    name,
    owner,
    percent,
    parts,
    objectives,
    success,
    spent,
    isMet: spent === null ? null : spent <= 1,
  };
}

function combined(parts: Journey["parts"], objectives: JourneyRow["objectives"]): number | null {
  let [product, sum, weights] = [1, 0, 0];
  for (const { success, weight } of objectives) {
    if (success === null) return null;
    product *= success;
    sum += weight * success;
    weights += weight;
  }
  return parts === "series" ? product : sum / weights;
}

function successOf(row: ObjectiveRow | undefined): number | null {
  if (row === undefined) return null;
  const total = row.total - row.excluded.total;
  return total <= 0 ? null : 1 - (row.errors - row.excluded.errors) / total;
}
