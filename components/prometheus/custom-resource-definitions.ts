import { VERSIONS } from "../core/versions.ts";
import type { Namespaces } from "../workloads/model.ts";

/** The chart of the operator's custom resource definitions. */
export const DEFINITIONS_CHART = {
  chart: "prometheus-operator-crds",
  version: VERSIONS.prometheusOperatorCrdsChart,
  repositoryOpts: { repo: "https://prometheus-community.github.io/helm-charts" },
} as const;

/**
 * The Helm release of the operator's custom resource definitions: the one thing that comes from a chart, because a definition
 * of 30,000 lines is nothing that a reviewer reads.
 */
export function renderDefinitionsRelease({ monitoring }: Pick<Namespaces, "monitoring">) {
  return {
    // Fixed: Helm takes definitions that an earlier release left behind only if it had the same name and namespace.
    name: "prometheus-operator-crds",
    namespace: monitoring,
    ...DEFINITIONS_CHART,
    // Helm then leaves the definitions behind when the release goes. Deleting them would delete every team's monitors and rules.
    values: { crds: { annotations: { "helm.sh/resource-policy": "keep" } } },
    // A release that fails half-way is rolled back, so that the next `pulumi up` finds none that is pending.
    atomic: true,
  };
}
