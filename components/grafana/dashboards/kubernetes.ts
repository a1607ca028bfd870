import { KSM } from "../../signals/selectors.ts";
import type { Dashboard, Variable } from "../dashboard.ts";
import { type Presentations, sectionsOf, type Watched } from "../signal-panels.ts";

const PRESENTATIONS: Presentations = {
  "node-readiness": { states: { good: "ready", bad: "not ready" } },
  "node-pressure": { states: { good: "none", bad: "pressure" } },
  "aggregated-apis": { states: { good: "available", bad: "unavailable" } },
  "deployment-rollouts": { states: { good: "progressing", bad: "stuck" } },
  "volume-phase": { states: { good: "ok", bad: "failed or pending" } },
};

const NODE: Variable = {
  name: "node",
  label: "Node",
  description: "Nodes to show.",
  metric: `kube_node_info{${KSM}}`,
};

const NAMESPACE: Variable = {
  name: "namespace",
  label: "Namespace",
  description: "Namespaces to show.",
  metric: `kube_namespace_status_phase{${KSM}}`,
};

const POD: Variable = {
  name: "pod",
  label: "Pod",
  description: "Pods to show.",
  metric: `kube_pod_info{${KSM}}`,
};

/** Capacity of the cluster and its usage. */
export function cluster(watched: Watched): Dashboard {
  return {
    ref: "cluster",
    title: "Cluster",
    description: "Capacity and usage of the cluster, scheduling, and versions of the nodes.",
    tags: ["kubernetes"],
    sections: sectionsOf("cluster", watched, PRESENTATIONS),
    variables: [],
    links: [
      { title: "Overview", to: "overview" },
      { title: "Nodes", to: "nodes" },
      { title: "Workloads", to: "workloads" },
      { title: "Volumes", to: "volumes" },
      { title: "Network", to: "network" },
      { title: "API server", to: "apiServer" },
    ],
  };
}

/** Utilisation, saturation and errors of each node's resources. */
export function nodes(watched: Watched): Dashboard {
  return {
    ref: "nodes",
    title: "Nodes",
    description: "Utilisation, saturation and errors of CPU, memory, disk and network of each node.",
    tags: ["kubernetes"],
    sections: sectionsOf("nodes", watched, PRESENTATIONS),
    variables: [NODE],
    links: [
      { title: "Cluster", to: "cluster" },
      { title: "Pods", to: "pods" },
    ],
  };
}

/** Usage of namespaces, and the workloads in them. */
export function workloads(watched: Watched): Dashboard {
  return {
    ref: "workloads",
    title: "Namespaces and workloads",
    description:
      "Usage of each namespace against its requests and quotas, and unavailable replicas of workloads.",
    tags: ["kubernetes"],
    sections: sectionsOf("workloads", watched, PRESENTATIONS),
    variables: [NAMESPACE],
    links: [
      { title: "Cluster", to: "cluster" },
      { title: "Pods", to: "pods" },
      { title: "Volumes", to: "volumes" },
    ],
  };
}

/** Pods and their containers. */
export function pods(watched: Watched): Dashboard {
  return {
    ref: "pods",
    title: "Pods",
    description: "State of pods and containers, and their usage against their limits.",
    tags: ["kubernetes"],
    sections: sectionsOf("pods", watched, PRESENTATIONS),
    variables: [NAMESPACE, POD],
    links: [
      { title: "Workloads", to: "workloads" },
      { title: "Nodes", to: "nodes" },
    ],
  };
}

/** PersistentVolumes and their claims. */
export function volumes(watched: Watched): Dashboard {
  return {
    ref: "volumes",
    title: "Persistent volumes",
    description: "Usage of volumes, and claims without a volume.",
    tags: ["kubernetes"],
    sections: sectionsOf("volumes", watched, PRESENTATIONS),
    variables: [NAMESPACE],
    links: [
      { title: "Cluster", to: "cluster" },
      { title: "Workloads", to: "workloads" },
    ],
  };
}

/** Pod IP addresses, DNS, traffic and certificates. */
export function network(watched: Watched): Dashboard {
  return {
    ref: "network",
    title: "Networking and CoreDNS",
    description: "Pod IP addresses, DNS, network traffic, and certificates of probed targets.",
    tags: ["kubernetes"],
    sections: sectionsOf("network", watched, PRESENTATIONS),
    variables: [NAMESPACE],
    links: [
      { title: "Cluster", to: "cluster" },
      { title: "Nodes", to: "nodes" },
    ],
  };
}

/** The API server and the certificates of its clients. */
export function apiServer(watched: Watched): Dashboard {
  return {
    ref: "apiServer",
    title: "API server",
    description: "Requests, errors and latency of the API server, and expiry of its certificates.",
    tags: ["kubernetes"],
    sections: sectionsOf("apiServer", watched, PRESENTATIONS),
    variables: [],
    links: [{ title: "Cluster", to: "cluster" }],
  };
}
