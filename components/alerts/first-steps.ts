/**
 * The first step for each alert of the catalogue that pages: one imperative sentence, to be read before the runbook. A test holds the list
 * complete. Commands are in the runbook, where they can be copied.
 */
export const FIRST_STEPS: Readonly<Record<string, string>> = {
  KubeNodesNotReady: "check which zone the lost nodes are in.",
  KubeletDown: "check whether the nodes are ready; if they are, only the scrape of the kubelets fails.",
  KubeCniAddressesExhausted: "check how many free addresses the subnet of the node has.",
  NodeFilesystemSpaceFillingUpFast: "find the pod that writes the most on the node.",
  KubePersistentVolumeAlmostFull: "grow the claim; its storage class allows this while the pod runs.",
  KubePersistentVolumeInodesAlmostUsed: "find the directory with the most files and delete old files there.",
  KubeAPIDown:
    "check the health of the API server with kubectl; if it answers, only the scrape by Prometheus fails.",
  KubeAPIErrorBudgetBurn:
    "check which verb and resource fail; the usual cause is a broken admission webhook.",
  CoreDNSDown: "resolve a name in any pod; if that works, only the scrape fails.",
  PrometheusConfigReloadFailed: "read the error in its log and roll back the change that it names.",
  PrometheusRuleFailures: "read the name of the rule and the error in its log.",
  PrometheusShardDown: "find the shard whose pods do not run, and the reason in their events.",
  ThanosRulerNotEvaluating: "check whether the pods of Thanos Ruler run, and whether rules are loaded.",
  ThanosRulerQueriesFailing: "check that one replica of every shard of Prometheus runs.",
  ThanosRulerRuleFailures: "read the name of the rule and the error on the ruler's page of rules.",
  ThanosRulerAlertsUndelivered: "check that Alertmanager runs and that the ruler finds its pods.",
  PrometheusNotIngestingSamples:
    "check whether its volume is full and whether another replica still stores samples.",
  PrometheusNotConnectedToAlertmanagers:
    "check whether the Alertmanager pods run and their Service has endpoints.",
  PrometheusAlertsUndelivered:
    "check whether the Alertmanager pods answer; until they do, watch the Prometheus UI.",
  AlertmanagerDown: "check why its pods do not run; until they do, watch the alerts in the Prometheus UI.",
  AlertmanagerFailedReload: "read the error in its log and roll back the change that it names.",
  AlertmanagerClusterFailedToSendAlerts:
    "read the answer of the integration in the log of Alertmanager: a status code or a network error.",
  KubeStateMetricsDown:
    "check why its pod does not run; until it does, use kubectl instead of the dashboards.",
  KubeStateMetricsListErrors: "read the resource and the error in the log of kube-state-metrics.",
  KubeStateMetricsWatchErrors: "read the resource and the error in the log of kube-state-metrics.",
};
