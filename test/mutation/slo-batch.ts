import type { AlertingRule, RecordingRule } from "../../components/core/rules.ts";
import type { SloTestCase } from "../../components/slo/cases.ts";

// Mutants of one SLO side by side in one run of promtool. Each has copies of the mutated rule and of all that is made from it, under
// names of its own; what it is made from is evaluated once for all of them. The copies read what the originals would: what is upstream
// of a mutant is as it was, and nothing downstream of it is read by anybody else.

export type Rule = RecordingRule | AlertingRule;

/** A rule of a group, changed. */
export interface Changed {
  /** The place of the rule in its group. */
  readonly index: number;
  readonly rule: Rule;
}

export interface Batch {
  readonly rules: readonly Rule[];
  readonly cases: readonly SloTestCase[];
}

const RECORD = /\bslo:\w+:\w+/g;

/** A query of all records, by a pattern of their names. */
const PATTERN = '=~"slo:';

/** How far down from a mutant is asked: of the rule alone, or of all that is made from it too. */
export type Depth = "the rule" | "all";

/** The copies of all changed rules, numbered in their order, and what a case asks of them. Nothing else is asked. */
export function sideBySide(
  original: readonly Rule[],
  changed: readonly Changed[],
  asked: SloTestCase,
  depth: Depth,
): Batch {
  const needed = new Set<number>();
  const copies = changed.map(({ index, rule }, number) => {
    const reached = reachedFrom(original, index, depth);
    for (const at of reached) needReads(original, at, needed);
    return new Copy(number, reached, original.with(index, rule));
  });
  return {
    rules: [...original.filter((_, index) => needed.has(index)), ...copies.flatMap((copy) => copy.rules)],
    cases: [
      {
        ...asked,
        input_series: [...asked.input_series, ...copies.flatMap((copy) => copy.recordsIn(asked))],
        alert_rule_test: copies.flatMap((copy) => copy.alertTests(asked)),
        promql_expr_test: copies.flatMap((copy) => copy.queryTests(asked)),
      },
    ],
  };
}

/** Whether a case asks anything that the change of a rule could alter. */
export function asksOf(original: readonly Rule[], index: number, asked: SloTestCase, depth: Depth): boolean {
  const copy = new Copy(0, reachedFrom(original, index, depth), original);
  return copy.alertTests(asked).length + copy.queryTests(asked).length > 0;
}

/** The number of each mutant that a text of promtool's tells of. */
export function mutantsIn(text: string): readonly number[] {
  return [...text.matchAll(/mutant(\d+)/g)].map(([, number]) => Number(number));
}

/** A rule and, where it is asked for, all later ones that read, by whatever way, what it records. */
function reachedFrom(original: readonly Rule[], index: number, depth: Depth): ReadonlySet<number> {
  const reached = new Set([index]);
  if (depth === "the rule") return reached;
  const names = new Set(original[index] && recordedBy(original[index]));
  for (const [at, rule] of original.entries()) {
    if (at <= index || !readBy(rule).some((name) => names.has(name))) continue;
    reached.add(at);
    for (const name of recordedBy(rule)) names.add(name);
  }
  return reached;
}

/** Adds the rules that a rule reads, and those that these read. */
function needReads(original: readonly Rule[], index: number, needed: Set<number>): void {
  const rule = original[index];
  if (rule === undefined) return;
  const names = new Set(readBy(rule));
  for (const [at, other] of original.entries()) {
    if (needed.has(at) || !recordedBy(other).some((name) => names.has(name))) continue;
    needed.add(at);
    needReads(original, at, needed);
  }
}

function recordedBy(rule: Rule): readonly string[] {
  return "record" in rule ? [rule.record] : [];
}

/** What a rule reads, in its expression or in the queries of its annotations. */
function readBy(rule: Rule): readonly string[] {
  const texts = "alert" in rule ? [rule.expr, ...Object.values(rule.annotations)] : [rule.expr];
  return texts.flatMap((text) => text.match(RECORD) ?? []);
}

/** The rules that a mutant changes, under names of its own. */
class Copy {
  readonly rules: readonly Rule[];
  private readonly number: number;
  private readonly records: ReadonlySet<string>;
  private readonly alerts: ReadonlySet<string>;

  constructor(number: number, reached: ReadonlySet<number>, group: readonly Rule[]) {
    const rules = group.filter((_, index) => reached.has(index));
    this.number = number;
    this.records = new Set(rules.flatMap(recordedBy));
    this.alerts = new Set(rules.flatMap((rule) => ("alert" in rule ? [rule.alert] : [])));
    this.rules = rules.map((rule) => this.renamed(rule));
  }

  alertTests({ alert_rule_test: tests }: SloTestCase): SloTestCase["alert_rule_test"] {
    return tests
      .filter(({ alertname }) => this.alerts.has(alertname))
      .map((test) => ({ ...test, alertname: this.alert(test.alertname) }));
  }

  queryTests({ promql_expr_test: tests = [] }: SloTestCase): NonNullable<SloTestCase["promql_expr_test"]> {
    return tests
      .filter(({ expr }) => this.records.size > 0 && (expr.includes(PATTERN) || this.reads(expr)))
      .map((test) => ({
        ...test,
        expr: this.text(test.expr).replace(PATTERN, `=~"mutant${this.number}:`),
        exp_samples: test.exp_samples.map(({ labels, value }) => ({ labels: this.text(labels), value })),
      }));
  }

  /** The records that a case begins with, under the names that the copies read: of the objective itself, and of others. */
  recordsIn({ input_series: inputs }: SloTestCase): SloTestCase["input_series"] {
    return inputs
      .filter(({ series }) => this.reads(series))
      .map((input) => ({ ...input, series: this.text(input.series) }));
  }

  private reads(expr: string): boolean {
    return (expr.match(RECORD) ?? []).some((name) => this.records.has(name));
  }

  private renamed(rule: Rule): Rule {
    if ("record" in rule) return { ...rule, record: this.text(rule.record), expr: this.text(rule.expr) };
    return {
      ...rule,
      alert: this.alert(rule.alert),
      expr: this.text(rule.expr),
      annotations: Object.fromEntries(
        Object.entries(rule.annotations).map(([name, text]) => [name, this.text(text)]),
      ),
    };
  }

  private text(text: string): string {
    return text.replaceAll(RECORD, (name) =>
      this.records.has(name) ? name.replace("slo:", `mutant${this.number}:`) : name,
    );
  }

  private alert(name: string): string {
    return `${name}_mutant${this.number}`;
  }
}
