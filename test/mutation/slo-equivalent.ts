import type { SloMutant } from "./slo-mutant.ts";

/** A mutant that no series could tell from the original. */
interface Equivalent {
  /** The kinds of objective that it holds for. Default: all. */
  readonly kinds?: readonly string[];
  readonly rule: RegExp;
  readonly mutant: RegExp;
  readonly why: string;
}

/** Kinds whose events are the looks at a gauge. */
const LOOKS = ["backlog", "freshness", "batch freshness", "probe"];

/** Every mutant of an SLO's rules that survives because it means the same. What is not listed here counts as a gap of the cases. */
const EQUIVALENT: readonly Equivalent[] = [
  {
    rule: /^SLOErrorBudgetBurn|^slo:sli_error:ratio_rate/,
    mutant: /^(?:service|slo)="[^"]*" dropped/,
    why: "it is joined, label by label, with a selector that still names the service and the objective",
  },
  {
    kinds: [...LOOKS, "a team's own share"],
    rule: /^slo:sli_error:ratio_rate/,
    mutant: /^or → and/,
    why: "a look is one event at least, and a known second is one: a total is never zero, so that the other side is never asked",
  },
  {
    kinds: LOOKS,
    rule: /^SLOErrorBudgetBurn|^SLOSignalUnclassified/,
    mutant: /^threshold 2\.5 \/1\.25/,
    why: "looks are whole: more than two errors are three, as more than two and a half are",
  },
];

/** Why a mutant means the same as the original; undefined where it does not. */
export function whyEquivalent({ kind, rule, mutant: { what } }: SloMutant): string | undefined {
  return EQUIVALENT.find(
    ({ kinds = [kind.name], ...one }) =>
      kinds.includes(kind.name) && one.rule.test(rule) && one.mutant.test(what),
  )?.why;
}
