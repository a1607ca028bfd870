import { CHECKS } from "./checks/index.ts";
import type { UnreadableRule } from "./rule.ts";

/** One thing that is wrong with a rule. */
export interface Finding {
  /** The id of a check. */
  readonly check: string;
  /** The alert, or the series that is recorded. */
  readonly rule: string;
  readonly group: string;
  /** The PrometheusRule or the file. */
  readonly source: string;
  /** A sentence without its full stop, which the rule's name introduces. */
  readonly what: string;
  /** What to do, as an imperative sentence without its full stop. */
  readonly fix: string;
}

/** What cannot be read cannot be checked, and that is a finding, too. */
const READABLE_QUERY = {
  id: "readable-query",
  title: "Every query is valid PromQL.",
  why: "Otherwise Prometheus rejects the whole file, with all other rules in it.",
  fix: "correct the query; `promtool check rules` shows the position",
} as const;

/** Everything that rules are held to, in the order of reports. */
export const CHECK_FACTS: readonly { id: string; title: string; why: string; fix: string }[] = [
  READABLE_QUERY,
  ...CHECKS,
];

/** The ids by which a snooze may name a check. */
export const CHECK_IDS: readonly string[] = CHECK_FACTS.map(({ id }) => id);

/** The finding about a rule that could not be read. */
export function unreadable({ rule, group, what }: UnreadableRule): Finding {
  const { id, fix } = READABLE_QUERY;
  return { check: id, rule, group: group.name, source: group.source, what, fix };
}
