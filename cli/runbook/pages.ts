import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import { OUT_FOLDER, PLATFORM_FOLDER } from "../folders.ts";

/** A runbook of this repository. */
export interface RunbookPage {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

const CATALOGUE = "docs/runbooks";

/** The page of an alert: of the catalogue, or of those that a preview writes for the alerts of teams. Throws an InvalidInputError if there is none. */
export function runbookPage(alert: string): RunbookPage {
  const folders = [CATALOGUE, ...previewed()];
  const names = new Map<string, string>();
  for (const folder of folders)
    for (const file of readdirSync(join(PLATFORM_FOLDER, folder)))
      if (file.endsWith(".md") && file !== "README.md" && !names.has(file.slice(0, -3)))
        names.set(file.slice(0, -3), `${folder}/${file}`);
  const file = names.get(alert);
  if (file !== undefined) return { file, text: readFileSync(join(PLATFORM_FOLDER, file), "utf8") };
  const near = nearest(alert, [...names.keys()]);
  throw new InvalidInputError("runbook", [
    {
      path: "<alert>",
      found: shown(alert),
      allowed: `an alert with a page in ${CATALOGUE}, or in out/<environment>/runbooks after a preview`,
      fix: near === undefined ? "correct the name; docs/runbooks/README.md lists them" : `write ${near}`,
    },
  ]);
}

function previewed(): readonly string[] {
  if (!existsSync(OUT_FOLDER)) return [];
  return readdirSync(OUT_FOLDER)
    .map((environment) => `out/${environment}/runbooks`)
    .filter((folder) => existsSync(join(PLATFORM_FOLDER, folder)));
}
