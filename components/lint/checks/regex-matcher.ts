import { type Matcher, selectorsOf } from "../../promql/expression.ts";
import { type Check, once } from "../check.ts";

export const regexMatcher: Check = {
  id: "regex-matcher",
  title: "A pattern is used where a pattern is needed, and it says where it begins and ends.",
  why: "Prometheus looks an equality up and tries a pattern against every value; and as patterns hold for the whole value, ^ and $ say nothing and .*x.* catches more than was meant.",
  fix: "use = or != for one value, leave out ^ and $, and name the values or their beginning",
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
