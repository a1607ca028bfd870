import { existsSync } from "node:fs";
import { receiversFor } from "../components/alertmanager/render.ts";
import { formatProblems, InvalidInputError, type Problem } from "../components/core/problems.ts";
import type { Service } from "../components/service/model.ts";
import { serviceArgs } from "../infra/args.ts";
import type { Environment } from "../stacks/environment.ts";
import { requiredSecrets, resolveEnvironment } from "../stacks/resolve.ts";
import { readStacks } from "./environments.ts";
import { explanation, introduction, named } from "./explanation.ts";
import type { Paint } from "./paint.ts";

/** What to explain, and as of when. */
export interface ExplainOptions {
  readonly name: string | undefined;
  /** One environment; else all of them. */
  readonly environment: string | undefined;
  readonly stacksFolder: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/**
 * What the platform watches, promises, tells and draws for a service, in each environment. Loads no SDK. Throws an InvalidInputError for
 * a service that nobody defined, and for environments with mistakes.
 */
export function explainService(
  services: readonly Service[],
  { name, environment, stacksFolder, today }: ExplainOptions,
  paint: Paint,
): string {
  const service = named(services, name);
  if (!existsSync(stacksFolder)) throw new InvalidInputError("explain", [noStacks(stacksFolder)]);
  const platform = {
    resolve: (raw: unknown, stack: string) => resolveEnvironment(raw, { stack, today, services }),
    requiredSecrets,
  };
  const stacks = [
    ...readStacks(stacksFolder, environment === undefined ? [] : [environment], platform).values(),
  ];
  const chosen = environment === undefined ? stacks : stacks.filter(({ stack }) => stack === environment);
  const parts = chosen.map((stack) =>
    stack.ok
      ? inEnvironment(service, services, stack.environment, paint)
      : paint.red(formatProblems(stack.path, stack.problems)),
  );
  return `${[introduction(service, paint), ...parts].join("\n\n")}\n`;
}

function inEnvironment(
  service: Service,
  services: readonly Service[],
  environment: Environment,
  paint: Paint,
): string {
  const args = serviceArgs(environment, services)[service.name];
  if (args === undefined)
    return `${paint.bold(environment.name)}\n    does not run there: its definition says enabled: false`;
  const settings = environment.alertmanager;
  const receivers = (labels: Readonly<Record<string, string>>) =>
    receiversFor(settings, labels).map((receiver) => {
      const type = Object.hasOwn(settings.receivers, receiver)
        ? settings.receivers[receiver]?.type
        : undefined;
      return type === undefined ? receiver : `${receiver} (${type})`;
    });
  return explanation({ args, receivers }, paint);
}

function noStacks(folder: string): Problem {
  return {
    path: folder,
    found: "no such folder",
    allowed: "the folder of the stacks' files",
    fix: "correct --stacks",
  };
}
