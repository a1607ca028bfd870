import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { readStacks } from "../environments.ts";
import { EXIT, type Exit } from "../exit.ts";
import { DRAWINGS_FOLDER, PLATFORM_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { Drawings } from "../pictures/drawings.ts";
import { loadPlatform } from "../platform.ts";
import type { Gate } from "../review/change.ts";
import { type Compared, comparedModels, mistaken, together } from "../review/compared.ts";
import { engineModels } from "../review/engine/models.ts";
import { type EnginePlan, verdictsOf } from "../review/engine/plan.ts";
import { locator, waiverLocator } from "../review/locate.ts";
import { picturesOf } from "../review/pictures.ts";
import { readModel } from "../review/read.ts";
import { reviewOf } from "../review/review.ts";
import { progressOn } from "../terminal.ts";
import { readPlanFile } from "./plan-file.ts";
import { previewHead } from "./preview-head.ts";
import { reviewFolder, writeReview } from "./write-review.ts";

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

/** Writes what the engine would do as a review: from what is deployed to what the working folder would deploy. */
export async function reviewPlan(
  environments: readonly string[],
  flags: PlanFlags,
  surroundings: Surroundings,
): Promise<Exit> {
  const { folder, stderr, env } = surroundings;
  const { plan: file = "", today } = flags;
  const plan = readPlanFile(file, folder, "pulumi preview --json --show-sames");
  const { stack } = plan;
  const others = environments.filter((name) => name !== stack);
  if (others.length > 0) throw new InvalidInputError("review", [ofAnotherStack(others, stack, file)]);
  const stacksFolder = flags.stacks === undefined ? STACKS_FOLDER : resolve(folder, flags.stacks);
  reviewFolder(flags.out, folder);
  const scratch = mkdtempSync(join(tmpdir(), "bellwether-review-"));
  try {
    const progress = progressOn(stderr, paintFor(stderr, env));
    const head = await previewHead([stack], { today, stacksFolder, outFolder: scratch, progress });
    const mistake = head.mistakes.get(stack);
    const result =
      mistake === undefined
        ? await comparedWith(plan, scratch, stacksFolder, today)
        : mistaken(stack, mistake);
    const compared = together([result], today);
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
      compared.sides,
      "neither",
      new Drawings(DRAWINGS_FOLDER),
    );
    writeReview(review, flags.out, surroundings, pictures);
    if (head.defect !== undefined) throw head.defect;
    const { state } = result.environment;
    if (state === "mistaken" || state === "not-comparable") return EXIT.mistake;
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
): Promise<Compared> {
  const { stack } = plan;
  const head = readModel(join(scratch, stack));
  const environment = await environmentOf(stack, stacksFolder, today);
  return comparedModels(stack, () => engineModels(plan, head, environment), verdictsOf(plan));
}

async function environmentOf(stack: string, stacksFolder: string, today: string) {
  const found = readStacks(stacksFolder, [stack], await loadPlatform(today, { stacksFolder })).get(stack);
  // It was previewed a moment ago.
  if (found?.ok !== true) throw new Error(`${stack} cannot be read any more`);
  return found.environment;
}

function ofAnotherStack(others: readonly string[], stack: string, file: string) {
  return {
    path: "environment",
    found: others.map((name) => JSON.stringify(name)).join(", "),
    allowed: `${stack}, whose plan ${file} is`,
    fix: "leave the environment out, or give the plan of that stack",
  };
}
