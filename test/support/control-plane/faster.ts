import { shorter } from "../../../cli/lab/compressed-time.ts";

// An hour in minutes: the same rules, configuration and routing with every duration divided by one factor, and nothing else
// changed. Numbers of seconds inside an expression, such as an age that is compared, stay as they are.

const DURATION = "(?:\\d+(?:ms|[smhdwy]))+";

/** The ranges and offsets of an expression, divided. */
function shorterExpression(expr: string, factor: number): string {
  return expr
    .replace(new RegExp(`\\[(${DURATION})\\]`, "g"), (_, range: string) => `[${shorter(range, factor)}]`)
    .replace(new RegExp(`\\boffset (${DURATION})`, "g"), (_, by: string) => `offset ${shorter(by, factor)}`);
}

const DURATION_KEYS = new Set([
  "scrape_interval",
  "scrape_timeout",
  "evaluation_interval",
  "interval",
  "for",
  "keep_firing_for",
  "group_wait",
  "group_interval",
  "repeat_interval",
  "resolve_timeout",
]);

/** A document of a configuration, of rules or of routing with all its durations divided. */
export function shorterDocument<T>(document: T, factor: number): T {
  if (factor === 1) return document;
  if (Array.isArray(document)) return document.map((item) => shorterDocument(item, factor)) as T;
  if (typeof document !== "object" || document === null) return document;
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => {
      if (key === "expr") return [key, shorterExpression(String(value), factor)];
      if (DURATION_KEYS.has(key) && typeof value === "string") return [key, shorter(value, factor)];
      return [key, shorterDocument(value as unknown, factor)];
    }),
  ) as T;
}
