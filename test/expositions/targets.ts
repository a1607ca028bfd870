import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";

// The labels that a target has in Prometheus: what Kubernetes says of it, through the operator's relabelling and then the monitor's.

type Labels = Readonly<Record<string, string>>;

interface Relabeling {
  readonly action?: string;
  readonly sourceLabels?: readonly string[];
  readonly regex?: string;
  readonly separator?: string;
  readonly targetLabel?: string;
  readonly replacement?: string;
}

/** One target that a monitor finds, and how its own labels meet those of its samples. */
export interface ScrapedTarget {
  readonly job: string;
  readonly endpoint: string;
  readonly labels: Labels;
  readonly honorLabels: boolean;
}

/** What stands behind an address: a pod, a node's kubelet, or nothing that Kubernetes knows, as with the API server. */
type Behind = "pod" | "node" | "nothing";

function discovered(behind: Behind, service: string | undefined): Labels {
  const meta = "__meta_kubernetes_";
  const kind = { pod: "Pod", node: "Node", nothing: "" }[behind];
  return {
    __address__: "10.40.11.7:1",
    [`${meta}namespace`]: "a-namespace",
    ...(service === undefined ? {} : { [`${meta}service_name`]: service }),
    [`${meta}endpointslice_address_target_kind`]: kind,
    [`${meta}endpointslice_address_target_name`]: kind === "" ? "" : "a-name",
    ...(behind === "pod"
      ? {
          [`${meta}pod_name`]: "a-pod",
          [`${meta}pod_container_name`]: "a-container",
          [`${meta}pod_node_name`]: "a-node",
        }
      : {}),
  };
}

// As prometheus-operator v0.94 puts them before a monitor's own: pkg/prometheus/promcfg.go, generateServiceMonitorConfig and
// generatePodMonitorConfig. What keeps and drops targets is left out: these are kept.
const META = "__meta_kubernetes_";
const OF_A_POD: readonly Relabeling[] = [
  { sourceLabels: [`${META}namespace`], targetLabel: "namespace" },
  { sourceLabels: [`${META}pod_container_name`], targetLabel: "container" },
  { sourceLabels: [`${META}pod_name`], targetLabel: "pod" },
];
const SLICE = [
  `${META}endpointslice_address_target_kind`,
  `${META}endpointslice_address_target_name`,
] as const;
const OF_A_SERVICE: readonly Relabeling[] = [
  { sourceLabels: SLICE, regex: "Node;(.*)", replacement: "$1", targetLabel: "node" },
  { sourceLabels: SLICE, regex: "Pod;(.*)", replacement: "$1", targetLabel: "pod" },
  ...OF_A_POD,
  { sourceLabels: [`${META}service_name`], targetLabel: "service" },
  { sourceLabels: [`${META}service_name`], targetLabel: "job" },
];

/** The targets of a monitor, one for each of its endpoints. */
export function targetsOf(monitor: IServiceMonitor | IPodMonitor): readonly ScrapedTarget[] {
  if (monitor.kind === "PodMonitor") {
    const { podMetricsEndpoints = [] } = (monitor as IPodMonitor).spec;
    return podMetricsEndpoints.map((endpoint) => targetOf(endpoint, discovered("pod", undefined), OF_A_POD));
  }
  const { namespaceSelector, selector, endpoints } = (monitor as IServiceMonitor).spec;
  const [namespace] = namespaceSelector?.matchNames ?? [];
  const behind =
    selector.matchLabels?.["component"] === "apiserver" ? "nothing" : kubelet(selector) ? "node" : "pod";
  return endpoints.map((endpoint) =>
    targetOf(endpoint, discovered(behind, `a-service-of-${namespace}`), OF_A_SERVICE),
  );
}

function kubelet({ matchLabels }: IServiceMonitor["spec"]["selector"]): boolean {
  return matchLabels?.["app.kubernetes.io/name"] === "kubelet";
}

interface AnyEndpoint {
  readonly port?: string;
  readonly honorLabels?: boolean;
  readonly relabelings?: readonly object[];
}

function targetOf(endpoint: AnyEndpoint, found: Labels, byOperator: readonly Relabeling[]): ScrapedTarget {
  const port = endpoint.port ?? "";
  const relabelled = [
    ...byOperator,
    { targetLabel: "endpoint", replacement: port },
    ...((endpoint.relabelings ?? []) as readonly Relabeling[]),
  ].reduce(relabel, found);
  const { __address__: address = "", ...rest } = relabelled;
  const labels = Object.fromEntries(
    Object.entries({ instance: address, ...rest }).filter(
      ([name, value]) => !name.startsWith("__") && value !== "",
    ),
  );
  return {
    job: labels["job"] ?? "",
    endpoint: port,
    labels,
    honorLabels: endpoint.honorLabels === true,
  };
}

function relabel(labels: Labels, rule: Relabeling): Labels {
  const { action = "replace", sourceLabels = [], separator = ";", targetLabel = "" } = rule;
  const regex = new RegExp(`^(?:${rule.regex ?? "(.*)"})$`, "s");
  switch (action) {
    case "replace": {
      const source = sourceLabels.map((label) => labels[label] ?? "").join(separator);
      if (!regex.test(source)) return labels;
      return { ...labels, [targetLabel]: source.replace(regex, rule.replacement ?? "$1") };
    }
    case "labeldrop":
      return Object.fromEntries(Object.entries(labels).filter(([name]) => !regex.test(name)));
    default:
      throw new Error(`the action ${action} is not modelled`);
  }
}

/** The names of a sample's labels in Prometheus: its own and its target's, which gives way or renames what is already there. */
export function storedLabels({ labels, honorLabels }: ScrapedTarget, own: readonly string[]): string[] {
  const renamed = honorLabels ? own : own.map((name) => (name in labels ? `exported_${name}` : name));
  return [...new Set([...Object.keys(labels), ...renamed])].sort();
}
