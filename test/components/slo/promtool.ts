import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Duration } from "../../../components/core/duration.ts";
import type { PromtoolCase } from "../../../components/core/promtool.ts";
import type { RuleGroup } from "../../../components/core/rules.ts";
import type { SloTests } from "../../../components/slo/cases.ts";
import { type Finished, run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";

/** Runs all cases of an SLO, as often evaluated as they ask for. */
export async function prove(groups: readonly RuleGroup[], tests: readonly SloTests[]): Promise<Finished> {
  return promtoolFiles(
    groups,
    tests.map(({ evaluated, cases }) => ({ interval: evaluated, cases })),
  );
}

/** Runs cases through the rules in the deployed Prometheus' own promtool, after its linter. */
export async function promtool(
  groups: readonly RuleGroup[],
  interval: Duration,
  tests: readonly PromtoolCase[],
): Promise<Finished> {
  return promtoolFiles(groups, [{ interval, cases: tests }]);
}

async function promtoolFiles(
  groups: readonly RuleGroup[],
  files: readonly { readonly interval: Duration; readonly cases: readonly PromtoolCase[] }[],
): Promise<Finished> {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-slo-"));
  try {
    const write = (name: string, content: unknown) =>
      writeFile(join(folder, name), stringify(content, { aliasDuplicateObjects: false }));
    await write("rules.yaml", { groups });
    for (const [index, { interval, cases }] of files.entries())
      await write(`tests-${index}.yaml`, {
        rule_files: ["rules.yaml"],
        evaluation_interval: interval,
        tests: cases,
      });
    const program = await tool("promtool");
    const check = ["check", "rules", "--lint=all", "--lint-fatal", join(folder, "rules.yaml")];
    const checked = await run(program, check);
    const tests = files.map((_, index) => join(folder, `tests-${index}.yaml`));
    return checked.code === 0 ? await run(program, ["test", "rules", ...tests]) : checked;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
