import type { VolumeOwner } from "../../components/workloads/volumes.ts";
import { at, type ClusterObject, quantityAt } from "../cluster/object.ts";
import { FIELD_MANAGER, type KeptManifest } from "./state.ts";

/** Name of the ConfigMap that the manifest of a program's StatefulSet is kept in while there is no StatefulSet. */
export function keptName({ statefulSet }: VolumeOwner): string {
  return `${statefulSet}-${FIELD_MANAGER}`;
}

/** Keys of the ConfigMap that a manifest is kept in. */
const KEPT = {
  manifest: "statefulset.json",
  uid: "uid",
  generation: "generation",
  manager: "manager",
} as const;

/** The manifest of a StatefulSet with a claim template of another size, as a ConfigMap that it can be created from again. */
export function keptConfigMap(set: ClusterObject, owner: VolumeOwner, size: string): object {
  const { uid = "", generation = 0, labels, annotations } = set.metadata;
  const manifest = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: owner.statefulSet, namespace: owner.namespace, labels, annotations },
    spec: {
      ...set.spec,
      volumeClaimTemplates: templatesOf(set).map((template) => withSize(template, owner.claimTemplate, size)),
    },
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: keptName(owner),
      namespace: owner.namespace,
      labels: { "app.kubernetes.io/managed-by": FIELD_MANAGER },
    },
    data: {
      [KEPT.uid]: uid,
      [KEPT.generation]: String(generation),
      [KEPT.manager]: managerOf(set),
      [KEPT.manifest]: JSON.stringify(manifest),
    },
  };
}

/** The claim templates of a StatefulSet. */
function templatesOf(set: ClusterObject): readonly ClusterObject[] {
  return (at(set, "spec", "volumeClaimTemplates") ?? []) as readonly ClusterObject[];
}

/** The bytes that a claim template of a StatefulSet requests; 0 where there is no such template. */
export function templateSize(set: ClusterObject, claimTemplate: string): number {
  const template = templatesOf(set).find(({ metadata }) => metadata.name === claimTemplate);
  return template === undefined ? 0 : quantityAt(template, "spec", "resources", "requests", "storage");
}

function withSize({ status: _, ...template }: ClusterObject, name: string, size: string): object {
  const { name: own, labels, annotations } = template.metadata;
  const metadata = { name: own, labels, annotations };
  if (own !== name) return { ...template, metadata };
  const resources = { ...(at(template, "spec", "resources") as object), requests: { storage: size } };
  return { ...template, metadata, spec: { ...template.spec, resources } };
}

/** Who applied the StatefulSet: Pulumi's provider, under a name of its own. The new one must be its, too, or its next `up` conflicts. */
function managerOf({ metadata: { managedFields = [] } }: ClusterObject): string {
  const appliers = managedFields.filter(
    ({ subresource, fieldsV1 }) =>
      subresource === undefined && at(fieldsV1, "f:spec", "f:volumeClaimTemplates") !== undefined,
  );
  const found = appliers.find(({ operation }) => operation === "Apply") ?? appliers[0];
  return found?.manager ?? FIELD_MANAGER;
}

/** What is known of a manifest that is kept in such a ConfigMap. */
export function keptManifest(map: ClusterObject, { claimTemplate }: VolumeOwner): KeptManifest {
  const { manifest } = readKept(map);
  return {
    uid: map.data?.[KEPT.uid] ?? "",
    generation: Number(map.data?.[KEPT.generation]),
    size: templateSize(JSON.parse(manifest) as ClusterObject, claimTemplate),
  };
}

/** The manifest in a ConfigMap of {@link keptConfigMap}, as JSON, and the field manager that it is applied as. */
export function readKept(map: ClusterObject): { readonly manifest: string; readonly manager: string } {
  return {
    manifest: map.data?.[KEPT.manifest] ?? "{}",
    manager: map.data?.[KEPT.manager] ?? FIELD_MANAGER,
  };
}
