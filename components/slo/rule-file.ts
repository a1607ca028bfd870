import { memoizeByObject } from "../core/memoize.ts";
import type { AlertingRule, RecordingRule, RuleGroup } from "../core/rules.ts";

// Rule files are read by people in reviews and written by the thousand: as YAML in blocks, by a writer that knows the few shapes a
// rule has. A general writer looks at every value of every field and takes ten times as long.

/** What a literal block does not hold as it is: other characters than of plain text, blanks and breaks where a line begins. */
const NOT_LITERAL = /[^\n -~]|^$|^[\n ]|\n[\n ]|\n$/;
/** What needs no escape in quotes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * Rule groups as a file for Prometheus' `rule_files`. They are taken one by one, so that a thousand need not be in memory at
 * once.
 */
export function ruleFile(groups: Iterable<RuleGroup>): string {
  const texts = Array.from(groups, groupText);
  return texts.length === 0 ? "groups: []\n" : `groups:\n${texts.join("")}`;
}

function groupText({ name, interval, rules }: RuleGroup): string {
  const texts = rules.map((rule) => ("record" in rule ? recordText(rule) : alertText(rule)));
  return `  - name: ${quoted(name)}\n    interval: ${interval}\n    rules:\n${texts.join("")}`;
}

function recordText({ record, expr, labels }: RecordingRule): string {
  return `      - record: ${record}\n        expr: ${expression(expr)}\n${labelsText(labels)}`;
}

function alertText({ alert, expr, for: pending, keep_firing_for: kept, labels, annotations }: AlertingRule) {
  return [
    `      - alert: ${alert}\n        expr: ${expression(expr)}\n`,
    pending === undefined ? "" : `        for: ${pending}\n`,
    kept === undefined ? "" : `        keep_firing_for: ${kept}\n`,
    labelsText(labels),
    mapText("annotations", annotations),
  ].join("");
}

/** Records of an SLO share their labels. */
const labelsText = memoizeByObject((labels: Readonly<Record<string, string>>) => mapText("labels", labels));

function mapText(field: string, map: Readonly<Record<string, string>>): string {
  const entries = Object.entries(map).map(([key, value]) => `          ${key}: ${quoted(value)}\n`);
  return entries.length === 0 ? "" : `        ${field}:\n${entries.join("")}`;
}

/** PromQL line by line, as it is read; what a block could not hold, such as a tab at the beginning, in quotes. */
function expression(expr: string): string {
  if (NOT_LITERAL.test(expr)) return quoted(expr);
  return `|-\n          ${expr.includes("\n") ? expr.replaceAll("\n", "\n          ") : expr}`;
}

/** JSON's strings are YAML's, except that YAML wants the separators of lines and the byte order mark escaped. */
function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
