import type { IPriorityClass } from "kubernetes-models/scheduling.k8s.io/v1/PriorityClass";
import type { INamespace } from "kubernetes-models/v1/Namespace";
import type { Namespaces } from "../workloads/model.ts";

type Level = "restricted" | "privileged";

/** The platform's two namespaces, each under the strictest pod-security level that its pods pass. */
export function renderNamespaces({ monitoring, node }: Namespaces) {
  return {
    namespace: namespace(monitoring, "restricted"),
    "node-namespace": namespace(node, "privileged"),
  };
}

function namespace(name: string, level: Level): INamespace {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: {
        "app.kubernetes.io/part-of": "bellwether",
        "app.kubernetes.io/managed-by": "pulumi",
        // All three modes: whoever starts a pod that fails is told so at once, and the audit log keeps it.
        ...podSecurity("enforce", level),
        ...podSecurity("audit", level),
        ...podSecurity("warn", level),
      },
    },
  };
}

// The version is written although `latest` is the default: a cluster-wide admission configuration may set another default,
// and a level that moves with the cluster finds out what a new Kubernetes forbids when that Kubernetes comes, not years later.
function podSecurity(mode: "enforce" | "audit" | "warn", level: Level): Record<string, string> {
  return {
    [`pod-security.kubernetes.io/${mode}`]: level,
    [`pod-security.kubernetes.io/${mode}-version`]: "latest",
  };
}

/** The priority of the monitoring's own pods. */
export const PRIORITY_CLASS = "bellwether-monitoring";

/**
 * Above every ordinary workload and below the cluster's own components: a full cluster is the moment in which monitoring is
 * needed, so its pods are neither the ones that wait nor the ones that make room.
 */
export function renderPriorityClass(): IPriorityClass {
  return {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: {
      name: PRIORITY_CLASS,
      labels: { "app.kubernetes.io/part-of": "bellwether", "app.kubernetes.io/managed-by": "pulumi" },
    },
    value: 1_000_000,
    globalDefault: false,
    preemptionPolicy: "PreemptLowerPriority",
    description: "Prometheus, Alertmanager, their operator and the exporters.",
  };
}
