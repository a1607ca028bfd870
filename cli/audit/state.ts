import { z } from "zod";
import { UNKNOWN } from "../../policies/rules/value.ts";
import type { RecordedResource } from "../recording/monitor.ts";
import { asSecret, isSecret, type Wire } from "../recording/wire.ts";
import { EXPORT, noExport, readExport } from "../stack-export.ts";
import type { Audited } from "./audited.ts";

const RESOURCE = z.object({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().nullish(),
  // A resource that was replaced, and is to be deleted by the next deployment.
  delete: z.boolean().nullish(),
  protect: z.boolean().nullish(),
  parent: z.string().nullish(),
  provider: z.string().nullish(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
});

const RESOURCES = z.object({ resources: z.array(RESOURCE).nullish() });

/** What `pulumi stack export` writes, and the file of a stack in a backend of files. */
const STATE = z.union([
  z.object({ deployment: RESOURCES }).transform(({ deployment }) => deployment),
  z
    .object({ checkpoint: z.object({ latest: RESOURCES.nullish() }) })
    .transform(({ checkpoint }) => checkpoint.latest ?? {}),
]);

/**
 * The resources of a state file, by their inputs, as a preview judges them. A secret that is encrypted is a value that is not known; with
 * `--show-secrets` its plain text is there and is judged. Throws an InvalidInputError, without any value of the file, if it is no state.
 *
 * @param shownAs what the file is called in messages.
 */
export function auditedState(file: string, shownAs = file): Audited {
  const resources = parsedState(file, shownAs).filter((resource) => resource.delete !== true);
  let encrypted = 0;
  const plain = (value: unknown): Wire =>
    revealed(value, () => {
      encrypted++;
      return UNKNOWN;
    });
  const recorded = resources.map((resource): RecordedResource => recordedOf(resource, plain));
  const [, stack = "", project = ""] =
    /^urn:pulumi:(.+?)::(.+?)::/.exec(
      resources.find(({ urn }) => urn.startsWith("urn:pulumi:"))?.urn ?? "",
    ) ?? [];
  return {
    name: `the state of ${stack || shownAs}`,
    project,
    stack,
    resources: recorded,
    notAsked: {},
    notices:
      encrypted === 0
        ? []
        : [
            `${encrypted} secrets are encrypted, so what depends on them is not judged. To judge them without a file: ` +
              `pulumi stack export --show-secrets --stack ${stack} | npx bellwether audit /dev/stdin`,
          ],
  };
}

function recordedOf(resource: z.infer<typeof RESOURCE>, plain: (value: unknown) => Wire): RecordedResource {
  const { urn, type, custom, protect, parent, provider, dependencies, propertyDependencies, inputs } =
    resource;
  return {
    urn,
    type,
    name: urn.split("::").slice(3).join("::"),
    custom: custom === true,
    parent: parent ?? undefined,
    dependsOn: dependencies ?? [],
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies ?? {}).map(([name, urns]) => [name, urns ?? []]),
    ),
    protect: protect === true,
    retainOnDelete: false,
    // URN and id, with `::` between them.
    provider: provider?.replace(/::[^:]*$/, ""),
    aliases: [],
    ignoreChanges: [],
    deleteBeforeReplace: undefined,
    inputs: plain(inputs ?? {}) as RecordedResource["inputs"],
    outputs: {},
  };
}

/** A value of a state as the engine sends it to a pack: a secret with its plain text, or what takes the place of one that is encrypted. */
function revealed(value: unknown, encrypted: () => Wire): Wire {
  if (Array.isArray(value)) return value.map((item) => revealed(item, encrypted));
  if (value === null || typeof value !== "object") return value as Wire;
  if (isSecret(value as Wire)) {
    const { plaintext } = value as { readonly plaintext?: unknown };
    return typeof plaintext === "string" ? asSecret(JSON.parse(plaintext) as Wire) : encrypted();
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item, encrypted)]));
}

const ALLOWED = `${EXPORT}, or the file of a stack in a backend of files`;

function parsedState(file: string, shownAs: string): readonly z.infer<typeof RESOURCE>[] {
  const state = STATE.safeParse(readExport(file, shownAs, ALLOWED));
  if (!state.success) throw noExport(shownAs, "JSON that is no state", ALLOWED);
  const { resources } = state.data;
  if (resources === undefined || resources === null || resources.length === 0)
    throw noExport(shownAs, "a state with 0 resources", ALLOWED);
  return resources;
}
