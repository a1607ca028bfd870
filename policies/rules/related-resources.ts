import { podLabels, WORKLOAD_TYPES } from "./pods.ts";
import { objectName, objectNamespace, type StackResource, TYPES } from "./resource.ts";

/**
 * The namespaces that this stack makes. Only there can a selector be called dangling: elsewhere what it is meant to find may
 * belong to somebody else.
 */
export function ownNamespaces(resources: readonly StackResource[]): ReadonlySet<string> {
  return new Set(resources.filter(({ type }) => type === TYPES.namespace).map(objectName));
}

/** The workloads of one namespace whose pods have labels that the predicate takes. */
export function workloadsWith(
  resources: readonly StackResource[],
  namespace: string,
  takes: (labels: Readonly<Record<string, string>>) => boolean,
): StackResource[] {
  return resources.filter(
    (resource) =>
      WORKLOAD_TYPES.includes(resource.type) &&
      objectNamespace(resource) === namespace &&
      takes(podLabels(resource)),
  );
}

/** The namespaces that a monitor looks into; undefined where it looks into all. */
export function monitoredNamespaces(monitor: StackResource): string[] | undefined {
  const selector = monitor.properties.at("spec", "namespaceSelector");
  if (selector.at("any").is(true)) return undefined;
  const names = selector
    .at("matchNames")
    .items()
    .flatMap((name) => name.text() ?? []);
  return names.length > 0 ? names : [objectNamespace(monitor)];
}
