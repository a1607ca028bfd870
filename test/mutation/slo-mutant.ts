import type { Mutant } from "./mutants.ts";
import type { Rule } from "./slo-batch.ts";
import type { SloKind } from "./slo-kinds.ts";

/** A mutant of one rule of an SLO. */
export interface SloMutant {
  readonly kind: SloKind;
  /** The alert's or the record's name. */
  readonly rule: string;
  readonly index: number;
  readonly mutant: Mutant<Rule>;
}
