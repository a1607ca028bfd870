import { objectNamespace, type StackResource, TYPES } from "../resource.ts";
import { selects } from "../selector.ts";
import type { Value } from "../value.ts";

/** The fields of a Prometheus, and of a ThanosRuler, that choose objects of a type. */
const SELECTORS: Readonly<Record<string, readonly [objects: string, namespaces: string]>> = {
  [TYPES.prometheusRule]: ["ruleSelector", "ruleNamespaceSelector"],
  [TYPES.serviceMonitor]: ["serviceMonitorSelector", "serviceMonitorNamespaceSelector"],
  [TYPES.podMonitor]: ["podMonitorSelector", "podMonitorNamespaceSelector"],
  [TYPES.probe]: ["probeSelector", "probeNamespaceSelector"],
  [TYPES.scrapeConfig]: ["scrapeConfigSelector", "scrapeConfigNamespaceSelector"],
};

/**
 * Whether a Prometheus or a ThanosRuler takes an object of the operator. A selector that is left out takes none, an empty one takes all; a namespace
 * selector that is left out takes the server's own namespace. The labels of a namespace that is no resource of the stack are unknown:
 * then the namespace counts as taken.
 */
export function isSelected(
  object: StackResource,
  server: StackResource,
  resources: readonly StackResource[],
): boolean {
  const [objects, namespaces] = SELECTORS[object.type] ?? ["", ""];
  const spec = server.properties.at("spec");
  const selector = spec.at(objects);
  if (!selector.exists) return false;
  const labels = object.properties.at("metadata", "labels").texts();
  return selects(selector, labels) && isInside(object, server, spec.at(namespaces), resources);
}

function isInside(
  object: StackResource,
  server: StackResource,
  selector: Value,
  resources: readonly StackResource[],
): boolean {
  const name = objectNamespace(object);
  if (!selector.exists) return name === objectNamespace(server);
  const namespace = resources.find(
    ({ type, properties }) => type === TYPES.namespace && properties.at("metadata", "name").text() === name,
  );
  if (namespace === undefined) return true;
  return selects(selector, {
    ...namespace.properties.at("metadata", "labels").texts(),
    "kubernetes.io/metadata.name": name,
  });
}
