import type { Problem } from "./problems.ts";

/** A secret that settings name, and the path of the field that names it. Its value is config of the stack. */
export interface NamedSecret {
  readonly name: string;
  readonly path: string;
}

/** The named secrets that were given no value, each as a problem with the command that sets it. */
export function missingSecrets(
  named: readonly NamedSecret[],
  values: Readonly<Record<string, unknown>>,
): Problem[] {
  return named
    .filter(({ name }) => values[name] === undefined)
    .map(({ name, path }) => ({
      path,
      found: `the secret ${name}, which has no value`,
      allowed: "the name of a secret that is set",
      fix: `set it with pulumi config set --secret bellwether:${name}`,
    }));
}
