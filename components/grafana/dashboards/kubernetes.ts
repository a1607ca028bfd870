import { KSM } from "../../signals/selectors.ts";
import type { Dashboard, Variable } from "../dashboard.ts";
import { type Presentations, sectionsOf, type Watched } from "../signal-panels.ts";

const PRESENTATIONS: Presentations = {
  "node-readiness": { states: { good: "ready", bad: "not ready" } },
  "node-pressure": { states: { good: "none", bad: "pressure" } },
  "aggregated-apis": { states: { good: "available", bad: "unavailable" } },
  "deployment-rollouts": { states: { good: "fine", bad: "stuck" } },
  "volume-phase": { states: { good: "fine", bad: "in trouble" } },
};

const NODE: Variable = {
  name: "node",
  label: "Node",
  description: "Which nodes.",
  metric: `kube_node_info{${KSM}}`,
};

const NAMESPACE: Variable = {
  name: "namespace",
  label: "Namespace",
  description: "Which namespaces.",
  metric: `kube_namespace_status_phase{${KSM}}`,
};

const POD: Variable = {
  name: "pod",
  label: "Pod",
  description: "Which pods.",
  metric: `kube_pod_info{${KSM}}`,
};

/** What the cluster has, and how much of it is taken. */
export function cluster(watched: Watched): Dashboard {
  return {
    ref: "cluster",
    title: "Cluster",
    description: "What the cluster has, how much of it is taken, and of what versions it is.",
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

/** Each node's resources by use, saturation and errors. */
export function nodes(watched: Watched): Dashboard {
  return {
    ref: "nodes",
    title: "Nodes",
    description: "Each resource of the nodes by use, saturation and errors.",
    tags: ["kubernetes"],
    sections: sectionsOf("nodes", watched, PRESENTATIONS),
    variables: [NODE],
    links: [
      { title: "Cluster", to: "cluster" },
      { title: "Pods", to: "pods" },
    ],
  };
}

/** Namespaces, and what keeps pods running in them. */
export function workloads(watched: Watched): Dashboard {
  return {
    ref: "workloads",
    title: "Namespaces and workloads",
    description: "What namespaces use and may use, and whether what should run in them does.",
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
    description: "Pods and their containers: whether they run, and what they use of what they may.",
    tags: ["kubernetes"],
    sections: sectionsOf("pods", watched, PRESENTATIONS),
    variables: [NAMESPACE, POD],
    links: [
      { title: "Workloads", to: "workloads" },
      { title: "Nodes", to: "nodes" },
    ],
  };
}

/** Persistent volumes and the claims that they serve. */
export function volumes(watched: Watched): Dashboard {
  return {
    ref: "volumes",
    title: "Persistent volumes",
    description: "How full volumes are, and whether every claim has one.",
    tags: ["kubernetes"],
    sections: sectionsOf("volumes", watched, PRESENTATIONS),
    variables: [NAMESPACE],
    links: [
      { title: "Cluster", to: "cluster" },
      { title: "Workloads", to: "workloads" },
    ],
  };
}

/** Addresses, names and traffic. */
export function network(watched: Watched): Dashboard {
  return {
    ref: "network",
    title: "Networking and CoreDNS",
    description: "Whether pods get addresses, names resolve, and packets arrive.",
    tags: ["kubernetes"],
    sections: sectionsOf("network", watched, PRESENTATIONS),
    variables: [NAMESPACE],
    links: [
      { title: "Cluster", to: "cluster" },
      { title: "Nodes", to: "nodes" },
    ],
  };
}

/** The API server, and the certificates that it is spoken to with. */
export function apiServer(watched: Watched): Dashboard {
  return {
    ref: "apiServer",
    title: "API server",
    description: "Whether the API server answers, how fast, and until when its clients' certificates hold.",
    tags: ["kubernetes"],
    sections: sectionsOf("apiServer", watched, PRESENTATIONS),
    variables: [],
    links: [{ title: "Cluster", to: "cluster" }],
  };
}
