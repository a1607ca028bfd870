import { stringify } from "yaml";
import { type Duration, duration, seconds } from "../core/duration.ts";
import type { WrittenGroup, WrittenRule } from "../core/rules.ts";
import { within } from "../promql/expression.ts";
import { parsedQuery } from "../promql/parse.ts";
import { type Origin, scopedQuery, scopedTemplate } from "./scope.ts";
import { partsOf } from "./split.ts";

/** A group of rules for a server that only receives samples. */
export interface StoredGroup {
  readonly name: string;
  readonly interval: Duration;
  readonly query_offset: Duration;
  readonly limit?: number;
  readonly rules: readonly WrittenRule[];
}

/** A rule file of a store: the groups, and how it is written. */
export interface StoredFile {
  readonly groups: readonly StoredGroup[];
  readonly text: string;
}

/** A group as it is written for Prometheus. */
export type LocalGroup = WrittenGroup & { readonly limit?: number; readonly query_offset?: string };

export interface StoreArgs {
  /** The external labels of Prometheus: every sample in the store has them. */
  readonly origin: Origin;
  /** The interval of a group that names none. */
  readonly scrapeInterval: Duration;
  /** Rules that the store takes in one group. */
  readonly rulesInGroup: number;
}

/**
 * How far back the queries look: samples arrive some seconds after they were scraped. Prometheus sends at the latest five seconds after a
 * scrape (`batch_send_deadline`), and five more are for the way. A rule that looked at this moment would see a scrape now and then only at
 * the next evaluation, record the step before it twice, and its own step never.
 */
export const ARRIVAL: Duration = "10s";

/**
 * How much further back a part of a group looks than the part whose records it reads. That part has so long to write its records: then
 * all that are read are of one evaluation.
 */
const EVALUATION: Duration = "5s";

/**
 * The groups of a rule file as a store evaluates them, which has the series of several clusters and environments:
 *
 * - Every selector, also those within templates, reads the series of `origin` alone; records and alerts have its labels, as those
 *   that Prometheus sends have them.
 * - A group of more rules than the store takes becomes several: `name`, `name-2`, …; see {@link partsOf}. The first pages as soon as one
 *   group would; the others read its records up to one interval and {@link EVALUATION} late.
 * - Each group names its interval, and looks {@link ARRIVAL} back.
 * - A record that others add up over time is written once for each interval: not while another evaluator writes it. So rules can
 *   move from Prometheus to the store while both evaluate for some minutes.
 */
export function storedGroups(groups: readonly LocalGroup[], args: StoreArgs): readonly StoredGroup[] {
  const summed = summedRecords(groups);
  return groups.flatMap(({ name, interval = args.scrapeInterval, query_offset, limit, rules }) => {
    const every = seconds(interval);
    return partsOf(rules, args.rulesInGroup, every).map(({ rules: inPart, level }, index) => ({
      name: index === 0 ? name : `${name}-${index + 1}`,
      interval: interval as Duration,
      query_offset: lookBack(level, query_offset),
      ...(limit === undefined ? {} : { limit }),
      rules: inPart.map((rule) =>
        stored(rule, args.origin, summed.has(rule.record ?? "") ? every : undefined),
      ),
    }));
  });
}

/** The rule files of a store by namespace. */
export function renderStoredFiles(
  groups: Readonly<Record<string, readonly LocalGroup[]>>,
  args: StoreArgs,
): Readonly<Record<string, StoredFile>> {
  return Object.fromEntries(
    Object.entries(groups).map(([namespace, local]) => {
      const stored = storedGroups(local, args);
      const text = stringify({ groups: stored }, { lineWidth: 0, aliasDuplicateObjects: false });
      return [namespace, { groups: stored, text }];
    }),
  );
}

function lookBack(level: number, own: string | undefined): Duration {
  return duration(seconds(ARRIVAL) + level * seconds(EVALUATION) + (own === undefined ? 0 : seconds(own)));
}

function stored(rule: WrittenRule, origin: Origin, every: number | undefined): WrittenRule {
  const { expr, labels = {}, annotations, ...rest } = rule;
  const all = { ...labels, ...origin };
  const scoped = rule.alert === WATCHDOG ? heartbeat(origin) : scopedQuery(expr, origin);
  return {
    ...rest,
    expr: every === undefined ? scoped : unlessWritten(scoped, rule.record ?? "", all, every),
    labels: all,
    ...(annotations === undefined
      ? {}
      : {
          annotations: Object.fromEntries(
            Object.entries(annotations).map(([name, text]) => [name, scopedTemplate(text, origin)]),
          ),
        }),
  };
}

/** The alert that always fires. In a store it says that samples arrive, too. */
const WATCHDOG = "Watchdog";

function heartbeat(origin: Origin): string {
  return scopedQuery("vector(1) and on () up", origin);
}

/**
 * The own record before is exactly one interval old, and a range without its last second does not find it: what it finds, another
 * evaluator has written.
 */
function unlessWritten(expr: string, record: string, labels: Origin, every: number): string {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const names = Object.keys(labels).join(", ");
  return `(${expr})\nunless ignoring (${names})\nlast_over_time(${record}{${matchers.join(", ")}}[${duration(every - 1)}])`;
}

const SUMS: ReadonlySet<string> = new Set(["sum_over_time", "count_over_time", "avg_over_time"]);

/** The records that some rule adds up over time: each too many is counted. */
function summedRecords(groups: readonly LocalGroup[]): ReadonlySet<string> {
  const rules = groups.flatMap((group) => group.rules);
  const found = rules.flatMap(({ expr }) => {
    const query = parsedQuery(expr);
    if (query === undefined) return [];
    return within(query).flatMap((part) => {
      const [of] = part.kind === "call" && SUMS.has(part.name) ? part.args : [];
      return of?.kind === "range" && of.of.metric !== undefined ? [of.of.metric] : [];
    });
  });
  const recorded = new Set(rules.map(({ record }) => record));
  return new Set(found.filter((metric) => recorded.has(metric)));
}
