import { spawnSync } from "node:child_process";
import { PLATFORM_FOLDER } from "../folders.ts";
import { toTheMinute } from "../report/moments.ts";
import { evaluated, gridWithin } from "../review/replay/history.ts";
import { type Connection, QueryRefused } from "../verify/connection.ts";

/** How far back changes are looked for, in seconds. */
const BACK = 86_400;
const STEP = 60;
const MOST = 5;

/** Workloads by what kube-state-metrics says of their generation, which rises with every change of their specification. */
const KINDS = ["deployment", "statefulset", "daemonset"] as const;

/** A line for each rollout of the last day in a namespace, the newest first. */
export async function rollouts(
  connection: Connection,
  namespace: string,
  now: number,
): Promise<readonly string[]> {
  const found: { readonly at: number; readonly what: string }[] = [];
  for (const kind of KINDS) {
    const query = `max by (${kind}) (kube_${kind}_metadata_generation{namespace=${JSON.stringify(namespace)}})`;
    const grid = gridWithin(now - BACK, now, STEP, 0);
    const last = new Map<string, number>();
    try {
      for await (const { parts } of evaluated(connection, query, grid))
        for (const { labels, at, values } of parts) {
          const name = labels[kind] ?? "";
          values.forEach((value, index) => {
            const before = last.get(name);
            last.set(name, value);
            if (before !== undefined && before !== value)
              found.push({
                at: grid.start + (at[index] ?? 0) * STEP,
                what: `${kind} ${namespace}/${name} changed (generation ${before} → ${value})`,
              });
          });
        }
    } catch (error) {
      if (!(error instanceof QueryRefused)) throw error;
      return [`What was rolled out is not known: ${error.reason}`];
    }
  }
  return found
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST)
    .map(({ at, what }) => `${toTheMinute(at)} ${what}`);
}

/** A line for each of the last deployments of a stack, or why they are not known. */
export function deployments(stack: string, env: NodeJS.ProcessEnv): readonly string[] {
  const { status, stdout, error, stderr } = spawnSync(
    "pulumi",
    ["stack", "history", "--json", "--stack", stack, "--page-size", String(MOST)],
    { cwd: PLATFORM_FOLDER, env, encoding: "utf8", timeout: 20_000 },
  );
  if (error !== undefined)
    return [
      `What was deployed is not known: pulumi cannot be run (${(error as NodeJS.ErrnoException).code})`,
    ];
  if (status !== 0)
    return [
      `What was deployed is not known: pulumi stack history --stack ${stack} ends with ${status}: ${stderr.trim().split("\n")[0] ?? ""}`,
    ];
  return deploymentsIn(stdout);
}

/** The lines of what `pulumi stack history --json` prints. */
export function deploymentsIn(text: string): readonly string[] {
  const history = JSON.parse(text) as readonly {
    readonly kind: string;
    readonly startTime: string;
    readonly message?: string;
    readonly result: string;
    readonly resourceChanges?: Readonly<Record<string, number>>;
    readonly environment?: Readonly<Record<string, string>>;
  }[];
  return history.slice(0, MOST).map(({ kind, startTime, message, result, resourceChanges, environment }) => {
    const changes = Object.entries(resourceChanges ?? {})
      .filter(([operation]) => operation !== "same")
      .map(([operation, amount]) => `${operation} ${amount}`);
    const commit = environment?.["git.head"]?.slice(0, 8);
    return [
      toTheMinute(startTime),
      `pulumi ${kind} ${result}`,
      ...(commit === undefined ? [] : [commit]),
      ...(message === undefined || message === "" ? [] : [JSON.stringify(message.split("\n")[0])]),
      changes.length === 0 ? "without changes" : changes.join(", "),
    ].join(" ");
  });
}
