/** Mutants that nothing could tell from the original. */
interface EquivalentMutant {
  readonly policy: string;
  readonly mutant: RegExp;
  readonly why: string;
}

/** Every mutant that survives because it means the same, and the reason. What is not listed here counts as a gap of the cases. */
export const EQUIVALENT: readonly EquivalentMutant[] = [
  {
    policy: "replicas",
    mutant: /only the right of app !== undefined && singletons/,
    why: "no list of names includes undefined",
  },
  {
    policy: "scrape-interval",
    mutant: /only the right of text === undefined \|\| !DURATION_PATTERN/,
    why: "the word undefined is no duration",
  },
  {
    policy: "pinned-image",
    mutant: /only the right of image !== undefined && isPinned/,
    why: "the word undefined has neither a tag nor a digest",
  },
  {
    policy: "node-updates",
    mutant: /: 0 \+ 1$/,
    why: "neither 0 nor 1 is more than half of 100",
  },
  {
    policy: "exposed-monitoring",
    mutant: /only the right of port !== undefined && MONITORING_PORTS/,
    why: "the set of ports has no undefined",
  },
  {
    policy: "pinned-image",
    mutant: /only the right of tag !== undefined && immutable/,
    why: "no form of a tag that is never moved is found in the word undefined",
  },
  {
    policy: "scrape-interval",
    mutant: /only the (?:left|right) of interval !== undefined && (?:timeout !== undefined|interval >)/,
    why: "undefined is neither more nor less than a number",
  },
  {
    policy: "rule-group-interval",
    mutant:
      /only the right of (?:wait !== undefined && DURATION_PATTERN|interval === undefined \|\| !DURATION_PATTERN)/,
    why: "the word undefined is no duration",
  },
  {
    policy: "error-budget",
    mutant: /^\d+: 5 \+ 1$/,
    why: "how long an answer may take is for the pack that asks; the predicate has the answer",
  },
];
