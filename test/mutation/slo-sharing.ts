import type { PromtoolAlertTest, PromtoolQueryTest } from "../../components/core/promtool.ts";
import { sloTests } from "../../components/slo/cases.ts";
import type { Rule } from "./slo-batch.ts";
import type { SloKind } from "./slo-kinds.ts";

// Two kinds of objective differ in how a step between two scrapes is read, and in nothing that is made from steps. Where all later
// rules and all questions of the cases are the same but for the objective's name, and what a question expects follows from what happens
// in the case, the cases tell both of the same steps: a mutant of a later rule then has the same fate in both.

/** Rules that read what an exporter reports. */
const STEPS = 2;

/** What a mutant shares its fate by; undefined where it is a rule of its kind alone. */
export function sharedBy(
  kind: SloKind,
  original: readonly Rule[],
  index: number,
  changed: Rule,
): string | undefined {
  if (index < STEPS) return undefined;
  return JSON.stringify([
    groupOf(kind, original),
    index,
    named(kind, changed.expr),
    "alert" in changed ? [changed.for, changed.keep_firing_for] : [],
  ]);
}

const known = new Map<SloKind, string>();

/** All rules but the steps, and all questions, without what names the objective. */
function groupOf(kind: SloKind, original: readonly Rule[]): string {
  const found =
    known.get(kind) ??
    JSON.stringify([
      original
        .slice(STEPS)
        .map((rule) => [
          "record" in rule ? rule.record : [rule.alert, rule.for, rule.keep_firing_for],
          named(kind, rule.expr),
        ]),
      sloTests(kind.slo, kind.context).map(({ evaluated, cases }) => [
        evaluated,
        cases.map(({ alert_rule_test: alerts, promql_expr_test: queries = [] }) => [
          alerts.map(alertQuestion),
          queries.map((query) => queryQuestion(kind, query)),
        ]),
      ]),
    ]);
  known.set(kind, found);
  return found;
}

/** Annotations are the same sentences of other events; their numbers are what is asked for. */
function alertQuestion({ eval_time, alertname, exp_alerts }: PromtoolAlertTest): unknown {
  return [
    eval_time,
    alertname,
    exp_alerts.map(({ exp_annotations: { summary, description, windows } }) => [
      `${summary} ${description}`.match(/[\d.]+%/g),
      windows,
    ]),
  ];
}

function queryQuestion(kind: SloKind, { expr, eval_time, exp_samples }: PromtoolQueryTest): unknown {
  return [named(kind, expr), eval_time, exp_samples.map(({ value }) => value)];
}

function named({ slo }: SloKind, text: string): string {
  return text.replaceAll(`slo="${slo.name}"`, 'slo="objective"');
}
