import type { SloMutant } from "./slo-trial.ts";

/** A mutant that no series could tell from the original. */
interface Equivalent {
  readonly rule: RegExp;
  readonly mutant: RegExp;
  readonly why: string;
}

/** Every mutant of an SLO's rules that survives because it means the same. What is not listed here counts as a gap of the cases. */
export const EQUIVALENT: readonly Equivalent[] = [
  {
    rule: /^SLOErrorBudgetBurn|^slo:sli_error:ratio_rate/,
    mutant: /^(?:service|slo)="[^"]*" dropped/,
    why: "it is joined, label by label, with a selector that still names the service and the objective",
  },
];

/** Why a mutant means the same as the original; undefined where it does not. */
export function whyEquivalent({ rule, mutant: { what } }: SloMutant): string | undefined {
  return EQUIVALENT.find((one) => one.rule.test(rule) && one.mutant.test(what))?.why;
}
