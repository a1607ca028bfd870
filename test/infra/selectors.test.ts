import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../components/kubernetes/model.ts";
import { selects } from "../components/prometheus/reachability.ts";
import { type RenderedPod, renderedPods } from "../components/workloads/rendered-pods.ts";
import { ENVIRONMENTS, manifests } from "./previews.ts";

// A label selector is right if it selects pods that are rendered: no test here reads the labels from where they are defined.

// biome-ignore lint/suspicious/noExplicitAny: the fields of four kinds of object, of which a few are read
type Any = any;

const OWN_NAMESPACES = ["monitoring", "monitoring-node"];

interface Selection {
  readonly by: string;
  readonly namespaces: readonly string[];
  readonly selector: Any;
}

describe.each(ENVIRONMENTS)("in %s", (environment) => {
  const objects = Object.values(manifests(environment)) as readonly KubernetesObject[];
  const pods = renderedPods(objects);
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind) as Any[];
  const selected = ({ namespaces, selector }: Selection) =>
    pods.filter(({ namespace, labels }) => namespaces.includes(namespace) && selects(selector, labels));

  it.each([
    ["network policy", () => ofKind("NetworkPolicy").flatMap(selectionsOf)],
    [
      "Service",
      () =>
        ofKind("Service")
          .filter(isOwn)
          .map(({ metadata, spec }) => selection("Service", metadata, { matchLabels: spec.selector })),
    ],
    [
      "disruption budget",
      () =>
        ofKind("PodDisruptionBudget").map(({ metadata, spec }) =>
          selection("PodDisruptionBudget", metadata, spec.selector),
        ),
    ],
  ] as const)("each selector of a %s selects a rendered pod", (_, selections) => {
    const all = selections();
    expect(all.filter((one) => selected(one).length === 0)).toEqual([]);
  });

  it("there are network policies and Services, and disruption budgets where a workload has replicas", () => {
    const replicated = objects.some(
      (object: Any) => object.kind === "Prometheus" && object.spec.replicas > 1,
    );
    expect(ofKind("NetworkPolicy").flatMap(selectionsOf).length).toBeGreaterThan(10);
    expect(ofKind("Service").filter(isOwn).length).toBeGreaterThan(5);
    expect(ofKind("PodDisruptionBudget").length > 0).toBe(replicated);
  });

  it("each constraint on placement keeps replicas of the same pod apart", () => {
    for (const { of, labels, apartFrom } of pods)
      for (const selector of apartFrom) expect(selects(selector as Any, labels), of).toBe(true);
  });

  it("each port of a Service is a port of the pods that it selects", () => {
    for (const { metadata, spec } of ofKind("Service").filter(isOwn))
      for (const pod of selected(selection("Service", metadata, { matchLabels: spec.selector })))
        for (const { name, port, targetPort } of spec.ports)
          expect(portOf(pod, targetPort), `${metadata.name}:${name} on ${pod.of}`).toBe(port);
  });

  it("each ServiceMonitor of the platform selects a Service that has its ports", () => {
    for (const { metadata, spec } of ofKind("ServiceMonitor")) {
      const namespaces: readonly string[] = spec.namespaceSelector?.matchNames ?? [metadata.namespace];
      if (!namespaces.every((namespace) => OWN_NAMESPACES.includes(namespace))) continue;
      const services = ofKind("Service").filter(
        (service) =>
          namespaces.includes(service.metadata.namespace) && selects(spec.selector, service.metadata.labels),
      );
      expect(services.length, metadata.name).toBeGreaterThan(0);
      for (const { port } of spec.endpoints)
        for (const service of services)
          expect(
            service.spec.ports.map(({ name }: Any) => name),
            metadata.name,
          ).toContain(port);
    }
  });
});

function isOwn({ metadata }: Any): boolean {
  return OWN_NAMESPACES.includes(metadata.namespace);
}

function portOf({ ports }: RenderedPod, target: string | number): number | undefined {
  return typeof target === "number" ? target : ports[target];
}

function selection(kind: string, metadata: Any, selector: Any): Selection {
  return { by: `${kind} ${metadata.name}`, namespaces: [metadata.namespace], selector };
}

/** The pods that a network policy is for, and the peers in the platform's own namespaces that it names. */
function selectionsOf({ metadata, spec }: Any): Selection[] {
  const rules = [...(spec.ingress ?? []), ...(spec.egress ?? [])];
  const peers: Any[] = rules.flatMap(({ from = [], to = [] }: Any) => [...from, ...to]);
  return [
    ...(Object.keys(spec.podSelector).length === 0
      ? []
      : [selection("NetworkPolicy", metadata, spec.podSelector)]),
    ...peers.flatMap(({ namespaceSelector, podSelector }) => {
      const namespaces = OWN_NAMESPACES.filter((name) =>
        selects(namespaceSelector ?? {}, { "kubernetes.io/metadata.name": name }),
      );
      if (podSelector === undefined || namespaces.length === 0) return [];
      return [{ by: `NetworkPolicy ${metadata.name}, a peer`, namespaces, selector: podSelector }];
    }),
  ];
}
