import type { KubernetesObject } from "../../../components/kubernetes/model.ts";

/** A pod that a rendered workload leads to. */
export interface RenderedPod {
  /** Kind and name of what creates it, such as `Deployment kube-state-metrics`. */
  readonly of: string;
  readonly kind: "pod";
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Ports of its containers, by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Whether it uses the network of its node, where no network policy applies. */
  readonly hostNetwork: boolean;
  /** Label selectors by which its own constraints keep its replicas apart. */
  readonly apartFrom: readonly unknown[];
}

// biome-ignore lint/suspicious/noExplicitAny: the fields of five kinds of object, of which a few are read
type Any = any;

/**
 * What the operator (0.94) adds to the pods of its two resources: the labels that select them, and the ports of the server and of the
 * sidecar that reloads it. `makeSelectorLabels`, `makeStatefulSetSpec` in pkg/prometheus and pkg/alertmanager.
 */
const MADE_BY_OPERATOR: Readonly<Record<string, { app: string; ports: Readonly<Record<string, number>> }>> = {
  Prometheus: { app: "prometheus", ports: { web: 9090, "reloader-web": 8080 } },
  Alertmanager: { app: "alertmanager", ports: { web: 9093, "reloader-web": 8080, "mesh-tcp": 9094 } },
};

/** The pods of rendered objects: of Deployments, StatefulSets and DaemonSets, and of the operator's resources. */
export function renderedPods(objects: readonly KubernetesObject[]): readonly RenderedPod[] {
  return objects.flatMap((object: Any) => {
    const { kind, metadata, spec } = object;
    const base = { of: `${kind} ${metadata.name}`, kind: "pod" as const, namespace: metadata.namespace };
    if (["Deployment", "StatefulSet", "DaemonSet"].includes(kind)) {
      const { template } = spec;
      const ports = template.spec.containers.flatMap((container: Any) => container.ports ?? []);
      return [
        {
          ...base,
          labels: template.metadata.labels,
          ports: Object.fromEntries(ports.map(({ name, containerPort }: Any) => [name, containerPort])),
          hostNetwork: template.spec.hostNetwork === true,
          apartFrom: apartFrom(template.spec),
        },
      ];
    }
    const made = MADE_BY_OPERATOR[kind];
    if (made === undefined) return [];
    const selected = { "app.kubernetes.io/name": made.app, "app.kubernetes.io/instance": metadata.name };
    const labels = {
      ...spec.podMetadata?.labels,
      ...selected,
      "app.kubernetes.io/managed-by": "prometheus-operator",
    };
    return [{ ...base, labels, ports: made.ports, hostNetwork: false, apartFrom: apartFrom(spec) }];
  });
}

function apartFrom({ topologySpreadConstraints = [], affinity }: Any): unknown[] {
  const required = affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return [...topologySpreadConstraints, ...required].map(({ labelSelector }: Any) => labelSelector);
}

/** The one pod of a program, by the label `app.kubernetes.io/name`. Throws an Error where there is none, or more than one. */
export function podNamed(pods: readonly RenderedPod[], app: string): RenderedPod {
  const [found, ...more] = pods.filter(({ labels }) => labels["app.kubernetes.io/name"] === app);
  if (found === undefined || more.length > 0)
    throw new Error(`${more.length + (found ? 1 : 0)} pods of ${app}`);
  return found;
}
