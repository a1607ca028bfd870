/**
 * What is deployed, exactly, and nowhere else. The tests build and run these same versions, so a change here is a change of what
 * the tests prove (docs/how-to/move-a-pin.md).
 *
 * Prometheus stays on the long-term support line 3.13 with its newest patch. Alertmanager is newer than the one that the operator is
 * built with: since 0.35.0 it sends a message again that Slack refused with 429, since 0.34.1 an inhibition holds while any of its
 * sources fires.
 */
export const VERSIONS = {
  prometheusOperator: "0.93.0",
  /** Helm chart `prometheus-operator-crds` whose CRDs are those of the operator above. */
  prometheusOperatorCrdsChart: "31.0.0",
  prometheus: "3.13.5",
  alertmanager: "0.35.0",
  nodeExporter: "1.12.1",
  kubeStateMetrics: "2.19.1",
  blackboxExporter: "0.28.0",
  grafana: "13.1.4",
  /** kiwigrid/k8s-sidecar, which carries dashboards from ConfigMaps into Grafana. */
  k8sSidecar: "2.11.2",
} as const;
