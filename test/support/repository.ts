import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// The files of this repository, for tests that read its texts.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The files in a folder and below it whose names end in one of these, as paths from the root of the repository. */
export function filesIn(folder: string, ...ends: readonly string[]): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => ends.some((end) => file.endsWith(end)))
    .map((file) => join(folder, file));
}

/** The text of a file; its path is from the root of the repository. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
