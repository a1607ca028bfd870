import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { memoize } from "../components/core/memoize.ts";
import { stackNames } from "./names.ts";

/** Parts of an environment as a stack's file says them, unchecked and without defaults: what an environment may know of the others. */
export interface WrittenEnvironment {
  readonly cluster?: { readonly name?: unknown };
  readonly network?: { readonly cidr?: unknown; readonly podBlocks?: unknown };
  readonly prometheus?: {
    readonly store?: { readonly url?: unknown; readonly tenant?: unknown };
    readonly global?: { readonly services?: unknown };
  };
}

/**
 * The environments of a folder, each with the name of its stack. A file that cannot be read is left out: its own mistakes are reported where it is
 * resolved.
 */
export function writtenEnvironments(
  folder: string,
): readonly (readonly [stack: string, environment: WrittenEnvironment])[] {
  return stackNames(folder).flatMap((stack) => {
    const environment = environmentIn(textOf(join(folder, `Pulumi.${stack}.yaml`)));
    return environment === undefined ? [] : [[stack, environment] as const];
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** By the text of a file, which each environment of a preview asks for again. */
const environmentIn = memoize((text: string): WrittenEnvironment | undefined => {
  try {
    const file = parse(text) as { readonly config?: { readonly "bellwether:environment"?: unknown } };
    return (file.config?.["bellwether:environment"] ?? {}) as WrittenEnvironment;
  } catch {
    return undefined;
  }
});
