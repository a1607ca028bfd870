import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { policies } from "../../policies/rules/index.ts";
import { waiversJsonSchema } from "../../policies/rules/waivers-schema.ts";
import { environmentJsonSchema } from "../../stacks/json-schema.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { silencesJsonSchema } from "../silences/file.ts";
import { reportFileSchemas } from "../slo-report/files.ts";
import { writing } from "../writing.ts";

/** The JSON Schemas of the files that people write in stacks/, by the name of the file beside them. */
export function stackSchemas(): Readonly<Record<string, object>> {
  const { journeys, maintenance } = reportFileSchemas();
  return {
    "environment.schema.json": environmentJsonSchema(),
    "waivers.schema.json": waiversJsonSchema(policies.map(({ id }) => id)),
    "journeys.schema.json": journeys,
    "maintenance.schema.json": maintenance,
    "silences.schema.json": silencesJsonSchema(),
  };
}

/** Writes the JSON Schemas beside the stacks; returns the files' paths from the folder. */
export function writeSchemas(folder: string): readonly string[] {
  return Object.entries(stackSchemas()).map(([name, schema]) => {
    const file = join(STACKS_FOLDER, name);
    writing(file, () => writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`));
    return relative(folder, file);
  });
}
