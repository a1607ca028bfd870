import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { environmentJsonSchema } from "../../stacks/json-schema.ts";
import { STACKS_FOLDER } from "../folders.ts";

/** Writes the JSON Schema of an environment beside the stacks; returns the file's path from the folder. */
export function writeSchema(folder: string): string {
  const file = join(STACKS_FOLDER, "environment.schema.json");
  writeFileSync(file, `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`);
  return relative(folder, file);
}
