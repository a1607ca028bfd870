/**
 * What is deployed, exactly, and nowhere else.
 *
 * The set belongs together: operator 0.93.0 is built against Prometheus 3.13.1 and Alertmanager 0.33.1 (its go.mod), lists
 * 3.13.1, a long-term support release, as the newest of its compatibility matrix, and its CRDs are chart 31.0.0. The tests
 * build and run these same versions, so a change here is a change of what the tests prove.
 */
export const VERSIONS = {
  prometheusOperator: "0.93.0",
  /** Helm chart `prometheus-operator-crds` whose CRDs are those of the operator above. */
  prometheusOperatorCrdsChart: "31.0.0",
  prometheus: "3.13.1",
  alertmanager: "0.33.1",
  nodeExporter: "1.12.1",
  kubeStateMetrics: "2.19.1",
  blackboxExporter: "0.28.0",
  grafana: "13.1.4",
  /** kiwigrid/k8s-sidecar, which carries dashboards from ConfigMaps into Grafana. */
  k8sSidecar: "2.11.2",
} as const;
