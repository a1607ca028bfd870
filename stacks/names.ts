import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of the stacks' files. */
export const STACKS_FOLDER = fileURLToPath(new URL(".", import.meta.url)).replace(/[\\/]$/, "");

const FILE_NAME = /^Pulumi\.([a-z](?:[a-z0-9-]{0,38}[a-z0-9])?)\.yaml$/;

/** The stacks that have a file `Pulumi.<stack>.yaml` in the folder, by name: the environments that exist. */
export function stackNames(folder = STACKS_FOLDER): readonly string[] {
  return readdirSync(folder)
    .flatMap((file) => FILE_NAME.exec(file)?.[1] ?? [])
    .sort();
}
