import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { AlertRulesArgs } from "../../components/alerts/render.ts";
import { renderAlertTests } from "../../components/alerts/render.ts";
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

const BATCH = 50;

/**
 * Runs promtool over each mutant and its alert's cases. A few hundred take about a minute. Throws an Error where the cases fail for the rule
 * as it is: they would kill anything.
 */
export async function attempt(all: readonly Candidate[], interval: string): Promise<Tried[]> {
  const originals = new Map(all.map((candidate) => [candidate.original, candidate]));
  const controls = [...originals].map(([rule, candidate]) => ({
    ...candidate,
    mutant: { what: "nothing", rule },
  }));
  for (const { alert, fate } of await attemptSome(controls, interval))
    if (fate !== "survived") throw new Error(`the cases of ${alert} fail for the rule as it is`);
  const tried: Tried[] = [];
  for (let start = 0; start < all.length; start += BATCH)
    tried.push(...(await attemptSome(all.slice(start, start + BATCH), interval)));
  return tried;
}

async function attemptSome(some: readonly Candidate[], interval: string): Promise<Tried[]> {
  const promtool = await tool("promtool");
  const cwd = await mkdtemp(join(tmpdir(), "bellwether-mutants-"));
  try {
    await Promise.all(
      some.flatMap(({ alert, mutant, cases }, index) => [
        writeFile(
          join(cwd, `rules-${index}.yaml`),
          stringify({ groups: [{ name: alert, rules: [mutant.rule] }] }, { aliasDuplicateObjects: false }),
        ),
        writeFile(
          join(cwd, `test-${index}.yaml`),
          stringify(
            { rule_files: [`rules-${index}.yaml`], evaluation_interval: interval, tests: cases },
            { aliasDuplicateObjects: false },
          ),
        ),
      ]),
    );
    const files = some.map((_, index) => `test-${index}.yaml`);
    const report = join(cwd, "report.xml");
    await run(promtool, ["test", "rules", `--junit=${report}`, ...files], { cwd });
    const failures = failuresIn(await readFile(report, "utf8"));
    return some.map(({ alert, mutant }, index) => ({
      alert,
      what: mutant.what,
      expr: mutant.rule.expr,
      fate: fateOf(alert, mutant, failures.get(`test-${index}.yaml`)),
    }));
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

function fateOf(alert: string, { what }: Mutant, failures: string | undefined): Tried["fate"] {
  if (failures === undefined) throw new Error(`promtool says nothing of ${alert}, ${what}`);
  if (failures.includes("could not parse expression")) return "unloadable";
  if (failures !== "") return "killed";
  return EQUIVALENT.some(({ alerts, mutant }) => alerts.includes(alert) && mutant.test(what))
    ? "equivalent"
    : "survived";
}

/** How much of what counts was killed: a number from 0 to 1. Listed equivalents and what did not load count for neither side. */
export function killRate(tried: readonly Pick<Tried, "fate">[]): number {
  const killed = tried.filter(({ fate }) => fate === "killed").length;
  const survived = tried.filter(({ fate }) => fate === "survived").length;
  return killed + survived === 0 ? 1 : killed / (killed + survived);
}
