import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type AlertRulesArgs, renderAlertTests } from "../../../components/alerts/render.ts";
import type { PromtoolCase } from "../../../components/core/promtool.ts";
import { nodesOf } from "../../../components/promql/tree.ts";
import { run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";
import { ruleFilesOf } from "./promtool.ts";

/** One comparison of an alert with a number other than 0, and how near its cases come to it from either side. */
export interface Compared {
  readonly alert: string;
  /** What is compared, such as `up * 2`. */
  readonly left: string;
  readonly operator: string;
  readonly limit: number;
  /** The value nearest to the limit for which the comparison holds, in a case that fires. */
  readonly firing: number | undefined;
  /** The value nearest to the limit for which it does not hold, in a case without an alert. */
  readonly silent: number | undefined;
}

const COMPARISONS = ["Gtr", "Lss", "Gte", "Lte", "Eql", "Neq"];
const HOLDS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  ">": (value, limit) => value > limit,
  "<": (value, limit) => value < limit,
  ">=": (value, limit) => value >= limit,
  "<=": (value, limit) => value <= limit,
  "==": (value, limit) => value === limit,
  "!=": (value, limit) => value !== limit,
};

/** The comparisons of a query with a number other than 0. */
export function comparisonsOf(expr: string): { left: string; operator: string; limit: number }[] {
  return nodesOf(expr)
    .filter(({ name }) => name === "BinaryExpr")
    .flatMap((node) => {
      const operator = COMPARISONS.map((name) => node.getChild(name)).find((found) => found !== null);
      const { firstChild: left, lastChild: right } = node;
      if (!operator || !left || right?.name !== "NumberDurationLiteral") return [];
      const limit = Number(expr.slice(right.from, right.to));
      if (limit === 0) return [];
      return [
        { left: expr.slice(left.from, left.to), operator: expr.slice(operator.from, operator.to), limit },
      ];
    });
}

/** Asks promtool for what each comparison of the catalogue compares, in each case and at each moment that the case looks at. */
export async function closeness(args: AlertRulesArgs): Promise<Compared[]> {
  const cases = Object.values(renderAlertTests(args)).flatMap(({ tests }) => tests);
  const rules = Object.values(ruleFilesOf(args)).flatMap(({ groups }) =>
    groups.flatMap((group) => group.rules),
  );
  const compared = rules.flatMap(({ alert = "", expr }) =>
    comparisonsOf(String(expr)).map((comparison) => ({ alert, ...comparison })),
  );
  const values = await valuesOf(
    compared.flatMap(({ alert, left }) => cases.filter(isOf(alert)).map((one) => ({ left, one }))),
    args.scrapeInterval,
  );
  return compared.map(({ alert, left, operator, limit }) => {
    const holds = HOLDS[operator] ?? (() => false);
    const nearest = (fires: boolean) =>
      cases
        .filter((one) => isOf(alert)(one) && checksOf(one).some(isFiring) === fires)
        .flatMap((one) => values(left, one))
        .filter((value) => holds(value, limit) === fires)
        .toSorted((a, b) => Math.abs(a - limit) - Math.abs(b - limit))[0];
    return { alert, left, operator, limit, firing: nearest(true), silent: nearest(false) };
  });
}

type Check = NonNullable<PromtoolCase["alert_rule_test"]>[number];

function checksOf({ alert_rule_test = [] }: PromtoolCase): readonly Check[] {
  return alert_rule_test;
}

function isOf(alert: string) {
  return (one: PromtoolCase) => checksOf(one).some(({ alertname }) => alertname === alert);
}

function isFiring({ exp_alerts }: Check): boolean {
  return exp_alerts.length > 0;
}

/** The moments that say something: those at which the alert fires, or all of a case in which it never does. */
function moments(one: PromtoolCase): string[] {
  const firing = checksOf(one).filter(isFiring);
  return (firing.length > 0 ? firing : checksOf(one)).map(({ eval_time }) => eval_time);
}

interface Question {
  readonly left: string;
  readonly one: PromtoolCase;
}

/** promtool says what a query gave when it is asked for something else. */
async function valuesOf(questions: readonly Question[], interval: string) {
  const promtool = await tool("promtool");
  const folder = await mkdtemp(join(tmpdir(), "bellwether-closeness-"));
  try {
    const file = join(folder, "questions.yaml");
    const tests = questions.map(({ left, one }) => ({
      interval: one.interval,
      input_series: one.input_series,
      promql_expr_test: moments(one).map((eval_time) => ({
        expr: left,
        eval_time,
        exp_samples: [{ labels: "asked_for_something_else", value: 0 }],
      })),
    }));
    await writeFile(
      file,
      stringify({ evaluation_interval: interval, tests }, { aliasDuplicateObjects: false }),
    );
    const { stdout, stderr } = await run(promtool, ["test", "rules", file]);
    // One line for each question at each of its moments, in their order: none is answered as it was asked for.
    const answers = [...(stdout + stderr).matchAll(/^\s+got: (.*)$/gm)].map(([, got = ""]) =>
      [...got.matchAll(/\} (\S+?)(?=,|$)/g)].map(([, value]) => Number(value)),
    );
    const byNumber = questions.map(({ one }) => answers.splice(0, moments(one).length).flat());
    const numbers = new Map(questions.map(({ left, one }, index) => [`${left}\n${one.name}`, index]));
    return (left: string, one: PromtoolCase) => byNumber[numbers.get(`${left}\n${one.name}`) ?? -1] ?? [];
  } finally {
    await rm(folder, { recursive: true });
  }
}
