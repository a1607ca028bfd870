import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  type AlertRulesArgs,
  renderAlertRules,
  renderAlertTests,
} from "../../../components/alerts/render.ts";
import type { PromtoolCase, PromtoolTestFile } from "../../../components/core/promtool.ts";
import type { RuleFile, WrittenRule } from "../../../components/core/rules.ts";
import { type Finished, run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";

/** The groups of a rule file, by the file's name without its ending. */
export type RuleFiles = Readonly<Record<string, RuleFile>>;

/** The rendered catalogue as rule files. */
export function ruleFilesOf(args: AlertRulesArgs): RuleFiles {
  return Object.fromEntries(
    Object.values(renderAlertRules(args)).map(({ metadata, spec }) => [
      String(metadata?.name),
      {
        groups: (spec.groups ?? []).map(({ name, rules = [] }) => ({
          name,
          rules: rules.map((rule) => ({ ...rule, expr: String(rule.expr) })),
        })),
      },
    ]),
  );
}

/** The same rules with each one changed. */
export function changedRules(files: RuleFiles, change: (rule: WrittenRule) => WrittenRule): RuleFiles {
  return Object.fromEntries(
    Object.entries(files).map(([name, { groups }]) => [
      name,
      { groups: groups.map((group) => ({ ...group, rules: group.rules.map(change) })) },
    ]),
  );
}

/** Runs `promtool check rules` with every lint fatal. */
export function checkRules(files: RuleFiles): Promise<Finished> {
  return promtool(files, {}, (names) => ["check", "rules", "--lint=all", "--lint-fatal", ...names.rules]);
}

/** Runs `promtool test rules` over the rules and the tests. */
export function testRules(
  files: RuleFiles,
  tests: Readonly<Record<string, PromtoolTestFile>>,
): Promise<Finished> {
  return promtool(files, tests, (names) => ["test", "rules", ...names.tests]);
}

/** Proves the catalogue with one environment's numbers. */
export function proved(args: AlertRulesArgs): Promise<Finished> {
  return testRules(...apart(ruleFilesOf(args), renderAlertTests(args)));
}

/**
 * The same rules and tests with files of its own for each alert, or for the alerts that one case asks about. promtool evaluates every rule
 * of a file at each step of each case, so that the longest cases of one alert are run by all others: apart they take a quarter of the time.
 * Recording rules stay with every alert of their file. `alertsOf`: the names of the alerts that a case is about, with spaces between.
 */
export function apart(
  files: RuleFiles,
  tests: Readonly<Record<string, PromtoolTestFile>>,
  alertsOf: (one: PromtoolCase) => string = alertsAsked,
): [RuleFiles, Record<string, PromtoolTestFile>] {
  const rules: Record<string, RuleFile> = {};
  const cases: Record<string, PromtoolTestFile> = {};
  for (const [file, whole] of Object.entries(tests)) {
    const groups = whole.rule_files.flatMap((path) => files[basename(path, ".yaml")]?.groups ?? []);
    for (const [index, asked] of [...new Set(whole.tests.map(alertsOf))].entries()) {
      const name = `${file}-${index}`;
      const alerts = asked.split(" ");
      rules[name] = {
        groups: groups.map((group) => ({
          ...group,
          rules: group.rules.filter(({ alert }) => alert === undefined || alerts.includes(alert)),
        })),
      };
      cases[name] = {
        ...whole,
        rule_files: [`../rules/${name}.yaml`],
        tests: whole.tests.filter((one) => alertsOf(one) === asked),
      };
    }
  }
  return [rules, cases];
}

function alertsAsked({ alert_rule_test = [] }: PromtoolCase): string {
  return [...new Set(alert_rule_test.map(({ alertname }) => alertname))].sort().join(" ");
}

async function promtool(
  rules: RuleFiles,
  tests: Readonly<Record<string, PromtoolTestFile>>,
  command: (names: { readonly rules: string[]; readonly tests: string[] }) => string[],
): Promise<Finished> {
  const program = await tool("promtool");
  const cwd = await mkdtemp(join(tmpdir(), "bellwether-alerts-"));
  try {
    const written = { rules: await write(cwd, "rules", rules), tests: await write(cwd, "tests", tests) };
    return await run(program, command(written), { cwd });
  } finally {
    await rm(cwd, { recursive: true });
  }
}

async function write(
  root: string,
  folder: string,
  files: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  await mkdir(join(root, folder));
  const names = Object.keys(files).map((name) => join(folder, `${name}.yaml`));
  await Promise.all(
    Object.values(files).map((content, index) =>
      // JSON is YAML, and is written in a fraction of the time.
      writeFile(join(root, names[index] ?? ""), JSON.stringify(content)),
    ),
  );
  return names;
}
