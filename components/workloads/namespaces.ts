import { z } from "zod";
import type { Problem } from "../core/problems.ts";
import { shown } from "../core/problems.ts";
import { dnsLabel } from "../core/schema.ts";

/** The two namespaces of a platform, which it creates and deletes. */
export interface Namespaces {
  /** Prometheus, Alertmanager, Grafana, the operator and the exporters run here, under the pod-security level `restricted`. */
  readonly monitoring: string;
  /** Only node-exporter runs here, under the level `privileged`, because it reads the file systems of the node. */
  readonly node: string;
}

/** The names of an environment that sets none. */
export const DEFAULT_NAMESPACES = {
  monitoring: "monitoring",
  node: "monitoring-node",
} as const satisfies Namespaces;

/** The names of the namespaces, as an environment sets them. */
export const namespaceSettings = z.strictObject({
  monitoring: dnsLabel().default(DEFAULT_NAMESPACES.monitoring).meta({
    description: "Namespace of Prometheus, Alertmanager, Grafana, the operator and the exporters.",
  }),
  node: dnsLabel().default(DEFAULT_NAMESPACES.node).meta({
    description: "Namespace of node-exporter alone, which reads the file systems of the nodes.",
  }),
});

/** The namespaces of an environment. */
export function namespacesOf({ namespaces }: { readonly namespaces?: Namespaces | undefined }): Namespaces {
  return namespaces ?? DEFAULT_NAMESPACES;
}

// Kubernetes keeps the prefix kube- for itself: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
const OF_KUBERNETES = /^(?:default$|kube-)/;

/** Names that the platform cannot have: it creates the namespaces, closes them, and deletes them with all that is in them. */
export function namespaceProblems({ monitoring, node }: Namespaces, path: string): readonly Problem[] {
  const ofKubernetes = Object.entries({ monitoring, node })
    .filter(([, name]) => OF_KUBERNETES.test(name))
    .map(([field, name]) => ({
      path: `${path}.${field}`,
      found: `${shown(name)}, a namespace of Kubernetes`,
      allowed:
        "a namespace that only the platform uses: it is closed with network policies, and deleted with the platform",
      fix: "choose another name, such as bellwether",
    }));
  if (monitoring !== node) return ofKubernetes;
  return [
    ...ofKubernetes,
    {
      path: `${path}.node`,
      found: `${shown(node)}, which is ${path}.monitoring as well`,
      allowed: "another name: pods of node-exporter may see their node, and all others may not",
      fix: `choose another name, such as ${node.slice(0, 35)}-node`,
    },
  ];
}
