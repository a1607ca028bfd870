import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { startLab } from "../lab/lab.ts";
import { labPrograms } from "../lab/programs.ts";
import { paintFor } from "../paint.ts";
import { environmentWithServices } from "./environment.ts";

/** How a lab is asked for. */
export interface LabFlags {
  /** A number from 1 to 60. */
  readonly faster: number;
  readonly port: number;
  readonly stacks?: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/** Runs a lab of an environment until the command is interrupted. */
export async function runLab(
  name: string,
  { faster, port, stacks, today }: LabFlags,
  { folder, stdout, stderr, env }: Surroundings,
): Promise<Exit> {
  const programs = labPrograms(env);
  const where = { today, folder, ...(stacks === undefined ? {} : { stacks }) };
  const { environment, services } = await environmentWithServices(name, where);
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  stderr.write("Starting Prometheus and Alertmanager\n");
  const lab = await startLab({
    environment,
    services: Object.values(services),
    programs,
    faster,
    port,
  });
  const paint = paintFor(stdout, env);
  stdout.write(
    `${paint.bold(`Lab of ${name}`)} at ${lab.url}\nTime passes ${faster} times faster than in production. Ctrl-C stops it and removes its files.\n`,
  );
  await interrupted;
  await lab.stop();
  stdout.write("The lab is stopped, and its files are removed.\n");
  return EXIT.fine;
}
