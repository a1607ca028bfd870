import { resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { serviceArgs } from "../../infra/args.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { requiredSecrets } from "../../stacks/resolve.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { readStacks } from "../environments.ts";
import { EXIT, type Exit } from "../exit.ts";
import { startLab } from "../lab/lab.ts";
import { labPrograms } from "../lab/programs.ts";
import { paintFor } from "../paint.ts";
import { resolverFor } from "../resolver.ts";
import { services as definedServices } from "./services.ts";

/** How a lab is asked for. */
export interface LabFlags {
  /** A number from 1 to 60. */
  readonly faster: number;
  readonly port: number;
  readonly stacks?: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/** Runs a lab of an environment until the command is interrupted. */
export async function runLab(
  environment: string,
  { faster, port, stacks, today }: LabFlags,
  { folder, stdout, stderr, env }: Surroundings,
): Promise<Exit> {
  const programs = labPrograms(env);
  const services = await definedServices();
  const stacksFolder = stacks === undefined ? STACKS_FOLDER : resolve(folder, stacks);
  const platform = { resolve: resolverFor(services, today), requiredSecrets };
  const stack = readStacks(stacksFolder, [environment], platform).get(environment);
  if (stack === undefined) throw new Error(`${environment} was not read`);
  if (!stack.ok) throw new InvalidInputError(stack.path, stack.problems);
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  stderr.write("Starting Prometheus and Alertmanager\n");
  const lab = await startLab({
    environment: stack.environment,
    services: Object.values(serviceArgs(stack.environment, services)),
    programs,
    faster,
    port,
  });
  const paint = paintFor(stdout, env);
  stdout.write(
    `${paint.bold(`Lab of ${environment}`)} at ${lab.url}\nTime passes ${faster} times faster than in production. Ctrl-C stops it and removes its files.\n`,
  );
  await interrupted;
  await lab.stop();
  stdout.write("The lab is stopped, and its files are removed.\n");
  return EXIT.fine;
}
