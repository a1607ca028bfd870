import { type Matcher, selectorsOf } from "../../promql/expression.ts";
import { type Check, once } from "../check.ts";

export const regexMatcher: Check = {
  id: "regex-matcher",
  title: "A regular expression is used only where it is needed, and is anchored.",
  why: "Prometheus finds an exact value in an index, and tests a regular expression against every value. Regular expressions always match the whole value: ^ and $ have no effect, and .*x.* matches more than intended.",
  fix: "use = or != for one value, remove ^ and $, and list the values or their prefix",
  judge: ({ expression }) =>
    once(
      selectorsOf(expression).flatMap(({ matchers }) =>
        matchers.flatMap((matcher) => {
          const what = wrongWith(matcher);
          const { label, operator, value } = matcher;
          return what === undefined ? [] : [`has ${label}${operator}"${value}", which ${what}`];
        }),
      ),
    ),
};

function wrongWith({ operator, value }: Matcher): string | undefined {
  if (operator === "=" || operator === "!=") return undefined;
  const [equal, unequal] = operator === "=~" ? ["=", "!="] : ["!=", "="];
  if (value === ".*") return operator === "=~" ? "matches everything and can be left out" : "matches nothing";
  if (value === ".+") return `is ${unequal}"" in other words`;
  if (/^\^/.test(value) || /(?:^|[^\\])\$$/.test(value))
    return "has anchors, although a pattern holds for the whole value";
  if (!METACHARACTER.test(value)) return `is no pattern: ${equal} does`;
  if (SUBSTRING.test(value)) return "is not anchored at either end and matches anywhere in the value";
  return undefined;
}

/** What makes a text a pattern. An escaped dot alone does not. */
const METACHARACTER = /(?:^|[^\\])[.*+?()[\]{}|^$]|\\[dDwWsSbpP]/;
/** A literal text between two stars. */
const SUBSTRING = /^\.\*[\w\-/:]+\.\*$/;
