import { resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import type { ServiceMonitoringArgs } from "../../components/service/render.ts";
import { serviceArgs } from "../../infra/args.ts";
import type { Environment } from "../../stacks/environment.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { requiredSecrets } from "../../stacks/resolve.ts";
import { readStacks } from "../environments.ts";
import { resolverFor } from "../resolver.ts";
import { readStackFile, stackFilePath } from "../stack-file.ts";
import { services as definedServices } from "./services.ts";

/** An environment, and what the services that run in it are rendered from, by name. */
export interface EnvironmentWithServices {
  readonly environment: Environment;
  readonly services: Readonly<Record<string, ServiceMonitoringArgs>>;
}

/** Reads an environment as of a day; `stacks` is relative to the folder. Throws an InvalidInputError that lists every mistake. */
export async function environmentWithServices(
  name: string,
  { stacks, today, folder }: { readonly stacks?: string; readonly today: string; readonly folder: string },
): Promise<EnvironmentWithServices> {
  const services = await definedServices();
  const stacksFolder = stacks === undefined ? STACKS_FOLDER : resolve(folder, stacks);
  const platform = { resolve: resolverFor(services, today), requiredSecrets };
  const stack = readStacks(stacksFolder, [name], platform).get(name);
  if (stack === undefined) throw new Error(`${name} was not read`);
  if (!stack.ok) throw new InvalidInputError(stack.path, stack.problems);
  const { environment } = stack;
  return { environment, services: serviceArgs(environment, services) };
}

/** Reads the file of an environment. Throws an InvalidInputError that lists every mistake. */
export async function readEnvironment(name: string, stacksFolder = STACKS_FOLDER): Promise<Environment> {
  const path = stackFilePath(stacksFolder, name);
  const file = readStackFile(stacksFolder, name);
  if (!file.ok) throw new InvalidInputError(path, file.problems);
  // What is read of it does not change from day to day; only what is supported does.
  const today = new Date().toISOString().slice(0, 10);
  const resolved = resolverFor(await definedServices(), today)(file.value.environment, name);
  if (!resolved.ok) throw new InvalidInputError(path, resolved.problems.map(file.value.located));
  return resolved.value;
}
