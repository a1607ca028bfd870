import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { WAIVERS_FILE } from "../../policies/rules/waivers-variable.ts";
import { refuseOtherFolders, removeFolder, replaceFolder } from "../artefacts/folder.ts";
import { again } from "../command-line/again.ts";
import { EXIT, type Exit, ProgramFailure } from "../exit.ts";
import { preview } from "./preview.ts";
import { importProgram, readConfig, readPlatforms, readProject, type TeamProject } from "./project.ts";
import { programReport } from "./report.ts";

/** How a team's preview is asked for. */
export interface PreviewFlags {
  /** The stacks; none is all that have a file. */
  readonly stacks: readonly string[];
  /** As YYYY-MM-DD. */
  readonly today: string;
  /** Where previews go, from the project's folder. */
  readonly out: string;
}

/**
 * Previews a team's program as each of its stacks, and writes `<out>/<stack>/`. A module runs once in a process, so that several
 * stacks take a process each.
 */
export async function previewProgram(folder: string, { stacks, today, out }: PreviewFlags): Promise<Exit> {
  const project = readProject(folder);
  const chosen = stacks.length > 0 ? stacks : project.stacks.length > 0 ? project.stacks : ["preview"];
  const [first, ...more] = chosen;
  if (first !== undefined && more.length === 0) return previewStack(project, first, today, join(folder, out));
  const codes = chosen.map((stack) => again(["preview", stack, "--today", today, "--out", out], folder));
  return Math.max(...codes) as Exit;
}

async function previewStack(project: TeamProject, stack: string, today: string, out: string): Promise<Exit> {
  const target = join(out, stack);
  refuseOtherFolders(out, [stack]);
  const waivers = join(project.stacksFolder, WAIVERS_FILE);
  try {
    const result = await preview({
      program: () => importProgram(project),
      platforms: readPlatforms(project.folder),
      project: project.name,
      stack,
      today,
      ...(existsSync(waivers) && { waivers }),
      ...readConfig(project, stack),
    });
    const report = programReport(stack, result);
    replaceFolder(target, new Map([...result.files, ["report.md", report]]));
    process.stdout.write(
      `${report.split("\n\n## Resources")[0]}\n\nReport: ${relative("", target)}/report.md\n`,
    );
    return result.passes ? EXIT.fine : EXIT.refused;
  } catch (error) {
    // An old preview must not be read as a new one.
    removeFolder(target);
    throw error instanceof InvalidInputError ? error : new ProgramFailure(stack, error);
  }
}
