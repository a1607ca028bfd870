import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { environmentJsonSchema } from "../../stacks/json-schema.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { writing } from "../writing.ts";

/** Writes the JSON Schema of an environment beside the stacks; returns the file's path from the folder. */
export function writeSchema(folder: string): string {
  const file = join(STACKS_FOLDER, "environment.schema.json");
  const text = `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`;
  writing(file, () => writeFileSync(file, text));
  return relative(folder, file);
}
