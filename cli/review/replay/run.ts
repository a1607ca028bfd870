import { InvalidInputError, type Problem } from "../../../components/core/problems.ts";
import { programOnPath } from "../../local/program.ts";
import { type Connection, connectionTo } from "../../verify/connection.ts";
import type { EnvironmentModel } from "../model.ts";
import { newestIn, PATIENCE, startLocal } from "./local.ts";
import { replay } from "./replay.ts";
import type { Replay } from "./result.ts";
import type { Replays, Target } from "./targets.ts";

/** Replays the alerts of one environment, as they were and as they are, over the history of a target. */
export async function replayTarget(
  { at, environment }: Target,
  { since, until, night, incidents }: Replays,
  base: EnvironmentModel,
  head: EnvironmentModel,
  env: NodeJS.ProcessEnv,
): Promise<Replay> {
  const program = programOnPath("prometheus", env);
  const known = { base, head, night, incidents };
  if ("url" in at) {
    const history = connectionTo(at.url, env["PROMETHEUS_TOKEN"], "review", { limit: PATIENCE });
    const to = until ?? Date.now() / 1000;
    const place = `${await versionOf(history)} at ${history.href}`;
    return replay({ ...known, from: to - since, to, history, place, local: { program } });
  }
  if (program === undefined) throw new InvalidInputError("review", [noProgram(environment)]);
  const local = await startLocal(program, { blocks: at.folder });
  try {
    const to = until ?? Math.max(newestIn(at.folder) ?? 0, await newestInHead(local.connection));
    const place = `${await versionOf(local.connection)} with the samples of ${at.folder}`;
    return await replay({ ...known, from: to - since, to, history: local.connection, place, local });
  } finally {
    await local.stop();
  }
}

/** Throws an InvalidInputError with every target that could not be replayed over: its server does not answer, or there is no program for its folder. */
export async function findTargets(
  { targets }: Pick<Replays, "targets">,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const problems: Problem[] = [];
  for (const { at, environment } of targets) {
    if ("url" in at)
      await versionOf(connectionTo(at.url, env["PROMETHEUS_TOKEN"], "review", { limit: PATIENCE })).catch(
        (error: unknown) => {
          if (!(error instanceof InvalidInputError)) throw error;
          problems.push(...error.problems);
        },
      );
    else if (programOnPath("prometheus", env) === undefined) problems.push(noProgram(environment));
  }
  if (problems.length > 0) throw new InvalidInputError("review", problems);
}

function noProgram(environment: string): Problem {
  return {
    path: "--prometheus",
    found: `a folder for ${environment}, and no program prometheus on PATH`,
    allowed: "a folder, if a Prometheus is on PATH that can read it",
    fix: "install Prometheus from https://prometheus.io/download/, or give the URL of a server",
  };
}

/** Which server answers, with its version. */
export async function versionOf({ ask }: Connection): Promise<string> {
  const { version } = await ask<{ readonly version?: string }>("status/buildinfo");
  return version === undefined ? "A server with the API of Prometheus" : `Prometheus ${version}`;
}

/** The newest sample that is in no block yet, in Unix seconds; 0 without one. */
async function newestInHead({ ask }: Connection): Promise<number> {
  const { headStats } = await ask<{ readonly headStats: { readonly maxTime: number } }>("status/tsdb");
  return Math.max(0, headStats.maxTime / 1000);
}
