/**
 * What is deployed, exactly, and nowhere else. The tests build and run these same versions, so a change here is a change of what
 * the tests prove (docs/decisions/0014, docs/how-to/move-a-pin.md).
 *
 * Prometheus stays on the long-term support line 3.13 with its newest patch. Alertmanager is newer than the one that the operator is
 * built with: since 0.35.0 it sends a message again that Slack refused with 429, since 0.34.1 an inhibition holds while any of its
 * sources fires. Of the operator, 0.95 cannot be built for the tests yet.
 */
export const VERSIONS = {
  prometheusOperator: "0.94.1",
  /** Helm chart `prometheus-operator-crds`: the CRDs of 0.94.0, which 0.94.1 did not change. */
  prometheusOperatorCrdsChart: "32.0.0",
  prometheus: "3.13.5",
  alertmanager: "0.35.0",
  nodeExporter: "1.12.1",
  kubeStateMetrics: "2.20.0",
  blackboxExporter: "0.28.0",
  /** The version that the operator's sidecar is made for (its DefaultThanosVersion). Only with `prometheus.store` of kind thanos. */
  thanos: "0.42.4",
  grafana: "13.1.4",
  /** kiwigrid/k8s-sidecar, which carries dashboards from ConfigMaps into Grafana. */
  k8sSidecar: "2.11.2",
  /** Karpenter, and the chart of its definitions, which has the same version. Only with `cluster.autoscaler` of kind karpenter. */
  karpenter: "1.14.1",
  /** aws-load-balancer-controller, and its chart, which has the same version. Only with `prometheus.ingress` of kind alb. */
  loadBalancerController: "3.5.0",
} as const;
