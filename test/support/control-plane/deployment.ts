import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { run } from "../process.ts";
import { tool } from "../tools.ts";
import { type ApiClient, type KubernetesObject, referenceTo } from "./api.ts";

/** What a preview writes of a resource. */
interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly dependsOn: readonly string[];
  readonly inputs: {
    readonly kind?: string;
    readonly metadata?: { readonly name?: string; readonly namespace?: string };
    readonly chart?: string;
  };
}

/** One thing that the program creates on a cluster, and what of it is there when it is created. */
export interface Step {
  readonly urn: string;
  readonly objects: readonly KubernetesObject[];
}

/** What stands in for the value of a secret: by the Secret that it is in and the key there. */
export type SecretValue = (secret: string, key: string) => string;

/**
 * An environment as its preview rendered it, in an order that the program's own dependencies allow: every object comes after all
 * that it depends on. A Helm release of CRDs becomes the CRDs, which are the operator's own of the same version.
 */
export async function deploymentOf(folder: string, secrets: SecretValue): Promise<readonly Step[]> {
  const { resources } = JSON.parse(readFileSync(join(folder, "graph.json"), "utf8")) as {
    readonly resources: readonly Resource[];
  };
  const rendered = readManifests(join(folder, "manifests"), secrets);
  const definitions = await customResourceDefinitions();
  const steps: Step[] = [];
  for (const { urn, type, inputs } of inOrder(resources)) {
    if (!type.startsWith("kubernetes:")) continue;
    if (inputs.chart !== undefined) {
      steps.push({ urn, objects: definitions });
      continue;
    }
    const object = rendered.get(keyOf(inputs.kind, { name: urn.split("::").at(-1), ...inputs.metadata }));
    if (object === undefined) throw new Error(`${urn} has no manifest`);
    steps.push({ urn, objects: [object] });
  }
  return steps;
}

/** Every object of an environment by kind, namespace and name. */
function readManifests(folder: string, secrets: SecretValue): ReadonlyMap<string, KubernetesObject> {
  const objects = readdirSync(folder).map((file) =>
    withName(file, parse(readFileSync(join(folder, file), "utf8")) as KubernetesObject),
  );
  return new Map(
    objects.map((object) => [keyOf(object.kind, object.metadata), withSecrets(object, secrets)]),
  );
}

/** The provider names what has no name, after its logical name; of that the manifest's file has its own. */
function withName(file: string, object: KubernetesObject): KubernetesObject {
  const { kind, metadata } = object;
  if (metadata.name !== undefined) return object;
  const name = file.replace(`${kind.toLowerCase()}-${metadata.namespace}-`, "").replace(/\.yaml$/, "");
  return { ...object, metadata: { ...metadata, name } };
}

function keyOf(kind: string | undefined, metadata: Resource["inputs"]["metadata"]): string {
  return `${kind} ${metadata?.namespace ?? ""} ${metadata?.name}`;
}

function withSecrets(object: KubernetesObject, secrets: SecretValue): KubernetesObject {
  if (object.kind !== "Secret") return object;
  const stringData = Object.fromEntries(
    Object.entries(object["stringData"] as Readonly<Record<string, string>>).map(([key, value]) => [
      key,
      value === "[secret]" ? secrets(object.metadata.name, key) : value,
    ]),
  );
  return { ...object, stringData };
}

/** Dependencies first, and otherwise as the program registers them. */
function inOrder(resources: readonly Resource[]): readonly Resource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const ordered = new Set<Resource>();
  const visit = (resource: Resource): void => {
    if (ordered.has(resource)) return;
    for (const urn of resource.dependsOn) {
      const dependency = byUrn.get(urn);
      if (dependency !== undefined) visit(dependency);
    }
    ordered.add(resource);
  };
  resources.forEach(visit);
  return [...ordered];
}

/** The CRDs of the operator, of its own version. */
export async function customResourceDefinitions(): Promise<readonly KubernetesObject[]> {
  const { code, stdout, stderr } = await run(await tool("operator"), ["crds"]);
  if (code !== 0) throw new Error(stderr);
  const documents = parseAllDocuments(stdout).map((document) => document.toJS() as KubernetesObject | null);
  return documents.filter((definition) => definition !== null);
}

/** What became of one object. */
export interface Applied {
  readonly object: string;
  readonly warnings: readonly string[];
  /** Leaves of the manifest that the API server did not keep, by path. */
  readonly lost: readonly string[];
  /** Why it was refused, if it was. */
  readonly refused?: string;
}

/** Applies every object in order, and waits for CRDs to be served before what they define. */
export async function applyAll(api: ApiClient, steps: readonly Step[]): Promise<readonly Applied[]> {
  const results: Applied[] = [];
  for (const { objects } of steps) {
    for (const object of objects) results.push(await applyOne(api, object));
    for (const object of objects)
      if (object.kind === "CustomResourceDefinition") await untilServed(api, object);
  }
  return results;
}

async function applyOne(api: ApiClient, object: KubernetesObject): Promise<Applied> {
  const { kind, metadata } = object;
  const name = [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join("/");
  try {
    const { body, warnings } = await api.apply(object);
    return { object: name, warnings, lost: lostLeaves(object, body) };
  } catch (error) {
    return { object: name, warnings: [], lost: [], refused: String(error) };
  }
}

async function untilServed(api: ApiClient, definition: KubernetesObject): Promise<void> {
  const { group, names, versions } = definition["spec"] as {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string }[];
  };
  for (const { name } of versions) {
    const kind = { apiVersion: `${group}/${name}`, kind: names.kind };
    for (let attempt = 0; ; attempt++) {
      try {
        await api.list(kind);
        break;
      } catch (error) {
        // Two minutes: a busy API server takes its time to serve eleven new kinds.
        if (attempt === 1200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

/** The paths of what was sent and is not in what was stored. A Secret's strings are stored as base64. */
function lostLeaves(sent: KubernetesObject, stored: KubernetesObject): readonly string[] {
  const { stringData, ...rest } = sent;
  const encoded = Object.fromEntries(
    Object.entries((stringData ?? {}) as Readonly<Record<string, string>>).map(([key, text]) => [
      key,
      Buffer.from(text).toString("base64"),
    ]),
  );
  const expected = stringData === undefined ? rest : { ...rest, data: encoded };
  return lostIn(expected, stored, "");
}

function lostIn(sent: unknown, stored: unknown, path: string): readonly string[] {
  // A field that is left out has its zero value, and is left out when it has it.
  if (sent === false && stored === undefined) return [];
  if (typeof sent !== "object" || sent === null)
    return sent === stored ? [] : [`${path}: ${sent} → ${stored}`];
  // An empty object or list may be stored as nothing: both say the same.
  if (Object.keys(sent).length === 0) return [];
  if (typeof stored !== "object" || stored === null) return [`${path} is gone`];
  return Object.entries(sent).flatMap(([key, value]) =>
    lostIn(value, (stored as Readonly<Record<string, unknown>>)[key], `${path}/${key}`),
  );
}

/** Applies every object again; the names of those that the API server wrote anew. */
export async function changedBySecondApply(
  api: ApiClient,
  steps: readonly Step[],
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const object of steps.flatMap(({ objects }) => objects)) {
    // A controller may write its status in between, so what moved once is asked a second time.
    if ((await isRewritten(api, object)) && (await isRewritten(api, object)))
      changed.push(`${object.kind}/${object.metadata.name}`);
  }
  return changed;
}

async function isRewritten(api: ApiClient, object: KubernetesObject): Promise<boolean> {
  const before = await api.get(referenceTo(object));
  const { body } = await api.apply(object);
  return before?.metadata.resourceVersion !== body.metadata.resourceVersion;
}
