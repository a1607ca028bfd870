import type { Problem } from "../components/core/problems.ts";
import type { NamedSecret } from "../components/core/secrets.ts";
import type { Environment } from "../stacks/environment.ts";
import { stackNames } from "../stacks/names.ts";
import type { Platform } from "./platform.ts";
import { plainSecretProblems } from "./secrets.ts";
import { readStackFile, type StackFile, stackFilePath } from "./stack-file.ts";

/** A stack whose file was read and whose environment is right. */
export interface ReadyStack {
  readonly ok: true;
  readonly stack: string;
  readonly file: StackFile;
  readonly environment: Environment;
  readonly secrets: readonly NamedSecret[];
}

/** A stack with mistakes in its file. */
export interface MistakenStack {
  readonly ok: false;
  readonly stack: string;
  /** The file, as people write it. */
  readonly path: string;
  readonly problems: readonly Problem[];
}

/**
 * Every stack of the folder, and those that were asked for besides. All are read even where one is asked for, because a report
 * compares an environment with the others.
 */
export function readStacks(
  folder: string,
  asked: readonly string[],
  platform: Pick<Platform, "resolve" | "requiredSecrets">,
): ReadonlyMap<string, ReadyStack | MistakenStack> {
  const stacks = new Set([...stackNames(folder), ...asked]);
  return new Map([...stacks].map((stack) => [stack, readStack(folder, stack, platform)]));
}

function readStack(
  folder: string,
  stack: string,
  { resolve, requiredSecrets }: Pick<Platform, "resolve" | "requiredSecrets">,
): ReadyStack | MistakenStack {
  const path = stackFilePath(folder, stack);
  const mistaken = (problems: readonly Problem[]) => ({ ok: false as const, stack, path, problems });
  const file = readStackFile(folder, stack);
  if (!file.ok) return mistaken(file.problems);
  const resolved = resolve(file.value.environment, stack);
  if (!resolved.ok) return mistaken(resolved.problems.map(file.value.located));
  const secrets = requiredSecrets(resolved.value);
  const problems = plainSecretProblems(file.value, secrets);
  if (problems.length > 0) return mistaken(problems);
  return { ok: true, stack, file: file.value, environment: resolved.value, secrets };
}
