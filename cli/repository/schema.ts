import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { policies } from "../../policies/rules/index.ts";
import { waiversJsonSchema } from "../../policies/rules/waivers-schema.ts";
import { environmentJsonSchema } from "../../stacks/json-schema.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { writing } from "../writing.ts";

/** Writes the JSON Schemas of an environment and of the waivers beside the stacks; returns the files' paths from the folder. */
export function writeSchemas(folder: string): readonly string[] {
  const schemas = {
    "environment.schema.json": environmentJsonSchema(),
    "waivers.schema.json": waiversJsonSchema(policies.map(({ id }) => id)),
  };
  return Object.entries(schemas).map(([name, schema]) => {
    const file = join(STACKS_FOLDER, name);
    writing(file, () => writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`));
    return relative(folder, file);
  });
}
