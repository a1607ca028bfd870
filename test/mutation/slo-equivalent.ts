import type { SloMutant } from "./slo-mutant.ts";

/** A mutant that no series could tell from the original. */
interface Equivalent {
  /** The kinds of objective that it holds for. Default: all. */
  readonly kinds?: readonly string[];
  readonly rule: RegExp;
  readonly mutant: RegExp;
  /** What the mutant's expression contains. Default: anything. */
  readonly expr?: RegExp;
  readonly why: string;
}

/** Kinds whose events are the looks at a gauge. */
const LOOKS = ["backlog", "freshness", "batch freshness", "probe"];

/** The rules that count the steps of counters. */
const STEP = /^slo:sli_(?:total|errors|unclassified):irate$/;

/** Every mutant of an SLO's rules that survives because it means the same. What is not listed here counts as a gap of the cases. */
const EQUIVALENT: readonly Equivalent[] = [
  {
    rule: STEP,
    mutant: /^job="[^"]*" dropped/,
    // The only selector whose series are added up without a comparison is the current value of the step.
    expr: /^(?:histogram_count\()?\(?sum\(sum by \(job, instance, pod\) \(last_over_time\(\w+\{job=/,
    why: "what is known of targets is compared target by target, and the job is one of a target's labels",
  },
  {
    rule: STEP,
    mutant: /^namespace="[^"]*" dropped|^>= flipped/,
    expr: /scrape_series_added\{job="[^"]*"\}\[\w+\]\) >= |scrape_samples_post_metric_relabeling\{job="[^"]*"\}\[|scrape_series_added\S+ <= min_over_time\(scrape_samples/,
    why: "the two numbers of a scrape are compared label by label, and a target without them is known by its `up` anyway",
  },
  {
    rule: STEP,
    mutant: /^window 2m (?:x2|\/2)/,
    why: "in a case each range of one scrape holds exactly one sample, and an older one is the previous value, which adds nothing",
  },
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
export function whyEquivalent({ kind, rule, mutant }: SloMutant): string | undefined {
  return EQUIVALENT.find(
    ({ kinds = [kind.name], expr, ...one }) =>
      kinds.includes(kind.name) &&
      one.rule.test(rule) &&
      one.mutant.test(mutant.what) &&
      (expr?.test(mutant.rule.expr) ?? true),
  )?.why;
}
