import { podLabels, WORKLOAD_TYPES } from "./pods.ts";
import { objectName, objectNamespace, type StackResource, TYPES } from "./resource.ts";
import type { Value } from "./value.ts";

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

/** Resources whose objects the engine does not show, or shows only where the program runs with it. */
const BUNDLES =
  /^kubernetes:(?:helm\.sh\/v[34]:(?:Release|Chart)|yaml(?:\/v2)?:Config(?:File|Group)|kustomize(?:\/v2)?:Directory)$/;

/**
 * What may hold workloads of a namespace that no resource of the stack shows, for a message: a Helm release, a chart, files of
 * manifests. Undefined where there is none. "Selects nothing" cannot be said there.
 */
export function unseenWorkloads(resources: readonly StackResource[], namespace: string): string | undefined {
  const bundle = resources.find(
    ({ type, properties }) =>
      BUNDLES.test(type) && !holdsOnlyDefinitions(properties) && mayReach(properties, namespace),
  );
  return bundle && hides(bundle);
}

/**
 * What may bring objects to any namespace that no resource of the stack shows, for a message; undefined where there is none. What is
 * chosen from all namespaces, such as rules, cannot be called missing then.
 */
export function unseenObjects(resources: readonly StackResource[]): string | undefined {
  const bundle = resources.find(
    ({ type, properties }) => BUNDLES.test(type) && !holdsOnlyDefinitions(properties),
  );
  return bundle && hides(bundle);
}

function hides({ type, name }: StackResource): string {
  return `the objects of ${type.split(":")[2]} ${name} are no resources of this stack, and it`;
}

/** Objects from which a controller makes a Secret, and where they name it. */
const SECRET_MAKERS =
  /^kubernetes:(?:external-secrets\.io|bitnami\.com|secrets-store\.csi\.x-k8s\.io|secrets\.hashicorp\.com|onepassword\.com)\//;

/** What may make a Secret of a namespace that is no resource of the stack, for a message; undefined where there is none. */
export function unseenSecrets(resources: readonly StackResource[], namespace: string): string | undefined {
  const maker = resources.find(
    (resource) => SECRET_MAKERS.test(resource.type) && objectNamespace(resource) === namespace,
  );
  return maker === undefined
    ? unseenWorkloads(resources, namespace)
    : `a controller makes a Secret of ${maker.type.split(":")[2]} ${maker.name}, which`;
}

/** A chart of custom resource definitions brings no workload. */
function holdsOnlyDefinitions(properties: Value): boolean {
  const chart = properties.at("chart");
  return chart.exists && chart.known && /\bcrds?$/.test(chart.text() ?? "");
}

/** Files of manifests name the namespace of each object themselves; a release has one for all that name none. */
function mayReach(properties: Value, namespace: string): boolean {
  const stated = properties.at("namespace");
  return !stated.exists || !stated.known || stated.is(namespace);
}
