import type { InstantVector } from "../signals/promql.ts";
import { type Slo, sloLabels } from "./model.ts";
import type { RecordingRule } from "./rule.ts";

/** A rule that records an expression of an SLO under a name. */
export function record(slo: Slo, name: string, expr: InstantVector): RecordingRule {
  return { record: name, expr: expr.text, labels: sloLabels(slo) };
}
