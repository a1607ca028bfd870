import type { Value } from "../value.ts";

export type Labels = Readonly<Record<string, string>>;

/** One condition on a label, such as `severity="critical"` or `team=~"a|b"`. */
interface Matcher {
  readonly name: string;
  readonly operator: string | undefined;
  readonly value: string;
}

/** The matchers of a route, or of one side of an inhibition rule by its prefix: today's and those of old configurations. */
export function matchersOf(holder: Value, prefix: "" | "source_" | "target_"): Matcher[] {
  const exact = Object.entries(holder.at(`${prefix}match`).texts());
  const patterns = Object.entries(holder.at(`${prefix}match_re`).texts());
  return [
    ...holder
      .at(`${prefix}matchers`)
      .items()
      .flatMap((matcher) => separated(matcher.text() ?? "").map(parseMatcher)),
    ...exact.map(([name, value]) => ({ name, operator: "=", value })),
    ...patterns.map(([name, value]) => ({ name, operator: "=~", value })),
  ];
}

/** Whether a matcher takes these labels. A label that an alert does not have is empty. */
export function matches({ name, operator, value }: Matcher, labels: Labels): boolean {
  const actual = labels[name] ?? "";
  switch (operator) {
    case "=":
      return actual === value;
    case "!=":
      return actual !== value;
    case "=~":
      return fits(value, actual);
    case "!~":
      return !fits(value, actual);
    default:
      return false;
  }
}

/** Alertmanager takes several matchers in one text, with commas between them and braces around them. */
function separated(text: string): string[] {
  const inner = text.trim().replace(/^\{(.*)\}$/s, "$1");
  return inner.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/gs) ?? [inner];
}

function parseMatcher(matcher: string): Matcher {
  const [, name = "", operator, raw = ""] =
    /^\s*"?([^"=!~\s]+)"?\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(matcher) ?? [];
  const value = /^".*"$/s.test(raw) ? raw.slice(1, -1).replace(/\\(["\\])/g, "$1") : raw;
  return { name, operator, value };
}

function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "s").test(text);
  } catch {
    // What is no regular expression here, Alertmanager refuses at start; amtool says so, and no route matches.
    return false;
  }
}
