import { until } from "../servers.ts";
import type { ApiClient, KubernetesObject, Reference } from "./api.ts";
import { referenceTo } from "./api.ts";
import type { Step } from "./deployment.ts";
import type { Platform } from "./platform.ts";

// What `pulumi destroy` does with the objects of an environment, and what is on the API server before and after.

interface ApiGroups {
  readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
}

interface ApiResources {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly verbs: readonly string[];
  }[];
}

/** Kinds that come and go by themselves: what happened, and who is alive. */
const PASSING = new Set(["Event", "Lease"]);

/** Every object of the API server as `apiVersion kind namespace/name`. */
export async function everyObject(api: ApiClient): Promise<readonly string[]> {
  return [...(await contents(api)).keys()].sort();
}

/** The same, each with what people and programs wrote in it: all but its status, its versions and who wrote which field. */
export async function contents(api: ApiClient): Promise<ReadonlyMap<string, string>> {
  const { body } = await api.must<ApiGroups>("GET", "/apis");
  const versions = ["v1", ...body.groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
  const found = await Promise.all(versions.map((version) => objectsOf(api, version)));
  return new Map(found.flat());
}

async function objectsOf(
  api: ApiClient,
  apiVersion: string,
): Promise<readonly (readonly [string, string])[]> {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { body } = await api.must<ApiResources>("GET", root);
  const kinds = body.resources.filter(
    ({ name, kind, verbs }) => !name.includes("/") && verbs.includes("list") && !PASSING.has(kind),
  );
  const lists = await Promise.all(
    kinds.map(async ({ name, kind }) => {
      const { body: list } = await api.must<{ readonly items: readonly KubernetesObject[] }>(
        "GET",
        `${root}/${name}`,
      );
      return list.items.map((object) => {
        const { namespace, name: called } = object.metadata;
        const key = [apiVersion, kind, namespace === undefined ? called : `${namespace}/${called}`].join(" ");
        return [key, written(object)] as const;
      });
    }),
  );
  return lists.flat();
}

function written({ status: _, metadata, ...rest }: KubernetesObject): string {
  const { resourceVersion: __, managedFields: ___, generation: ____, ...kept } = metadata;
  return JSON.stringify({ metadata: kept, ...rest });
}

/**
 * Deletes what the program made, dependents first, each until it is gone, as the engine and the provider do: with foreground deletion.
 * Helm keeps the CRDs. The operator and kube-state-metrics end with their Deployments.
 */
export async function destroy({ plane, steps, operator, kubeStateMetrics }: Platform): Promise<void> {
  await destroyObjects(plane.api, steps, {
    "prometheus-operator": operator,
    "kube-state-metrics": kubeStateMetrics,
  });
}

/** The same for the objects of steps, and for the programs that run for real, by their Deployments. */
export async function destroyObjects(
  api: ApiClient,
  steps: readonly Step[],
  programs: Readonly<Record<string, { readonly stop: () => Promise<void> }>>,
): Promise<void> {
  const objects = steps.flatMap(({ objects: all }) => all).toReversed();
  for (const object of objects) {
    if (object.kind === "CustomResourceDefinition") continue;
    const program = Object.entries(programs).find(
      ([name]) => object.kind === "Deployment" && object.metadata.name === name,
    )?.[1];
    await program?.stop();
    await removed(api, referenceTo(object));
  }
}

/** Deletes an object and waits until it is gone. */
export async function removed(api: ApiClient, reference: Reference): Promise<void> {
  const path = await api.pathOf(reference, reference.name);
  const answer = await api.ask<{ readonly message?: string }>("DELETE", path, {
    propagationPolicy: "Foreground",
  });
  if (answer.status >= 300 && answer.status !== 404)
    throw new Error(`${reference.kind} ${reference.name}: ${answer.status} ${answer.body.message}`);
  await until(async () => (await api.get(reference)) === undefined, 60);
}
