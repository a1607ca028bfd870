import type { RecordingRule } from "../core/rules.ts";
import type { InstantVector } from "../signals/promql.ts";
import { type Slo, sloLabels } from "./model.ts";

/** A rule that records an expression of an SLO under a name. */
export function record(slo: Slo, name: string, expr: InstantVector): RecordingRule {
  return { record: name, expr: expr.text, labels: sloLabels(slo) };
}
