import { seconds } from "../../components/core/duration.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { Refused } from "../cluster/client.ts";
import { NotTaken, plannedSnapshots, snapshotInWords, takeSnapshots } from "../cluster/snapshots.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { paintFor } from "../paint.ts";
import { RolloutCluster } from "../rollout/cluster.ts";
import { inWords, notThere, rolloutProblems } from "../rollout/problems.ts";
import { NotRestarted, restartRollout } from "../rollout/restart.ts";
import { KINDS, type Named, type Workload } from "../rollout/state.ts";
import { planInWords } from "../rollout/words.ts";
import { progressOn } from "../terminal.ts";
import { type ActionFlags, agreed, onCluster, readable } from "./cluster-action.ts";

/** How the command is asked for. */
export interface RestartRolloutFlags extends ActionFlags {
  /** A duration. Default: 15m. */
  readonly timeout?: string;
  readonly snapshot?: boolean;
}

const SUBJECT = "restart-rollout";
/** Of warnings about pods: more would hide the steps. */
const MOST_WARNINGS = 3;

/**
 * Replaces the pods of a workload of an environment's cluster. Reads the cluster, prints what is stuck and every step, asks, and does
 * them. Throws an InvalidInputError that lists every reason why it cannot, before anything is changed.
 */
export async function restartRolloutOf(
  name: string,
  workloadName: string,
  flags: RestartRolloutFlags,
  surroundings: Surroundings,
): Promise<Exit> {
  const { stdout, stderr, env } = surroundings;
  const named = namedBy(workloadName);
  const patience = seconds(flags.timeout ?? "15m") * 1000;
  return onCluster(SUBJECT, name, flags, surroundings, async ({ client, where }) => {
    const cluster = new RolloutCluster(client);
    const now = Date.now();
    const workload = await readable(SUBJECT, where, cluster.read(named));
    if (workload === undefined) throw notThere(named, name);
    const claims = flags.snapshot === true ? claimsOf(workload) : [];
    const planned = await readable(SUBJECT, where, plannedSnapshots(client, claims, now));
    const problems = [...rolloutProblems(workload), ...planned.problems];
    if (problems.length > 0) throw new InvalidInputError(SUBJECT, problems);
    const warnings = await warningsAbout(cluster, workload);
    stdout.write(planInWords(workload, { where: `${name}, ${where}`, now, patience, warnings }));
    for (const snapshot of planned.snapshots) stdout.write(`  before: ${snapshotInWords(snapshot)}\n`);
    if (flags["dry-run"] === true) return EXIT.refused;
    const command = `npx bellwether restart-rollout ${name} ${workloadName}`;
    if (!(await agreed(command, flags, surroundings))) return EXIT.refused;
    const { step: onProgress } = progressOn(stderr, paintFor(stderr, env));
    try {
      await takeSnapshots(client, planned.snapshots, { onProgress, patience });
      await restartRollout(cluster, named, { onProgress, patience });
    } catch (error) {
      const isExpected = [NotRestarted, NotTaken, Refused, InvalidInputError].some(
        (kind) => error instanceof kind,
      );
      if (!isExpected) throw error;
      stderr.write(`${(error as Error).message}\nRun ${command} again: it continues where it stopped.\n`);
      return EXIT.refused;
    }
    stdout.write(`\nEvery pod of ${inWords(named)} is replaced and available.\n`);
    return EXIT.fine;
  });
}

function namedBy(text: string): Named {
  const [namespace = "", kind = "", name = ""] = text.split("/");
  return { namespace, kind: KINDS[kind as keyof typeof KINDS], name };
}

function claimsOf({ namespace, members }: Workload) {
  const names = new Set(members.flatMap(({ claims }) => claims));
  return [...names].map((claim) => ({ namespace, claim }));
}

async function warningsAbout(cluster: RolloutCluster, { members }: Workload): Promise<readonly string[]> {
  const unready = members.filter(({ ready, deleting }) => !ready && !deleting).slice(0, MOST_WARNINGS);
  const found = await Promise.all(
    unready.map((member) => cluster.warningAbout(member).catch(() => undefined)),
  );
  return [...new Set(found.filter((text) => text !== undefined))];
}
