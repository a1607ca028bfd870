import { InvalidInputError } from "../../components/core/problems.ts";
import { growVolumesCommand } from "../../infra/volumes.ts";
import { Refused } from "../cluster/client.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { paintFor } from "../paint.ts";
import type { Progress } from "../preview.ts";
import { progressOn } from "../terminal.ts";
import { VolumesCluster } from "../volumes/cluster.ts";
import { growVolumes, NotFinished } from "../volumes/grow.ts";
import { planOf } from "../volumes/plan.ts";
import type { Wanted } from "../volumes/problems.ts";
import { readWanted } from "../volumes/wanted.ts";
import { planInWords, stepInWords } from "../volumes/words.ts";
import { type ActionFlags, agreed, onCluster, readable } from "./cluster-action.ts";

/** How the command is asked for. */
export interface GrowVolumesFlags extends ActionFlags {
  /** One program. Default: all that have volumes. */
  readonly component?: string;
}

/**
 * Gives the existing volumes of an environment the sizes that its file states. Reads the cluster, prints every step, asks, and does
 * them. Throws an InvalidInputError that lists every reason why it cannot, before anything is changed.
 */
export async function growVolumesOf(
  name: string,
  flags: GrowVolumesFlags,
  surroundings: Surroundings,
): Promise<Exit> {
  const { stdout, stderr, env } = surroundings;
  const subject = `volumes of ${name}`;
  return onCluster(subject, name, flags, surroundings, async ({ client, environment, where }) => {
    const cluster = new VolumesCluster(client);
    const { component } = flags;
    const options = { environment, ...(component !== undefined && { component }) };
    const wanted = await readable(subject, where, readWanted(cluster, options));
    const plans = wanted.map((each) => ({ ...each, steps: planOf(each.state, each.goal) }));
    stdout.write(planInWords(plans, `${name}, ${where}`));
    if (plans.every(({ steps }) => steps.length === 0)) return EXIT.fine;
    const command = growVolumesCommand(name);
    if (flags["dry-run"] === true) return EXIT.refused;
    if (!(await agreed(command, flags, surroundings))) return EXIT.refused;
    const progress = progressOn(stderr, paintFor(stderr, env));
    const failure = await growAll(cluster, wanted, progress);
    if (failure !== undefined) {
      stderr.write(`${failure}\nRun ${command} again: it continues where it stopped.\n`);
      return EXIT.refused;
    }
    stdout.write(`\nThe volumes of ${name} have the sizes that its file states.\n`);
    return EXIT.fine;
  });
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
