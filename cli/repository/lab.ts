import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InvalidInputError, shown } from "../../components/core/problems.ts";
import { isNewFile } from "../command-line/checks.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { startLab } from "../lab/lab.ts";
import { buildPrograms, labPrograms } from "../lab/programs.ts";
import { scenarioOf } from "../lab/scenarios.ts";
import { paintFor } from "../paint.ts";
import { writing } from "../writing.ts";
import { environmentWithServices } from "./environment.ts";

/** How a lab is asked for. */
export interface LabFlags {
  /** A number from 1 to 60. */
  readonly faster: number;
  readonly port: number;
  readonly stacks?: string;
  /** The name of a scenario, and the file for its debrief. */
  readonly scenario?: string;
  readonly debrief?: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/** Runs a lab of an environment until the command is interrupted. */
export async function runLab(
  name: string,
  { faster, port, stacks, scenario: played, debrief, today }: LabFlags,
  surroundings: Surroundings,
): Promise<Exit> {
  const { folder, stdout, stderr, env } = surroundings;
  const debriefName = debrief ?? `game-day-${played}-${name}.md`;
  const refusal =
    played === undefined ? undefined : await isNewFile(debriefName, { flags: {}, surroundings });
  if (refusal !== undefined)
    throw new InvalidInputError("lab", [{ path: "--debrief", found: shown(debriefName), ...refusal }]);
  const file = resolve(folder, debriefName);
  const programs = await labPrograms({ env, build: (names) => buildPrograms(names, env) });
  const where = { today, folder, ...(stacks === undefined ? {} : { stacks }) };
  const { environment, services } = await environmentWithServices(name, where);
  const interrupted = new Promise<void>((resolve) => {
    // A second one must not end the process while it removes its files: `timeout` sends two.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
  const scenario = played === undefined ? undefined : scenarioOf(played);
  stderr.write("Starting Prometheus and Alertmanager\n");
  const lab = await startLab({
    environment,
    services: Object.values(services),
    programs,
    faster,
    port,
    ...(played !== undefined && scenario !== undefined && { scenario: { name: played, scenario } }),
  });
  const paint = paintFor(stdout, env);
  stdout.write(
    `${paint.bold(`Lab of ${name}`)} at ${lab.url}\nTime passes ${faster} times faster than in production. Ctrl-C stops it and removes its files.\n`,
  );
  const written = lab.debrief?.then((text): unknown => {
    try {
      writing(file, () => {
        mkdirSync(dirname(file), { recursive: true });
        // The file of another game day that has ended meanwhile stays.
        writeFileSync(file, text, { flag: "wx" });
      });
    } catch (error) {
      // What was played cannot be played again: it is not lost with the file.
      stdout.write(`${text}\n`);
      return error;
    }
    stdout.write(`The debrief of the game day is ${file}\n`);
    return undefined;
  });
  await interrupted;
  await lab.stop();
  const unwritten = await written;
  stdout.write("The lab is stopped, and its files are removed.\n");
  if (unwritten !== undefined) throw unwritten;
  return EXIT.fine;
}
