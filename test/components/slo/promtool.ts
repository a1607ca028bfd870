import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Duration } from "../../../components/core/duration.ts";
import type { PromtoolCase } from "../../../components/signals/promtool.ts";
import type { RuleGroup } from "../../../components/slo/rule.ts";
import { type Finished, run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";

/** Runs cases through the rules in the deployed Prometheus' own promtool, after its linter. */
export async function promtool(
  groups: readonly RuleGroup[],
  interval: Duration,
  tests: readonly PromtoolCase[],
): Promise<Finished> {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-slo-"));
  try {
    const write = (name: string, content: unknown) =>
      writeFile(join(folder, name), stringify(content, { aliasDuplicateObjects: false }));
    await write("rules.yaml", { groups });
    await write("tests.yaml", { rule_files: ["rules.yaml"], evaluation_interval: interval, tests });
    const program = await tool("promtool");
    const check = ["check", "rules", "--lint=all", "--lint-fatal", join(folder, "rules.yaml")];
    const checked = await run(program, check);
    return checked.code === 0 ? await run(program, ["test", "rules", join(folder, "tests.yaml")]) : checked;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
