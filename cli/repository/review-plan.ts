import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { replaceFolder } from "../artefacts/folder.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { readStacks } from "../environments.ts";
import { EXIT, type Exit } from "../exit.ts";
import { DRAWINGS_FOLDER, PLATFORM_FOLDER, REVIEW_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { Drawings } from "../pictures/drawings.ts";
import { loadPlatform } from "../platform.ts";
import { type Change, type EnvironmentChanges, type Gate, grouped } from "../review/change.ts";
import { added, compare } from "../review/compare.ts";
import { type EngineModels, engineModels } from "../review/engine/models.ts";
import { type EnginePlan, verdictsOf } from "../review/engine/plan.ts";
import { withoutSecrets } from "../review/hidden.ts";
import { locator, waiverLocator } from "../review/locate.ts";
import type { EnvironmentModel } from "../review/model.ts";
import { outputs } from "../review/outputs.ts";
import { type DrawnSides, picturesOf } from "../review/pictures.ts";
import { remindersOf } from "../review/policies.ts";
import { NotComparable, readModel } from "../review/read.ts";
import { type Review, reviewOf } from "../review/review.ts";
import { reviewText } from "../review/text.ts";
import { progressOn } from "../terminal.ts";
import { readPlanFile } from "./plan-file.ts";
import { previewHead } from "./preview-head.ts";

/** How a review of a plan is asked for. */
export interface PlanFlags {
  /** The file with the output of `pulumi preview --json --show-sames`. */
  readonly plan?: string;
  readonly "fail-on"?: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
  readonly stacks?: string;
  readonly out?: string;
}

/** What a plan comes to, beside its changes. */
interface Outcome {
  readonly environment: Review["environments"][number];
  readonly changes: EnvironmentChanges;
  /** Undefined where one of the two is not there. */
  readonly sides?: DrawnSides;
  /** As it would be, if there is a preview of it. */
  readonly after?: EnvironmentModel;
}

/** Writes what the engine would do as a review: from what is deployed to what the working folder would deploy. */
export async function reviewPlan(
  environments: readonly string[],
  flags: PlanFlags,
  { folder, stdout, stderr, env }: Surroundings,
): Promise<Exit> {
  const { plan: file = "", today } = flags;
  const plan = readPlanFile(file, folder, "pulumi preview --json --show-sames");
  const { stack } = plan;
  const others = environments.filter((name) => name !== stack);
  if (others.length > 0) throw new InvalidInputError("review", [ofAnotherStack(others, stack, file)]);
  const stacksFolder = flags.stacks === undefined ? STACKS_FOLDER : resolve(folder, flags.stacks);
  const outFolder = flags.out === undefined ? REVIEW_FOLDER : resolve(folder, flags.out);
  const scratch = mkdtempSync(join(tmpdir(), "bellwether-review-"));
  try {
    const progress = progressOn(stderr, paintFor(stderr, env));
    const head = await previewHead([stack], { today, stacksFolder, outFolder: scratch, progress });
    const mistake = head.mistakes.get(stack);
    const { environment, changes, sides, after } =
      mistake === undefined
        ? await comparedWith(plan, scratch, stacksFolder, today)
        : mistaken(stack, mistake);
    const compared = {
      environments: [environment],
      changes: grouped([changes]),
      reminders: remindersOf(after === undefined ? [] : [after], today),
    };
    const failOn = (flags["fail-on"]?.split(",") ?? []) as readonly Gate[];
    const review = reviewOf(
      "what is deployed",
      compared,
      failOn,
      locator(PLATFORM_FOLDER, stacksFolder, []),
      [],
      waiverLocator(PLATFORM_FOLDER, stacksFolder),
    );
    const pictures = await picturesOf(
      compared.changes,
      new Map(sides === undefined ? [] : [[stack, sides]]),
      "neither",
      new Drawings(DRAWINGS_FOLDER),
    );
    replaceFolder(outFolder, outputs(review, pictures));
    stdout.write(
      reviewText(review, paintFor(stdout, env), (name) => relative(folder, join(outFolder, name))),
    );
    if (head.defect !== undefined) throw head.defect;
    if (environment.state === "mistaken" || environment.state === "not-comparable") return EXIT.mistake;
    return review.failed.length > 0 ? EXIT.refused : EXIT.fine;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function comparedWith(
  plan: EnginePlan,
  scratch: string,
  stacksFolder: string,
  today: string,
): Promise<Outcome> {
  const { stack } = plan;
  const head = readModel(join(scratch, stack));
  const none = { environment: stack, tier: head.tier, changes: [] };
  try {
    const { before, after } = hidden(
      engineModels(plan, head, await environmentOf(stack, stacksFolder, today)),
    );
    if (before === undefined)
      return { environment: { name: stack, state: "added", problem: null }, changes: added(after), after };
    return {
      environment: { name: stack, state: "compared", problem: null },
      changes: compare(before, after, verdictsOf(plan)),
      sides: { before, after },
      after,
    };
  } catch (error) {
    if (!(error instanceof NotComparable)) throw error;
    const problem = `It cannot be compared: ${error.message}.`;
    return { environment: { name: stack, state: "not-comparable", problem }, changes: none };
  }
}

function hidden({ before, after }: EngineModels): EngineModels {
  return withoutSecrets(before, after);
}

async function environmentOf(stack: string, stacksFolder: string, today: string) {
  const found = readStacks(stacksFolder, [stack], await loadPlatform(today, { stacksFolder })).get(stack);
  // It was previewed a moment ago.
  if (found?.ok !== true) throw new Error(`${stack} cannot be read any more`);
  return found.environment;
}

function mistaken(stack: string, problem: string): Outcome {
  const change: Change = {
    kind: "not-previewed",
    about: `The environment ${stack}`,
    what: "cannot be previewed, so it cannot be deployed; the mistakes are listed above",
  };
  return {
    environment: { name: stack, state: "mistaken", problem },
    changes: { environment: stack, tier: "", changes: [change] },
  };
}

function ofAnotherStack(others: readonly string[], stack: string, file: string) {
  return {
    path: "environment",
    found: others.map((name) => JSON.stringify(name)).join(", "),
    allowed: `${stack}, whose plan ${file} is`,
    fix: "leave the environment out, or give the plan of that stack",
  };
}
