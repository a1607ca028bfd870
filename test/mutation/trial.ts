import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlertRulesArgs } from "../../components/alerts/render.ts";
import { renderAlertTests } from "../../components/alerts/render.ts";
import { seconds } from "../../components/core/duration.ts";
import type { PromtoolCase } from "../../components/core/promtool.ts";
import type { WrittenRule } from "../../components/core/rules.ts";
import { ruleFilesOf } from "../components/alerts/promtool.ts";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import { EQUIVALENT } from "./equivalent.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";

/** A mutant of an alert and what became of it. */
export interface Tried {
  readonly alert: string;
  readonly what: string;
  readonly expr: string;
  /**
   * Killed: a case fails. Unloadable: Prometheus refuses the rule, which counts for neither side. Equivalent: it survives, and is listed
   * with the reason why nothing could tell it from the original.
   */
  readonly fate: "killed" | "survived" | "equivalent" | "unloadable";
}

/** A mutant with the cases that should kill it. */
export interface Candidate {
  readonly alert: string;
  readonly original: WrittenRule;
  readonly mutant: Mutant;
  readonly cases: readonly PromtoolCase[];
}

/** Every mutant of the rendered rules of an environment's catalogue. */
export function candidates(args: AlertRulesArgs): Candidate[] {
  const cases = Object.values(renderAlertTests(args)).flatMap(({ tests }) => tests);
  const casesOf = (alert: string) =>
    cases.filter(({ alert_rule_test = [] }) => alert_rule_test.some(({ alertname }) => alertname === alert));
  return Object.values(ruleFilesOf(args))
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .flatMap((rule) => {
      const { alert = "" } = rule;
      return mutantsOf(rule, args.scrapeInterval).map((mutant) => ({
        alert,
        original: rule,
        mutant,
        cases: casesOf(alert),
      }));
    });
}

/** Is told how far the trial is: `case 2 of 16: 50 of 120 mutants`. */
export type Progress = (done: string) => void;

const BATCH = 50;

/**
 * Tries mutants case by case, those first that promtool comes to the end of soonest: what one case kills is not tried by the next. A
 * few hundred take about a minute. Throws an Error where a case fails for the rule as it is: it would kill anything.
 */
export async function attempt(
  all: readonly Candidate[],
  interval: string,
  progress: Progress = () => undefined,
): Promise<Tried[]> {
  const fates = new Map<Candidate, Tried["fate"]>();
  const ordered = new Map(all.map((one) => [one, quickestFirst(one.cases)]));
  const rounds = Math.max(0, ...[...ordered.values()].map((cases) => cases.length));
  for (let round = 0; round < rounds; round += 1) {
    const left = [...ordered].flatMap(([one, { [round]: asked }]) =>
      asked === undefined || fates.has(one) ? [] : [{ one, asked }],
    );
    for (let start = 0; start < left.length; start += BATCH) {
      const some = left.slice(start, start + BATCH);
      for (const [one, fate] of await killedOf(some, interval)) fates.set(one, fate);
      const tried = Math.min(start + BATCH, left.length);
      progress(`case ${round + 1} of ${rounds}: ${tried} of ${left.length} mutants`);
    }
  }
  return all.map((one) => ({
    alert: one.alert,
    what: one.mutant.what,
    expr: one.mutant.rule.expr,
    fate: fates.get(one) ?? (isEquivalent(one) ? "equivalent" : "survived"),
  }));
}

function quickestFirst(cases: readonly PromtoolCase[]): readonly PromtoolCase[] {
  const end = ({ alert_rule_test = [], promql_expr_test = [] }: PromtoolCase) =>
    Math.max(...[...alert_rule_test, ...promql_expr_test].map(({ eval_time }) => seconds(eval_time)));
  return [...cases].sort((one, other) => end(one) - end(other));
}

interface Asked {
  readonly one: Candidate;
  readonly asked: PromtoolCase;
}

/** The candidates that one case each kills or Prometheus refuses to load. */
async function killedOf(some: readonly Asked[], interval: string): Promise<[Candidate, Tried["fate"]][]> {
  const mutants = some.map(({ one, asked }) => ({ alert: one.alert, rule: one.mutant.rule, asked }));
  // Each rule as it is, once with each case.
  const asItIs = [...new Map(some.map((each) => [each.asked, each])).values()].map(({ one, asked }) => ({
    alert: one.alert,
    rule: one.original,
    asked,
  }));
  const failures = await failuresOf([...mutants, ...asItIs], interval);
  for (const [index, { alert }] of asItIs.entries())
    if (failures[mutants.length + index] !== "")
      throw new Error(`a case of ${alert} fails for the rule as it is: ${failures[mutants.length + index]}`);
  return some.flatMap(({ one }, index): [Candidate, Tried["fate"]][] => {
    const failure = failures[index] ?? "";
    if (failure === "") return [];
    return [[one, failure.includes("could not parse expression") ? "unloadable" : "killed"]];
  });
}

interface OneRule {
  readonly alert: string;
  readonly rule: WrittenRule;
  readonly asked: PromtoolCase;
}

/** What promtool says of each rule and its case: an empty text where it holds. */
async function failuresOf(rules: readonly OneRule[], interval: string): Promise<readonly string[]> {
  const cwd = await mkdtemp(join(tmpdir(), "bellwether-mutants-"));
  // JSON is YAML, and is written in a fraction of the time.
  const write = (name: string, content: unknown) => writeFile(join(cwd, name), JSON.stringify(content));
  try {
    await Promise.all(
      rules.flatMap(({ alert, rule, asked }, index) => [
        write(`rules-${index}.json`, { groups: [{ name: alert, rules: [rule] }] }),
        write(`test-${index}.json`, {
          rule_files: [`rules-${index}.json`],
          evaluation_interval: interval,
          tests: [asked],
        }),
      ]),
    );
    const files = rules.map((_, index) => `test-${index}.json`);
    const report = join(cwd, "report.xml");
    await run(await tool("promtool"), ["test", "rules", `--junit=${report}`, ...files], { cwd });
    const failures = failuresIn(await readFile(report, "utf8"));
    return files.map((file) => {
      const failure = failures.get(file);
      if (failure === undefined) throw new Error(`promtool says nothing of ${file}`);
      return failure;
    });
  } finally {
    await rm(cwd, { recursive: true });
  }
}

/** What failed, by test file, in the report that promtool writes; an empty text where nothing did. */
export function failuresIn(report: string): ReadonlyMap<string, string> {
  return new Map(
    [...report.matchAll(/<testsuite name="([^"]+)"[^>]*>([\s\S]*?)<\/testsuite>/g)].map(
      ([, file = "", body = ""]) => [
        file,
        [...body.matchAll(/<failure>([\s\S]*?)<\/failure>/g)].map(([, text = ""]) => text).join("\n"),
      ],
    ),
  );
}

function isEquivalent({ alert, mutant: { what } }: Candidate): boolean {
  return EQUIVALENT.some(({ alerts, mutant }) => alerts.includes(alert) && mutant.test(what));
}

/** How much of what counts was killed: a number from 0 to 1. Listed equivalents and what did not load count for neither side. */
export function killRate(tried: readonly Pick<Tried, "fate">[]): number {
  const killed = tried.filter(({ fate }) => fate === "killed").length;
  const survived = tried.filter(({ fate }) => fate === "survived").length;
  return killed + survived === 0 ? 1 : killed / (killed + survived);
}
