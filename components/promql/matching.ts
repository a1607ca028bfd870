import type { Matcher } from "./expression.ts";

/** Whether a value can fulfil a condition; a pattern that only RE2 reads is given the benefit of the doubt. */
export function canMatch({ operator, value: wanted }: Matcher, value: string): boolean {
  switch (operator) {
    case "=":
      return value === wanted;
    case "!=":
      return value !== wanted;
    case "=~":
      return matchesWhole(wanted, value) !== false;
    case "!~":
      return matchesWhole(wanted, value) !== true;
  }
}

/** Whether a pattern matches a whole text; undefined for a pattern that only RE2 can read. */
export function matchesWhole(pattern: string, text: string): boolean | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, "s").test(text);
  } catch {
    return undefined;
  }
}
