import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type SloTestCase, sloTests } from "../../components/slo/cases.ts";
import type { AlertingRule, RecordingRule } from "../../components/slo/rule.ts";
import { ruleGroup } from "../../components/slo/rules.ts";
import { LINKS } from "../components/slo/samples.ts";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { whyEquivalent } from "./slo-equivalent.ts";
import { SCRAPE, type SloKind } from "./slo-kinds.ts";
import { failuresIn } from "./trial.ts";

type Rule = RecordingRule | AlertingRule;

/** A mutant of one rule of an SLO. */
export interface SloMutant {
  readonly kind: SloKind;
  /** The alert's or the record's name. */
  readonly rule: string;
  readonly index: number;
  readonly mutant: Mutant<Rule>;
}

export interface TriedSlo extends SloMutant {
  /** See `Tried` of trial.ts. */
  readonly fate: "killed" | "survived" | "equivalent" | "unloadable";
}

/** Every mutant of every rule of one SLO, records and alerts alike. */
export function sloMutants(kind: SloKind): SloMutant[] {
  return rulesOf(kind).flatMap((rule, index) =>
    mutantsOf(rule, SCRAPE)
      // A record waits for nothing.
      .filter(({ what }) => "alert" in rule || !what.startsWith("for "))
      .map((mutant) => ({ kind, rule: "alert" in rule ? rule.alert : rule.record, index, mutant })),
  );
}

function rulesOf({ slo }: SloKind): readonly Rule[] {
  return ruleGroup(slo, SCRAPE, LINKS).rules;
}

const BATCH = 40;

/** How often the cases of a file are evaluated. */
type Round = "scrape" | "1h" | "1d";
const ROUNDS: readonly Round[] = ["1h", "1d", "scrape"];

/** The cases that a rule was likeliest to be written for. */
function likeliest({ rule }: SloMutant): Round {
  if (/rate(?:2h|6h|1d)$|BurnSlow$/.test(rule)) return "1h";
  return /rate(?:3d|\d\d+d|7d)$|history/.test(rule) ? "1d" : "scrape";
}

/**
 * Tries mutants against all cases of their SLO, file by file, beginning with the one that is likeliest to kill. What one file kills is
 * not tried by the next.
 */
export async function attemptSlo(all: readonly SloMutant[]): Promise<TriedSlo[]> {
  const fates = new Map<SloMutant, TriedSlo["fate"]>();
  for (const round of ROUNDS)
    await attemptRound(
      all.filter((one) => likeliest(one) === round),
      round,
      fates,
    );
  for (const round of ROUNDS) {
    const left = all.filter((one) => !fates.has(one) && likeliest(one) !== round);
    await attemptRound(left, round, fates);
  }
  return all.map((tried) => ({
    ...tried,
    fate: fates.get(tried) ?? (whyEquivalent(tried) ? "equivalent" : "survived"),
  }));
}

async function attemptRound(
  all: readonly SloMutant[],
  round: Round,
  fates: Map<SloMutant, TriedSlo["fate"]>,
): Promise<void> {
  for (let start = 0; start < all.length; start += BATCH)
    await attemptBatch(all.slice(start, start + BATCH), round, fates);
}

async function attemptBatch(
  some: readonly SloMutant[],
  round: Round,
  fates: Map<SloMutant, TriedSlo["fate"]>,
): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), "bellwether-slo-mutants-"));
  const write = (name: string, content: unknown) =>
    writeFile(join(cwd, name), stringify(content, { aliasDuplicateObjects: false }));
  try {
    const files: string[] = [];
    for (const [index, { kind, index: at, mutant, rule }] of some.entries()) {
      const group = ruleGroup(kind.slo, SCRAPE, LINKS);
      await write(`rules-${index}.yaml`, {
        groups: [{ ...group, rules: group.rules.with(at, mutant.rule) }],
      });
      const tests = sloTests(kind.slo, kind.context).filter(
        ({ evaluated }) => evaluated === (round === "scrape" ? SCRAPE : round),
      );
      for (const { evaluated, cases: all } of tests) {
        const cases = "alert" in mutant.rule ? all.filter((one) => asksOf(one, rule)) : all;
        if (cases.length === 0) continue;
        files.push(`test-${index}.yaml`);
        await write(`test-${index}.yaml`, {
          rule_files: [`rules-${index}.yaml`],
          evaluation_interval: evaluated,
          tests: cases,
        });
      }
    }
    if (files.length === 0) return;
    const report = join(cwd, "report.xml");
    await run(await tool("promtool"), ["test", "rules", `--junit=${report}`, ...files], { cwd });
    const failures = failuresIn(await readFile(report, "utf8"));
    for (const [index, mutant] of some.entries()) {
      const failure = failures.get(`test-${index}.yaml`);
      if (failure === undefined) continue;
      if (failure.includes("could not parse expression")) fates.set(mutant, "unloadable");
      else if (failure !== "") fates.set(mutant, "killed");
    }
  } finally {
    await rm(cwd, { recursive: true });
  }
}

/** Whether a case says anything of an alert: a mutant of the alert changes nothing else. */
function asksOf({ alert_rule_test: asked }: SloTestCase, alert: string): boolean {
  return asked.some(({ alertname }) => alertname === alert);
}
