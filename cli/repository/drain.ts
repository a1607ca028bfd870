import { seconds } from "../../components/core/duration.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { namespacesOf } from "../../components/workloads/model.ts";
import { Refused } from "../cluster/client.ts";
import { NotTaken, plannedSnapshots, snapshotInWords, takeSnapshots } from "../cluster/snapshots.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { DrainCluster } from "../drain/cluster.ts";
import { drain, giveUp, NotDrained } from "../drain/drain.ts";
import { drainProblems } from "../drain/problems.ts";
import { planInWords } from "../drain/words.ts";
import { EXIT, type Exit } from "../exit.ts";
import { paintFor } from "../paint.ts";
import { progressOn } from "../terminal.ts";
import { type ActionFlags, agreed, onCluster, readable } from "./cluster-action.ts";

/** How the command is asked for. */
export interface DrainFlags extends ActionFlags {
  /** A duration. Default: 30m. */
  readonly timeout?: string;
  readonly snapshot?: boolean;
}

const SUBJECT = "drain";

/**
 * Drains a node of an environment's cluster. Reads the cluster, prints every step, asks, and does them. Throws an InvalidInputError that
 * lists every reason why it cannot, before anything is changed.
 */
export async function drainNodeOf(
  name: string,
  node: string,
  flags: DrainFlags,
  surroundings: Surroundings,
): Promise<Exit> {
  const { stdout, stderr, env } = surroundings;
  const patience = seconds(flags.timeout ?? "30m") * 1000;
  return onCluster(SUBJECT, name, flags, surroundings, async ({ client, environment, where }) => {
    const cluster = new DrainCluster(client, namespacesOf(environment));
    const state = await readable(SUBJECT, where, cluster.read(node));
    if (state === undefined) throw noNode(node, name);
    const claims = flags.snapshot === true ? state.leaving.flatMap(claimsOf) : [];
    const planned = await readable(SUBJECT, where, plannedSnapshots(client, claims, Date.now()));
    const problems = [...drainProblems(state), ...planned.problems];
    if (problems.length > 0) throw new InvalidInputError(SUBJECT, problems);
    stdout.write(planInWords(state, `${name}, ${where}`, patience));
    for (const snapshot of planned.snapshots) stdout.write(`  before: ${snapshotInWords(snapshot)}\n`);
    if (state.leaving.length === 0 && state.node.cordoned !== "no") return EXIT.fine;
    if (flags["dry-run"] === true) return EXIT.refused;
    const command = `npx bellwether drain ${name} ${node}`;
    if (!(await agreed(command, flags, surroundings))) return EXIT.refused;
    const { step: onProgress } = progressOn(stderr, paintFor(stderr, env));
    const failure = await interruptible(async (signal) => {
      try {
        await takeSnapshots(client, planned.snapshots, { onProgress, patience, signal });
        await drain(cluster, node, { onProgress, patience, signal });
        return undefined;
      } catch (error) {
        const isExpected = [NotDrained, NotTaken, Refused, InvalidInputError].some(
          (kind) => error instanceof kind,
        );
        const message = isExpected ? (error as Error).message : undefined;
        const outcome = await giveUp(cluster, node);
        if (message === undefined) throw error;
        return `${message}\n${outcome}`;
      }
    });
    if (failure !== undefined) {
      stderr.write(`${failure}\nRun ${command} again when the reason is gone.\n`);
      return EXIT.refused;
    }
    stdout.write(`\n${node} is drained. To let pods start on it again: kubectl uncordon ${node}\n`);
    return EXIT.fine;
  });
}

function claimsOf({ namespace, claims }: { readonly namespace: string; readonly claims: readonly string[] }) {
  return claims.map((claim) => ({ namespace, claim }));
}

function noNode(node: string, environment: string): InvalidInputError {
  return new InvalidInputError(SUBJECT, [
    {
      path: "<node>",
      found: JSON.stringify(node),
      allowed: `a node of the cluster of ${environment}`,
      fix: "list them: kubectl get nodes",
    },
  ]);
}

/** What `act` returns, with a signal that is aborted when someone interrupts the program, which then does not end at once. */
async function interruptible<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, abort);
  try {
    return await act(controller.signal);
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, abort);
  }
}
