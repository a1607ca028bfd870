import { matchesWhole } from "../../components/promql/matching.ts";
import type { SilenceMatcher } from "../alertmanager/silences.ts";

const FORM = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*$/s;

/** Reads `namespace="shop"`, `pod=~"web-.*"`, `node!="n1"`; undefined for anything else, or for a pattern that cannot be read. */
export function matcherOf(text: string): SilenceMatcher | undefined {
  const [, name, operator = "", quoted = ""] = FORM.exec(text) ?? [];
  if (name === undefined) return undefined;
  const value = quoted.replace(/\\(["\\n])/g, (_, character: string) =>
    character === "n" ? "\n" : character,
  );
  const isRegex = operator.endsWith("~");
  if (isRegex && matchesWhole(value, "") === undefined) return undefined;
  return { name, value, isRegex, isEqual: !operator.startsWith("!") };
}
