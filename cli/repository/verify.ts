import { resolve } from "node:path";
import { InvalidInputError, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import { namespacesOf } from "../../components/workloads/model.ts";
import { serviceArgs } from "../../infra/args.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { requiredSecrets } from "../../stacks/resolve.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { findingLines } from "../doctor/finding.ts";
import { readStacks } from "../environments.ts";
import { EXIT, type Exit } from "../exit.ts";
import { paintFor } from "../paint.ts";
import { count } from "../report/numbers.ts";
import { resolverFor } from "../resolver.ts";
import { prometheusAt } from "../verify/prometheus.ts";
import { verify } from "../verify/verify.ts";
import { services as definedServices } from "./services.ts";

/** How services are verified. */
export interface VerifyFlags {
  readonly prometheus: string;
  /** One service. Default: all that run in the environment. */
  readonly service?: string;
  readonly stacks?: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/** Verifies the services of an environment against its Prometheus, and prints what was found. */
export async function verifyEnvironment(
  environment: string,
  { prometheus, service, stacks, today }: VerifyFlags,
  { folder, stdout, env }: Surroundings,
): Promise<Exit> {
  const services = await definedServices();
  const stacksFolder = stacks === undefined ? STACKS_FOLDER : resolve(folder, stacks);
  const platform = { resolve: resolverFor(services, today), requiredSecrets };
  const stack = readStacks(stacksFolder, [environment], platform).get(environment);
  if (stack === undefined) throw new Error(`${environment} was not read`);
  if (!stack.ok) throw new InvalidInputError(stack.path, stack.problems);
  const all = serviceArgs(stack.environment, services);
  const chosen =
    service === undefined ? Object.values(all) : [all[service] ?? refuse(service, Object.keys(all))];
  const { monitoring } = namespacesOf(stack.environment);
  const verified = await verify(chosen, prometheusAt(prometheus, env["PROMETHEUS_TOKEN"], monitoring));
  const paint = paintFor(stdout, env);
  for (const { service: name, findings } of verified)
    stdout.write(`${paint.bold(name)}\n${findingLines(findings, paint)}\n`);
  const wrong = verified.flatMap(({ findings }) => findings).filter(({ state }) => state === "wrong").length;
  const result = wrong === 0 ? paint.green("as defined") : paint.red(`not as defined: ${wrong} to fix`);
  stdout.write(`${environment}: ${count(verified.length, "service")}, ${result}\n`);
  return wrong === 0 ? EXIT.fine : EXIT.refused;
}

function refuse(service: string, names: readonly string[]): never {
  const near = nearest(service, names);
  throw new InvalidInputError("verify", [
    {
      path: "--service",
      found: shown(service),
      allowed: `one of ${names.join(", ")}`,
      fix: near === undefined ? "correct it" : `write ${near}`,
    },
  ]);
}
