import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidInputError } from "../../components/core/problems.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { deployedBy } from "../doctor/deployed.ts";
import { examine } from "../doctor/doctor.ts";
import { findingLines } from "../doctor/finding.ts";
import { reach } from "../doctor/hosts.ts";
import { runsIn } from "../doctor/programs.ts";
import { readStacks } from "../environments.ts";
import { EXIT, type Exit } from "../exit.ts";
import { paintFor } from "../paint.ts";
import { loadPlatform } from "../platform.ts";
import { progressOn } from "../terminal.ts";

/** How a check is asked for. */
export interface DoctorFlags {
  /** As YYYY-MM-DD. */
  readonly today: string;
  readonly stacks?: string;
}

const ROOT = new URL("../../", import.meta.url);

/** Checks what `pulumi up` of one environment needs, and prints it. */
export async function checkEnvironment(
  environment: string,
  { today, stacks }: DoctorFlags,
  { folder, stdout, stderr, env }: Surroundings,
): Promise<Exit> {
  const stacksFolder = stacks === undefined ? STACKS_FOLDER : resolve(folder, stacks);
  const platform = await loadPlatform(today, { stacksFolder });
  const stack = readStacks(stacksFolder, [environment], platform).get(environment);
  if (stack === undefined) throw new Error(`${environment} was not read`);
  if (!stack.ok) throw new InvalidInputError(stack.path, stack.problems);
  const findings = await examine({
    stack,
    deployed: () => deployedBy(platform, stack, today),
    env,
    run: runsIn(fileURLToPath(ROOT), env),
    reach,
    modules: new URL("node_modules/", ROOT),
    progress: progressOn(stderr, paintFor(stderr, env)),
  });
  const count = findings.filter(({ state }) => state === "wrong").length;
  const paint = paintFor(stdout, env);
  const result =
    count === 0 ? paint.green("ready to deploy") : paint.red(`not ready to deploy: ${count} to fix`);
  stdout.write(`${findingLines(findings, paint)}\n${environment}: ${result}\n`);
  return count === 0 ? EXIT.fine : EXIT.refused;
}
