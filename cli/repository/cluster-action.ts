import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { findContext } from "../../components/cluster/kubeconfig.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import type { Environment } from "../../stacks/environment.ts";
import { type ClusterClient, connect, Refused } from "../cluster/client.ts";
import { refuseOtherCluster } from "../cluster/identity.ts";
import { contextOf } from "../cluster/reach.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { readEnvironment } from "./environment.ts";

/** The flags of every command that changes a cluster. */
export interface ActionFlags {
  readonly stacks?: string;
  /** A context of the kubeconfig. Default: what leads to the environment's cluster. */
  readonly context?: string;
  readonly "dry-run"?: boolean;
  readonly yes?: boolean;
}

/** The cluster of an environment. */
export interface OpenedCluster {
  readonly client: ClusterClient;
  readonly environment: Environment;
  /** What leads to it, as messages name it. */
  readonly where: string;
}

/**
 * What `act` does with the cluster of an environment. Rejects with an InvalidInputError of `subject` where the environment has
 * mistakes, its cluster cannot be reached, or another environment's is.
 */
export async function onCluster<T>(
  subject: string,
  name: string,
  flags: ActionFlags,
  { folder, env }: Pick<Surroundings, "folder" | "env">,
  act: (cluster: OpenedCluster) => Promise<T>,
): Promise<T> {
  const environment = await readEnvironment(name, flags.stacks && resolve(folder, flags.stacks));
  const context = await contextFor(subject, environment, flags, env);
  const where = `context ${context.name} of ${context.file}`;
  const client = await connect(context);
  try {
    await readable(subject, where, refuseOtherCluster(client, environment, subject, where));
    return await act({ client, environment, where });
  } finally {
    client.close();
  }
}

/** What is read of a cluster. Rejects with an InvalidInputError of `subject` where the API server refuses. */
export function readable<T>(subject: string, path: string, reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    const problem = {
      path,
      found: error.message,
      allowed: "permission to read and change the platform's objects, and a platform that is deployed",
      fix: "use the credentials of an administrator of the cluster",
    };
    throw new InvalidInputError(subject, [problem]);
  });
}

/**
 * Whether the steps that were printed are to be done: `--yes`, or what is answered at the terminal. Throws an InvalidInputError where
 * there is neither.
 *
 * @param command that is run with `--yes` instead; its second word is the name of the subcommand.
 */
export async function agreed(
  command: string,
  { yes }: ActionFlags,
  { stdin: input, stdout: output }: Pick<Surroundings, "stdin" | "stdout">,
): Promise<boolean> {
  if (yes === true) return true;
  if (input.isTTY !== true)
    throw new InvalidInputError(command.split(" ")[2] ?? command, [
      {
        path: "--yes",
        found: "nothing, and no terminal to ask at",
        allowed: "--yes to do the steps, or --dry-run to print them",
        fix: `read the steps above, then run: ${command} --yes`,
      },
    ]);
  const terminal = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await terminal.question("\nDo this? [y/N] ")).trim());
  } finally {
    terminal.close();
  }
}

/** `--context`, else what leads to the environment's cluster. Throws an InvalidInputError where that leads nowhere. */
async function contextFor(
  subject: string,
  environment: Environment,
  { context }: ActionFlags,
  env: NodeJS.ProcessEnv,
) {
  const { cluster } = environment;
  const kubeconfig = cluster.kind === "existing" ? cluster.kubeconfig : undefined;
  const found =
    context === undefined
      ? await contextOf(environment, env)
      : findContext({ context, ...(kubeconfig !== undefined && { kubeconfig }) }, "--context", env);
  if (found.ok) return found.value;
  const problems = found.problems.map((problem) => ({
    ...problem,
    path: problem.path.replace("--context.context", "--context"),
  }));
  throw new InvalidInputError(subject, problems);
}
