/** Any Kubernetes object as it is sent to the API server. Renderers return the exact interface of kubernetes-models. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** Objects keyed by their role within a component, which is the last part of their logical name: an identity. */
export type KubernetesObjects = Readonly<Record<string, KubernetesObject>>;
