import { resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { namespacesOf } from "../../components/workloads/model.ts";
import { serviceArgs } from "../../infra/args.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { requiredSecrets } from "../../stacks/resolve.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { readStacks } from "../environments.ts";
import type { Exit } from "../exit.ts";
import { resolverFor } from "../resolver.ts";
import { printVerified, type VerifyFlags } from "../verify/print.ts";
import { services as definedServices } from "./services.ts";

/** Verifies the services of this repository in an environment against its Prometheus, and prints what was found. */
export async function verifyEnvironment(
  environment: string,
  { stacks, ...flags }: VerifyFlags & { readonly stacks?: string },
  surroundings: Surroundings,
): Promise<Exit> {
  const services = await definedServices();
  const stacksFolder = stacks === undefined ? STACKS_FOLDER : resolve(surroundings.folder, stacks);
  const platform = { resolve: resolverFor(services, flags.today), requiredSecrets };
  const stack = readStacks(stacksFolder, [environment], platform).get(environment);
  if (stack === undefined) throw new Error(`${environment} was not read`);
  if (!stack.ok) throw new InvalidInputError(stack.path, stack.problems);
  const all = serviceArgs(stack.environment, services);
  const { monitoring } = namespacesOf(stack.environment);
  return printVerified(environment, all, flags, surroundings, monitoring);
}
