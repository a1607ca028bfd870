import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duration } from "../../components/core/duration.ts";
import type { SloTestCase } from "../../components/slo/cases.ts";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import type { Rule } from "./slo-batch.ts";
import { failuresIn } from "./trial.ts";

/** Rules and the cases that are asked of them, evaluated once in so long. */
export interface Trial {
  readonly rules: readonly Rule[];
  readonly evaluated: Duration;
  readonly cases: readonly SloTestCase[];
}

/** What promtool says of each trial: an empty text where all its cases hold. */
export async function failuresOf(trials: readonly Trial[]): Promise<readonly string[]> {
  return inFolder(async (cwd, write) => {
    for (const [index, { rules, evaluated, cases }] of trials.entries()) {
      await write(`rules-${index}.json`, groupOf(rules));
      await write(`trial-${index}.json`, {
        rule_files: [`rules-${index}.json`],
        evaluation_interval: evaluated,
        tests: cases,
      });
    }
    const files = trials.map((_, index) => `trial-${index}.json`);
    const report = join(cwd, "report.xml");
    await run(await tool("promtool"), ["test", "rules", `--junit=${report}`, ...files], { cwd });
    const failures = failuresIn(await readFile(report, "utf8"));
    return files.map((file) => {
      const failure = failures.get(file);
      if (failure === undefined) throw new Error(`promtool says nothing of ${file}`);
      return failure;
    });
  });
}

/** The places of the rules that Prometheus refuses to load. */
export async function refused(rules: readonly Rule[]): Promise<ReadonlySet<number>> {
  return inFolder(async (cwd, write) => {
    for (const [index, rule] of rules.entries()) await write(`rule-${index}.json`, groupOf([rule]));
    const files = rules.map((_, index) => `rule-${index}.json`);
    const { stdout, stderr } = await run(
      await tool("promtool"),
      ["check", "rules", "--lint=none", ...files],
      { cwd },
    );
    const found = [...(stdout + stderr).matchAll(/^rule-(\d+)\.json: .*could not parse expression/gm)];
    return new Set(found.map(([, index]) => Number(index)));
  });
}

function groupOf(rules: readonly Rule[]) {
  return { groups: [{ name: "slo", rules }] };
}

/** JSON is YAML, and is written in a fraction of the time. */
type Write = (name: string, content: unknown) => Promise<void>;

async function inFolder<T>(use: (folder: string, write: Write) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-slo-mutants-"));
  try {
    return await use(folder, (name, content) => writeFile(join(folder, name), JSON.stringify(content)));
  } finally {
    await rm(folder, { recursive: true });
  }
}
