import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { findContext } from "../../components/cluster/kubeconfig.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { growVolumesCommand } from "../../infra/volumes.ts";
import type { Environment } from "../../stacks/environment.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { connect, Refused } from "../cluster/client.ts";
import { contextOf } from "../cluster/reach.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { paintFor } from "../paint.ts";
import type { Progress } from "../preview.ts";
import { resolverFor } from "../resolver.ts";
import { readStackFile, stackFilePath } from "../stack-file.ts";
import { progressOn } from "../terminal.ts";
import { VolumesCluster } from "../volumes/cluster.ts";
import { growVolumes, NotFinished } from "../volumes/grow.ts";
import { planOf } from "../volumes/plan.ts";
import type { Wanted } from "../volumes/problems.ts";
import { readWanted } from "../volumes/wanted.ts";
import { planInWords, stepInWords } from "../volumes/words.ts";
import { services as definedServices } from "./services.ts";

/** How the command is asked for. */
export interface GrowVolumesFlags {
  readonly stacks?: string;
  /** One program. Default: all that have volumes. */
  readonly component?: string;
  /** A context of the kubeconfig. Default: what leads to the environment's cluster. */
  readonly context?: string;
  readonly "dry-run"?: boolean;
  readonly yes?: boolean;
}

/**
 * Gives the existing volumes of an environment the sizes that its file states. Reads the cluster, prints every step, asks, and does
 * them. Throws an InvalidInputError that lists every reason why it cannot, before anything is changed.
 */
export async function growVolumesOf(
  name: string,
  flags: GrowVolumesFlags,
  { folder, stdin, stdout, stderr, env }: Surroundings,
): Promise<Exit> {
  const environment = await readEnvironment(name, flags.stacks && resolve(folder, flags.stacks));
  const context = await contextFor(environment, flags, env);
  const where = `context ${context.name} of ${context.file}`;
  const client = await connect(context);
  try {
    const cluster = new VolumesCluster(client);
    const { component } = flags;
    const options = { environment, context: where, ...(component !== undefined && { component }) };
    const wanted = await readWanted(cluster, options).catch((error: unknown) => {
      throw error instanceof Refused ? notReadable(name, where, error) : error;
    });
    const plans = wanted.map((each) => ({ ...each, steps: planOf(each.state, each.goal) }));
    stdout.write(planInWords(plans, `${name}, ${where}`));
    if (plans.every(({ steps }) => steps.length === 0)) return EXIT.fine;
    const command = growVolumesCommand(name);
    if (flags["dry-run"] === true) return EXIT.refused;
    if (flags.yes !== true && !(await agreed(stdin, stdout, command))) return EXIT.refused;
    const progress = progressOn(stderr, paintFor(stderr, env));
    const failure = await growAll(cluster, wanted, progress);
    if (failure !== undefined) {
      stderr.write(`${failure}\nRun ${command} again: it continues where it stopped.\n`);
      return EXIT.refused;
    }
    stdout.write(`\nThe volumes of ${name} have the sizes that its file states.\n`);
    return EXIT.fine;
  } finally {
    client.close();
  }
}

/** Why not all have their sizes, such as an API server that does not answer any more; undefined if they have. */
async function growAll(
  cluster: VolumesCluster,
  wanted: readonly Wanted[],
  progress: Progress,
): Promise<string | undefined> {
  try {
    for (const { owner, goal } of wanted)
      await growVolumes(cluster, {
        owner,
        goal,
        onStep: (step) => progress.step(`${owner.title}: ${stepInWords(step, owner)}`),
      });
    return undefined;
  } catch (error) {
    const isExpected = [NotFinished, Refused, InvalidInputError].some((kind) => error instanceof kind);
    if (!isExpected) throw error;
    return (error as Error).message;
  }
}

function notReadable(environment: string, path: string, { message }: Refused): InvalidInputError {
  const problem = {
    path,
    found: message,
    allowed: "permission to read and change the platform's objects, and a platform that is deployed",
    fix: "use the credentials of an administrator of the cluster",
  };
  return new InvalidInputError(`volumes of ${environment}`, [problem]);
}

async function readEnvironment(name: string, stacksFolder = STACKS_FOLDER): Promise<Environment> {
  const path = stackFilePath(stacksFolder, name);
  const file = readStackFile(stacksFolder, name);
  if (!file.ok) throw new InvalidInputError(path, file.problems);
  // Sizes do not change from day to day; only what is supported does.
  const today = new Date().toISOString().slice(0, 10);
  const resolved = resolverFor(await definedServices(), today)(file.value.environment, name);
  if (!resolved.ok) throw new InvalidInputError(path, resolved.problems.map(file.value.located));
  return resolved.value;
}

/** `--context`, else what leads to the environment's cluster. Throws an InvalidInputError where that leads nowhere. */
async function contextFor(environment: Environment, { context }: GrowVolumesFlags, env: NodeJS.ProcessEnv) {
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
  throw new InvalidInputError(`volumes of ${environment.name}`, problems);
}

async function agreed(
  input: Surroundings["stdin"],
  output: Surroundings["stdout"],
  command: string,
): Promise<boolean> {
  if (input.isTTY !== true)
    throw new InvalidInputError("grow-volumes", [
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
