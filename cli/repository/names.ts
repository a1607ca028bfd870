import { statSync } from "node:fs";
import { STACKS_FOLDER, stackNames } from "../../stacks/names.ts";

/** The environments that have a file in the folder; undefined where it is no folder. Default: this repository's stacks/. */
export function environmentNames(folder: string | undefined): readonly string[] | undefined {
  const stacks = folder ?? STACKS_FOLDER;
  const isFolder = statSync(stacks, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? stackNames(stacks) : undefined;
}
