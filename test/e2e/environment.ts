import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Environment } from "../../stacks/environment.ts";
import { stackNames } from "../../stacks/names.ts";
import { requiredSecrets, resolveEnvironment } from "../../stacks/resolve.ts";
import { services } from "../../stacks/services/index.ts";
import { ROOT, TODAY } from "./project.ts";

/** What a stack's file says, with its tier's defaults. */
export async function environmentOf(stack: string): Promise<Environment> {
  const text = await readFile(join(ROOT, "stacks", `Pulumi.${stack}.yaml`), "utf8");
  return environmentIn(parse(text), stack);
}

/** What the content of a stack's file says, with its tier's defaults. */
export function environmentIn(file: unknown, stack: string): Environment {
  const resolved = resolveEnvironment((file as StackFile).config["bellwether:environment"], {
    stack,
    today: TODAY,
    environments: [...new Set([...stackNames(), stack])],
    services,
  });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems, null, 2));
  return resolved.value;
}

interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
}

/** A value for each secret that the environment names, unlike any other text, so that it is found wherever it leaks. */
export function secretValues(environment: Environment): ReadonlyMap<string, string> {
  return new Map(
    requiredSecrets(environment).map(({ name }, index) => [name, `s3cr3t-${index}-of-${name}-9d1f`]),
  );
}

/** The flags of `pulumi up` that hold an environment to the policies, as docs/how-to/deploy.md gives them. */
export function policyFlags({ tier }: Environment) {
  const pack = join(ROOT, "policies", "packs", "bellwether");
  return { policyPacks: [pack], policyPackConfigs: [join(pack, "config", `${tier}.json`)] };
}
