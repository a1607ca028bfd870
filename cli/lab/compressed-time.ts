import { type Duration, duration, seconds } from "../../components/core/duration.ts";
import type { RuleGroup } from "../../components/core/rules.ts";

// Real servers run in real time, so that an hour is made to pass in a minute: every duration that they are given is shorter by one
// factor, and nothing else is. What a server waits for by itself, such as its own start, is not shortened.

/** A duration so many times shorter. Never nothing: where a server waits at all, it waits. */
export function shorter(length: string, factor: number): Duration {
  const milliseconds = Math.round((seconds(length) * 1000) / factor);
  return duration(length === "0s" ? 0 : Math.max(milliseconds, 1) / 1000);
}

/** The ranges of PromQL with the steps of subqueries, and offsets. The names of records tell windows too, and stay as they are. */
const RANGE = /(\[|\boffset )((?:\d+(?:ms|[ywdhms]))+)(?:(:)((?:\d+(?:ms|[ywdhms]))+))?/g;

/** The same query for a time that passes faster: ranges, steps of subqueries and offsets. */
export function fasterQuery(expr: string, factor: number): string {
  return expr.replace(
    RANGE,
    (_, opening: string, length: string, colon = "", step?: string) =>
      `${opening}${shorter(length, factor)}${colon}${step === undefined ? "" : shorter(step, factor)}`,
  );
}

/** The same rules for a time that passes faster: interval, query offset, ranges, steps, offsets, `for` and `keep_firing_for`. */
export function fasterRules(group: RuleGroup, factor: number): RuleGroup {
  return {
    ...group,
    interval: shorter(group.interval, factor),
    ...(group.query_offset && { query_offset: shorter(group.query_offset, factor) }),
    rules: group.rules.map((rule) => {
      const expr = fasterQuery(rule.expr, factor);
      if ("record" in rule) return { ...rule, expr };
      const { for: pending, keep_firing_for: kept, ...rest } = rule;
      return {
        ...rest,
        expr,
        ...(pending && { for: shorter(pending, factor) }),
        ...(kept && { keep_firing_for: shorter(kept, factor) }),
      };
    }),
  };
}

const WAITS = /^(?:group_wait|group_interval|repeat_interval|resolve_timeout)$/;

/** The same part of Alertmanager's configuration for a time that passes faster. */
export function fasterRouting<T>(part: T, factor: number): T {
  if (Array.isArray(part)) return part.map((item: unknown) => fasterRouting(item, factor)) as T;
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]: [string, unknown]) => [
      key,
      WAITS.test(key) ? shorter(String(value), factor) : fasterRouting(value, factor),
    ]),
  ) as T;
}
