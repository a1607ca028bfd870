/**
 * What to do first, for each alert of the catalogue that pages: whoever is woken reads it before the runbook. A test holds the list complete.
 * Commands are left to the runbook, where they can be copied.
 */
export const FIRST_STEPS: Readonly<Record<string, string>> = {
  KubeNodesNotReady:
    "look which zone the lost nodes are in; if it is one zone, see that the node groups of the others may grow.",
  KubeletDown:
    "ask whether the nodes are ready; if they are, Prometheus has lost its access to them, and nothing else has failed.",
  KubeCniAddressesExhausted: "look how many free addresses the node's subnet has left.",
  NodeFilesystemSpaceFillingUpFast: "find what grows on the node, and drain it if that is not found soon.",
  KubePersistentVolumeAlmostFull:
    "grow the claim: the storage class lets volumes grow while they are in use.",
  KubePersistentVolumeInodesAlmostUsed:
    "find the directory with the many small files, and delete what is old.",
  KubeAPIDown:
    "ask the API for its health from outside of the cluster; if it answers, only Prometheus has lost it.",
  KubeAPIErrorBudgetBurn:
    "look which verb and resource fail; a broken webhook is the usual cause, and removing it the cure.",
  CoreDNSDown: "resolve a name from any pod; if that works, only the scrape has failed.",
  PrometheusConfigReloadFailed:
    "read the last lines of its log, which name the mistake, and take back the change.",
  PrometheusRuleFailures:
    "read its log for the rule's name and the error, and take back the latest change of that group.",
  PrometheusNotIngestingSamples: "look whether its volume is full, and whether its twin still stores.",
  PrometheusNotConnectedToAlertmanagers:
    "look whether Alertmanager's pods run and its Service has endpoints.",
  PrometheusAlertsUndelivered:
    "look whether Alertmanager's pods answer; until they do, watch the list of alerts in Prometheus.",
  AlertmanagerDown: "look why its pods do not run; until they do, watch the list of alerts in Prometheus.",
  AlertmanagerFailedReload:
    "read the last lines of its log, which name the mistake, and take back the change of routes.",
  AlertmanagerClusterFailedToSendAlerts:
    "read its log for the integration's answer: an expired key, or a service that is down.",
  KubeStateMetricsDown: "look why its pod does not run; until it does, ask kubectl and not the dashboards.",
  KubeStateMetricsListErrors:
    "read its log: it names the resource, and whether permission or the API server is missing.",
  KubeStateMetricsWatchErrors:
    "read its log: it names the resource, and whether permission or the API server is missing.",
};
