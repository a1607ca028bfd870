import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError, type Problem } from "../components/core/problems.ts";
import type { Service } from "../components/service/model.ts";
import type { Environment } from "../stacks/environment.ts";
import { stackNames } from "../stacks/names.ts";
import { networkBlocks } from "../stacks/networks.ts";
import { renamedFieldsIn, renamingNotice } from "../stacks/renamed-fields.ts";
import { requiredSecrets, resolveEnvironment } from "../stacks/resolve.ts";
import { writtenStores } from "../stacks/stores.ts";
import { deployPlatform } from "./platform.ts";

/** What else is wrong with deploying an environment here and now, beside the environment itself. */
export type ProblemsHere = (environment: Environment) => Promise<readonly Problem[]>;

/**
 * Reads the environment from the stack's config, refuses it with every mistake at once or with the commands that set its missing
 * secrets, and only then creates the platform, with these services. `problemsHere` is asked last; default: nothing more is asked.
 */
export async function deployWith(
  services: readonly Service[],
  problemsHere: ProblemsHere = async () => [],
): Promise<Record<string, unknown>> {
  try {
    const config = new pulumi.Config("bellwether");
    const stack = pulumi.getStack();
    const day = today();
    const written = environmentOf(config);
    for (const field of renamedFieldsIn(written)) await pulumi.log.warn(renamingNotice(field));
    const resolved = resolveEnvironment(written, {
      stack,
      today: day,
      // The stack itself exists even if its file is elsewhere (`--config-file`).
      environments: [...new Set([...stackNames(), stack])],
      blocks: networkBlocks(),
      stores: writtenStores(),
      services,
    });
    if (!resolved.ok) throw new InvalidInputError(`stacks/Pulumi.${stack}.yaml`, resolved.problems);
    const names = requiredSecrets(resolved.value).map(({ name }) => name);
    refuseMissingSecrets(config, stack, names);
    const here = await problemsHere(resolved.value);
    if (here.length > 0) throw new InvalidInputError(`Deploying ${stack} from here`, here);
    const secrets = Object.fromEntries(names.map((name) => [name, config.requireSecret(name)]));
    return { ...deployPlatform({ environment: resolved.value, secrets, services, today: day }) };
  } catch (error) {
    // A mistake in the input is no defect of the program: the engine shows a RunError without its stack trace.
    const refusal = error instanceof InvalidInputError ? new pulumi.RunError(error.message) : error;
    throw refusal instanceof pulumi.RunError ? withoutStack(refusal) : refusal;
  }
}

/**
 * Pulumi colours an error's stack before it sees that it will not show it. Its source maps name a file `node_modules/@pulumi/resource.ts`,
 * and Node 20.20 never finds the end of such a package's name: it takes 12 seconds and 3 GB until a string is too long.
 */
function withoutStack(error: pulumi.RunError): pulumi.RunError {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

function environmentOf(config: pulumi.Config): unknown {
  try {
    return config.requireObject("environment");
  } catch {
    throw new pulumi.RunError(
      "bellwether:environment is missing from the stack's config, or is no map. " +
        "See stacks/Pulumi.local.yaml for one that is complete.",
    );
  }
}

function refuseMissingSecrets(config: pulumi.Config, stack: string, names: readonly string[]): void {
  const missing = names.filter((name) => config.get(name) === undefined);
  if (missing.length === 0) return;
  const commands = missing.map((name) => `  pulumi config set --secret bellwether:${name} --stack ${stack}`);
  throw new pulumi.RunError(
    [`Secrets of ${stack} that are not set: ${missing.length}. Set each, then run again:`, ...commands].join(
      "\n",
    ),
  );
}

/** The day that support calendars are read at, and that tokens take turns by. BELLWETHER_TODAY makes a run repeatable. */
function today(): string {
  return process.env["BELLWETHER_TODAY"] ?? new Date().toISOString().slice(0, 10);
}
