import { isOperated, runningContainers } from "../pods.ts";
import { ALWAYS, type StackPolicy } from "../policy.ts";
import { monitoredNamespaces, ownNamespaces, unseenWorkloads, workloadsWith } from "../related-resources.ts";
import { objectNamespace, type StackResource, TYPES } from "../resource.ts";
import { selects } from "../selector.ts";
import { NotVisible } from "../value.ts";
import { judgeResources } from "../violation.ts";

export const monitorTargets: StackPolicy = {
  id: "monitor-targets",
  area: "workloads",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring", "NIST SI-4"],
  scope: "stack",
  title: "The selector and port of every monitor match a Service or pods.",
  why: "A monitor that matches nothing causes no error: there are no targets, no series, and no alert can fire.",
  fix: "set the monitor's selector and port to the labels and the port name of the Service or pods",
  severity: "high",
  levels: ALWAYS,
  check: (resources) => {
    const own = ownNamespaces(resources);
    return [
      ...judgeResources(
        resources.filter(({ type }) => type === TYPES.serviceMonitor),
        (monitor) => serviceMonitorVerdict(monitor, resources, own),
      ),
      ...judgeResources(
        resources.filter(({ type }) => type === TYPES.podMonitor),
        (monitor) => podMonitorVerdict(monitor, resources, own),
      ),
    ];
  },
};

function serviceMonitorVerdict(
  monitor: StackResource,
  resources: readonly StackResource[],
  own: ReadonlySet<string>,
): string[] {
  const namespaces = monitoredNamespaces(monitor);
  if (namespaces === undefined || !namespaces.every((name) => own.has(name))) return [];
  const selector = monitor.properties.at("spec", "selector");
  const services = resources.filter(
    (resource) =>
      resource.type === TYPES.service &&
      namespaces.includes(objectNamespace(resource)) &&
      selects(selector, resource.properties.at("metadata", "labels").texts()),
  );
  if (services.length === 0) {
    requireSeen(resources, namespaces, "Service");
    return ["its selector matches no Service"];
  }
  const ports = services.flatMap((service) =>
    service.properties
      .at("spec", "ports")
      .items()
      .map((port) => port.at("name").text()),
  );
  return unmatchedPorts(monitor, "endpoints", ports).map(
    (port) => `no Service that it selects has a port ${port}`,
  );
}

function podMonitorVerdict(
  monitor: StackResource,
  resources: readonly StackResource[],
  own: ReadonlySet<string>,
): string[] {
  const namespaces = monitoredNamespaces(monitor);
  if (namespaces === undefined || !namespaces.every((name) => own.has(name))) return [];
  const selector = monitor.properties.at("spec", "selector");
  const workloads = namespaces.flatMap((namespace) =>
    workloadsWith(resources, namespace, (labels) => selects(selector, labels)),
  );
  if (workloads.length === 0) {
    requireSeen(resources, namespaces, "pods");
    return ["its selector matches no pods"];
  }
  // The ports of the operator's pods stand in no resource of ours.
  if (workloads.some(isOperated)) return [];
  const ports = workloads.flatMap((workload) =>
    runningContainers(workload).flatMap((container) =>
      container
        .at("ports")
        .items()
        .map((port) => port.at("name").text()),
    ),
  );
  return unmatchedPorts(monitor, "podMetricsEndpoints", ports).map(
    (port) => `no container that it selects has a port ${port}`,
  );
}

/** Throws NotVisible where what a monitor selects may be among the objects of a release or chart. */
function requireSeen(resources: readonly StackResource[], namespaces: readonly string[], what: string): void {
  for (const namespace of namespaces) {
    const unseen = unseenWorkloads(resources, namespace);
    if (unseen !== undefined) throw new NotVisible(`${unseen} may hold the ${what} that it selects`);
  }
}

function unmatchedPorts(
  monitor: StackResource,
  endpoints: "endpoints" | "podMetricsEndpoints",
  ports: readonly (string | undefined)[],
): string[] {
  return monitor.properties
    .at("spec", endpoints)
    .items()
    .map((endpoint) => endpoint.at("port").text())
    .filter((port) => port !== undefined)
    .filter((port) => !ports.includes(port));
}
