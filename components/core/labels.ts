/** Kubernetes' recommended labels of everything that Bellwether makes, and its selectors. */
export interface ComponentLabels {
  readonly "app.kubernetes.io/name": string;
  readonly "app.kubernetes.io/instance": string;
  readonly "app.kubernetes.io/component": string;
  readonly "app.kubernetes.io/part-of": "bellwether";
  readonly "app.kubernetes.io/managed-by": "pulumi";
}

/** The label of everything that Bellwether makes; its value is `bellwether`. */
export const PART_OF = "app.kubernetes.io/part-of";

/** The recommended labels; `app` is the program (`node-exporter`), `component` its role (`exporter`). */
export function componentLabels(app: string, instance: string, component: string): ComponentLabels {
  return {
    "app.kubernetes.io/name": app,
    "app.kubernetes.io/instance": instance,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/part-of": "bellwether",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** The two labels that select a program's pods. They never change: a Deployment's selector is immutable. */
export function selectorLabels(app: string, instance: string): Record<string, string> {
  return { "app.kubernetes.io/name": app, "app.kubernetes.io/instance": instance };
}

/**
 * The label of rules that says who evaluates them, where that is not Prometheus alone: `store` of those that the long-term storage
 * evaluates, and that Prometheus leaves alone; `prometheus` of those that Thanos Ruler leaves to Prometheus.
 */
export const EVALUATED_BY = "bellwether.dev/evaluated-by";

/** Who evaluates rules: `local` is Prometheus where nothing else takes every rule without a label, and `prometheus` is Prometheus in any case. */
export type Evaluator = "local" | "store" | "prometheus";

/** The labels of rules by where they are evaluated. */
export function evaluatedBy(rules: Evaluator): Readonly<Record<string, string>> {
  return rules === "local" ? {} : { [EVALUATED_BY]: rules };
}
