import type { RecordedResource } from "../recording/monitor.ts";
import { redactedInShape, textAt, type WireMap } from "../recording/wire.ts";
import { blockYaml } from "./block-yaml.ts";

/** A Kubernetes object that a program would create, as it was recorded: secrets and unknowns are still marked. */
export interface RecordedObject {
  readonly resource: RecordedResource;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly object: WireMap;
}

/** The Kubernetes objects among the resources: what a provider of Kubernetes gets with an apiVersion and a kind. */
export function kubernetesObjects(resources: readonly RecordedResource[]): readonly RecordedObject[] {
  return resources.flatMap((resource) => {
    if (!resource.custom || !resource.type.startsWith("kubernetes:")) return [];
    const apiVersion = textAt(resource.inputs, "apiVersion");
    const kind = textAt(resource.inputs, "kind");
    if (apiVersion === undefined || kind === undefined) return [];
    const namespace = textAt(resource.inputs, "metadata", "namespace");
    const name = textAt(resource.inputs, "metadata", "name") ?? resource.name;
    return [{ resource, apiVersion, kind, namespace, name, object: resource.inputs }];
  });
}

/**
 * Every object as YAML, one a file, by file name, each rendered when it is asked for. Throws where two would be the same object in the cluster.
 */
export function* manifestFiles(
  objects: readonly RecordedObject[],
): Generator<readonly [file: string, text: string]> {
  const owners = new Map<string, RecordedObject>();
  for (const object of objects) {
    const file = fileName(object);
    const other = owners.get(file);
    if (other !== undefined && groupOf(other) === groupOf(object))
      throw new Error(
        `${other.resource.urn} and ${object.resource.urn} are one object of the cluster: ${file.slice(0, -5)}`,
      );
    const unique = other === undefined ? file : `${file.slice(0, -5)}-${groupOf(object)}.yaml`;
    owners.set(unique, object);
    yield [unique, blockYaml(redactedInShape(object.object))];
  }
}

/** `kind-namespace-name.yaml`; what lies in no namespace has two parts. */
function fileName({ kind, namespace, name }: RecordedObject): string {
  const parts = [kind.toLowerCase(), namespace, name].filter((part) => part !== undefined);
  return `${parts.join("-").replace(/[^A-Za-z0-9._-]/g, "_")}.yaml`;
}

function groupOf({ apiVersion }: RecordedObject): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "core";
}
