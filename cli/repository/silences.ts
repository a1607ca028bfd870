import { join, resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { STACKS_FOLDER, stackNames } from "../../stacks/names.ts";
import { alertmanagerAt } from "../alertmanager/connection.ts";
import { silencesOf } from "../alertmanager/silences.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { paintFor } from "../paint.ts";
import { count } from "../report/numbers.ts";
import { readSilences, SILENCES_FILE } from "../silences/file.ts";
import { type Plan, planOf, type Step } from "../silences/plan.ts";

/** How silences are applied. */
interface SilencesFlags {
  readonly alertmanager: string;
  readonly environment: string;
  readonly stacks?: string;
  /** Without it, nothing is changed. */
  readonly yes?: boolean;
}

const SIGNS = { create: "+", change: "~", remove: "-" } as const;

/** Shows what would make Alertmanager have the silences of the file, and does it with `yes`. */
export async function applySilences(
  { alertmanager, environment, stacks, yes = false }: SilencesFlags,
  { folder, stdout, env }: Surroundings,
): Promise<Exit> {
  const stacksFolder = stacks === undefined ? STACKS_FOLDER : resolve(folder, stacks);
  const now = Date.now();
  const planned = readSilences(join(stacksFolder, SILENCES_FILE), stackNames(stacksFolder), now).filter(
    ({ environments }) => environments.includes(environment),
  );
  const server = alertmanagerAt(alertmanager, env["ALERTMANAGER_TOKEN"], "silences");
  const plan = planOf(environment, planned, await silencesOf(server), now);
  if (plan.elsewhere.length > 0)
    throw new InvalidInputError("silences", [
      {
        path: "--alertmanager",
        found: `${server.href}, which has silences of ${plan.elsewhere.join(", ")}`,
        allowed: `the Alertmanager of ${environment}`,
        fix: "correct the URL or --environment; nothing was changed",
      },
    ]);
  const paint = paintFor(stdout, env);
  const colours = { create: paint.green, change: paint.yellow, remove: paint.red };
  for (const step of plan.steps) {
    if (yes) await doIt(server, step);
    stdout.write(`${colours[step.kind](`${SIGNS[step.kind]} ${step.id}`)}: ${step.what}\n`);
  }
  for (const id of plan.ended) stdout.write(`  ${id}: has ended; remove it from ${SILENCES_FILE}\n`);
  stdout.write(`${summaryOf(plan, environment, yes)}\n`);
  return yes || plan.steps.length === 0 ? EXIT.fine : EXIT.refused;
}

async function doIt(server: ReturnType<typeof alertmanagerAt>, step: Step): Promise<void> {
  if (step.kind === "remove") await server.remove(`silence/${encodeURIComponent(step.remove)}`);
  else await server.post("silences", step.post);
}

function summaryOf({ steps, same, others }: Plan, environment: string, yes: boolean): string {
  const number = (kind: Step["kind"]) => steps.filter((step) => step.kind === kind).length;
  const rest = `${same.length} as in the file, ${count(others, "silence")} of people left alone`;
  if (steps.length === 0) return `${environment}: nothing to do, ${rest}.`;
  const verbs = yes ? ["created", "changed", "removed"] : ["to create", "to change", "to remove"];
  const parts = (["create", "change", "remove"] as const).map(
    (kind, index) => `${number(kind)} ${verbs[index]}`,
  );
  return `${environment}: ${parts.join(", ")}; ${rest}.${yes ? "" : " Nothing was changed: add --yes."}`;
}
