import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidInputError } from "../../components/core/problems.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { deployedBy } from "../doctor/deployed.ts";
import { examine } from "../doctor/doctor.ts";
import { type Finding, findingLines } from "../doctor/finding.ts";
import { hostTime, reach } from "../doctor/hosts.ts";
import { examineMachine } from "../doctor/machine.ts";
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

/** Checks what the commands need of this machine, and prints it. */
export async function checkMachine({ stdout, env }: Pick<Surroundings, "stdout" | "env">): Promise<Exit> {
  const run = runsIn(fileURLToPath(ROOT), env);
  const findings = await examineMachine({ run, root: ROOT, hostTime, now: Date.now });
  return printed(findings, { subject: "this machine", purpose: "for the commands" }, { stdout, env });
}

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
  return printed(findings, { subject: environment, purpose: "to deploy" }, { stdout, env });
}

function printed(
  findings: readonly Finding[],
  { subject, purpose }: { readonly subject: string; readonly purpose: string },
  { stdout, env }: Pick<Surroundings, "stdout" | "env">,
): Exit {
  const count = findings.filter(({ state }) => state === "wrong").length;
  const paint = paintFor(stdout, env);
  const result =
    count === 0 ? paint.green(`ready ${purpose}`) : paint.red(`not ready ${purpose}: ${count} to fix`);
  stdout.write(`${findingLines(findings, paint)}\n${subject}: ${result}\n`);
  return count === 0 ? EXIT.fine : EXIT.refused;
}
