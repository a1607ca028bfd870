import { readFile, writeFile } from "node:fs/promises";
import type { Configuration } from "../configuration.ts";
import { hex, type Records } from "../simulator.ts";
import { fieldsOf, inputsAsTheyAre } from "./fields.ts";
import { applied, created, type OwnedObject, patched, updated } from "./ownership.ts";

/** An object as the simulated API server keeps it. */
interface KeptObject extends OwnedObject {
  /** The fields that the program set when it was created or updated last. */
  readonly asked: readonly string[];
}

/** Where the provider writes down, in the state, as which manager it applies an object. */
const MANAGER = "__fieldManager";

/** How the provider's switches are named in the environment, and in its configuration. */
const SWITCHES = {
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
} as const;

/** Objects on an API server: a second one of a name is refused unless the provider may take it over, and every field has owners. */
export const objects: Records = {
  create(inputs, existing, config) {
    const fields = fieldsOf(inputs);
    const manager = `pulumi-kubernetes-${hex(8)}`;
    if (existing === undefined)
      return { kept: kept(created(fields), fields), outputs: { [MANAGER]: manager } };
    if (!isOn("upsertExistingObjects", config)) return "exists";
    const force = isOn("enablePatchForce", config);
    const object = applied(parsed(existing), fields, { manager, force });
    return { kept: kept(object, fields), outputs: { [MANAGER]: manager } };
  },
  update(olds, news, existing, { config, preview }) {
    const fields = fieldsOf(news);
    const force = isOn("enablePatchForce", config);
    const manager = String(olds[MANAGER]);
    return kept(updated(parsed(existing), fields, { manager, preview, force }), fields);
  },
  read(outputs, existing) {
    const { asked, fields } = parsed(existing);
    return inputsAsTheyAre(outputs, new Set(asked), fields) as Record<string, unknown>;
  },
};

/** Whether what a cluster has that does not answer is taken as gone. */
export function forgetsUnreachable(config: Configuration): boolean {
  return isOn("deleteUnreachable", config);
}

/** Whether a switch of the provider is on. What the program says goes before the environment. */
function isOn(name: keyof typeof SWITCHES, config: Configuration): boolean {
  return String(config[name] ?? process.env[SWITCHES[name]]) === "true";
}

function kept(object: OwnedObject, asked: OwnedObject["fields"]): string {
  return JSON.stringify({ ...object, asked: Object.keys(asked) } satisfies KeptObject);
}

function parsed(text: string): KeptObject {
  return JSON.parse(text) as KeptObject;
}

/** Sets fields of an object past the engine, as `kubectl patch` does: by path, such as `.spec.replicas`. */
export async function patchObject(
  file: string,
  manager: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  const object = parsed(await readFile(file, "utf8"));
  const patch = patched(object, manager, fields);
  await writeFile(file, JSON.stringify({ ...patch, asked: object.asked } satisfies KeptObject));
}

/** Who owns a field of an object. */
export async function ownersOf(file: string, field: string): Promise<readonly string[]> {
  const { owners } = parsed(await readFile(file, "utf8"));
  return owners.filter(({ fields }) => fields.includes(field)).map(({ manager }) => manager);
}
