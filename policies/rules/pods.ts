import { objectName, objectNamespace, type ResourceView, type StackResource, TYPES } from "./resource.ts";
import type { Value } from "./value.ts";

/** Types whose pod template is the resource's own. */
export const TEMPLATE_TYPES: readonly string[] = [
  TYPES.deployment,
  TYPES.statefulSet,
  TYPES.daemonSet,
  TYPES.job,
  TYPES.cronJob,
];

/** Types whose pods the Prometheus operator makes. */
const OPERATED_TYPES: readonly string[] = [TYPES.prometheus, TYPES.alertmanager, TYPES.thanosRuler];

/** Every type that makes pods. */
export const WORKLOAD_TYPES: readonly string[] = [...TEMPLATE_TYPES, ...OPERATED_TYPES];

/** Workloads that keep a number of replicas running. */
export const REPLICATED_TYPES: readonly string[] = [TYPES.deployment, TYPES.statefulSet, ...OPERATED_TYPES];

/** The pod template of a workload: the template itself, or the operator resource, whose `spec` reads like a pod's. */
export function podSpec(resource: ResourceView): Value {
  const spec = resource.properties.at("spec");
  if (resource.type === TYPES.cronJob) return spec.at("jobTemplate", "spec", "template", "spec");
  return isOperated(resource) ? spec : spec.at("template", "spec");
}

/** The containers that a workload's author writes: init containers too, the operator's own not. */
export function containers(resource: ResourceView): Value[] {
  const spec = podSpec(resource);
  return [...spec.at("initContainers").items(), ...spec.at("containers").items()];
}

/** The containers that run as long as the pod does. */
export function runningContainers(resource: ResourceView): Value[] {
  return podSpec(resource).at("containers").items();
}

/** What to call a container in a message. */
export function containerName(container: Value): string {
  return `container ${container.at("name").text() ?? container.path}`;
}

/** The labels on a workload's pods. The operator's labels are those that it documents for its pods. */
export function podLabels(resource: ResourceView): Record<string, string> {
  const { properties } = resource;
  if (!isOperated(resource)) {
    const template =
      resource.type === TYPES.cronJob
        ? properties.at("spec", "jobTemplate", "spec", "template")
        : properties.at("spec", "template");
    return template.at("metadata", "labels").texts();
  }
  const name = properties.at("metadata", "name").text() ?? resource.name;
  const kind = OPERATED_NAMES[resource.type] ?? "";
  return {
    ...properties.at("spec", "podMetadata", "labels").texts(),
    "app.kubernetes.io/name": kind,
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/managed-by": "prometheus-operator",
    [kind]: name,
    ...(kind === "prometheus" ? { "operator.prometheus.io/name": name } : {}),
  };
}

/** `app.kubernetes.io/name` of the pods that the operator makes, by the type of their resource; also a label with the resource's name. */
const OPERATED_NAMES: Readonly<Record<string, string>> = {
  [TYPES.prometheus]: "prometheus",
  [TYPES.alertmanager]: "alertmanager",
  [TYPES.thanosRuler]: "thanos-ruler",
};

/** The number of replicas; Kubernetes and the operator take one where it is left out. */
export function replicas(resource: ResourceView): number {
  return resource.properties.at("spec", "replicas").number() ?? 1;
}

/** Objects that scale a workload, and the field with the fewest replicas that they keep. */
const AUTOSCALERS: Readonly<Record<string, { readonly target: string; readonly fewest: string }>> = {
  [TYPES.autoscaler]: { target: "scaleTargetRef", fewest: "minReplicas" },
  "kubernetes:autoscaling/v1:HorizontalPodAutoscaler": { target: "scaleTargetRef", fewest: "minReplicas" },
  "kubernetes:keda.sh/v1alpha1:ScaledObject": { target: "scaleTargetRef", fewest: "minReplicaCount" },
};

/** The fewest replicas that keep running: those of the autoscaler where the workload leaves the number to it. */
export function fewestReplicas(workload: ResourceView, resources: readonly StackResource[]): number {
  if (workload.properties.at("spec", "replicas").exists) return replicas(workload);
  const kind = workload.type.split(":")[2] ?? "";
  for (const scaler of resources) {
    const fields = AUTOSCALERS[scaler.type];
    if (fields === undefined || objectNamespace(scaler) !== objectNamespace(workload)) continue;
    const spec = scaler.properties.at("spec");
    const target = spec.at(fields.target);
    if ((target.at("kind").text() ?? "Deployment") !== kind) continue;
    if (target.at("name").text() === objectName(workload)) return spec.at(fields.fewest).number() ?? 1;
  }
  return replicas(workload);
}

/** Whether the operator, not the resource, writes the pod template. */
export function isOperated(resource: ResourceView): boolean {
  return OPERATED_TYPES.includes(resource.type);
}
