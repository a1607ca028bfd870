import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writing } from "../writing.ts";

/** Files by their path below the folder that they go to, with `/` between its parts. */
export type Files = ReadonlyMap<string, string>;

/**
 * Puts exactly these files into a folder. They are written beside it and then take its place, so that whoever reads it finds
 * what was there before, or all of the new, and never a half of it. Throws an InvalidInputError if it cannot be written.
 */
export function replaceFolder(folder: string, files: Files): void {
  writing(folder, () => replace(folder, files));
}

function replace(folder: string, files: Files): void {
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}.new-`);
  const stale = `${fresh}.old`;
  try {
    const folders = new Set([...files.keys()].map((path) => dirname(path)));
    for (const below of folders) mkdirSync(join(fresh, below), { recursive: true });
    for (const [path, content] of files) writeFileSync(join(fresh, path), content);
    // A folder cannot be renamed over another one that holds files.
    if (existsSync(folder)) renameSync(folder, stale);
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(stale, { recursive: true, force: true });
  }
}

/** Removes a folder: what it says would be about another input. Throws as {@link replaceFolder} does. */
export function removeFolder(folder: string): void {
  writing(folder, () => rmSync(folder, { recursive: true, force: true }));
}
