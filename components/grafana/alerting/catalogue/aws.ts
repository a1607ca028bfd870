import { CLUSTER_SIGNALS, panelOf } from "../../../signals/platform.ts";
import type { AlertQuery, GrafanaAlertDefinition, GrafanaAlertGroup } from "../definition.ts";

// Metrics that AWS records for the cluster's resources. Their meaning: the EKS user guide, "Monitor cluster data with
// Amazon CloudWatch"; the VPC user guide, "NAT gateway metrics"; the EC2 user guide, "CloudWatch metrics for your instances".

const ofCluster = (metric: string, statistic: "SUM" | "MAX"): AlertQuery => ({
  source: "cloudwatch",
  sql: ({ clusterName }) =>
    `SELECT ${statistic}(${metric}) FROM SCHEMA("AWS/EKS", ClusterName) WHERE ClusterName = '${clusterName}' GROUP BY ClusterName`,
});

/** The ten highest values. More series would not fit in a notification. */
const ofEach = (
  namespace: string,
  dimension: string,
  metric: string,
  statistic: "SUM" | "MAX",
): AlertQuery => ({
  source: "cloudwatch",
  sql: () =>
    `SELECT ${statistic}(${metric}) FROM SCHEMA("${namespace}", ${dimension}) GROUP BY ${dimension} ORDER BY ${statistic}() DESC LIMIT 10`,
});

/** All gateways, because several of these queries are combined for each gateway. A region's quota limits their number. */
const ofGateways = (metric: string): AlertQuery => ({
  source: "cloudwatch",
  sql: () => `SELECT SUM(${metric}) FROM SCHEMA("AWS/NATGateway", NatGatewayId) GROUP BY NatGatewayId`,
});

const CLUSTER = "prod";
const GATEWAY = "nat-0a1b2c3d4e5f67890";
const OTHER_GATEWAY = "nat-0f9e8d7c6b5a43210";
const NODE = "i-0a1b2c3d4e5f67890";

const GIB = 2 ** 30;

const API_SERVER_SILENT: GrafanaAlertDefinition = {
  name: "EksApiServerSilent",
  summary: "The EKS API server receives no requests",
  description: "CloudWatch has counted no request to the cluster's API server for 15 minutes.",
  impact:
    "No object in the cluster can be changed, and lost pods are not replaced. Running pods keep running.",
  firstStep: "check the health of the API server, then the AWS Health Dashboard for EKS.",
  severity: "critical",
  for: "10m",
  queries: { A: ofCluster("apiserver_request_total", "SUM") },
  reduce: "sum",
  limit: {
    value: 1,
    bad: "below",
    means: "1 request in 15 minutes; the kubelets alone send thousands",
  },
  noData: "fires",
  onError: "keeps its state",
  panel: panelOf(CLUSTER_SIGNALS.apiServers),
  cases: [
    {
      title: "fires when CloudWatch counts no request",
      fires: true,
      seen: { answers: { A: { [CLUSTER]: [0, 0, 0] } } },
    },
    { title: "fires when CloudWatch has no metric of the cluster", fires: true, seen: { answers: {} } },
    {
      title: "does not fire at one request",
      fires: false,
      seen: { answers: { A: { [CLUSTER]: [0, 1, 0] } } },
    },
    { title: "does not fire when CloudWatch does not respond", fires: false, seen: "no answer" },
  ],
};

const API_SERVER_ERRORS: GrafanaAlertDefinition = {
  name: "EksApiServerErrors",
  summary: "The EKS API server returns 5xx for more than 5% of requests",
  description:
    "More than 5% of the requests to the API server got a 5xx response, as CloudWatch counts them.",
  impact:
    "Some requests of deployments and autoscaling fail. If Prometheus works, KubeAPIErrorBudgetBurn fires as well.",
  firstStep: "find the verb and the resource of the failed requests; the usual cause is a broken webhook.",
  severity: "warning",
  for: "15m",
  queries: {
    A: ofCluster("apiserver_request_total_5XX", "SUM"),
    B: ofCluster("apiserver_request_total", "SUM"),
  },
  reduce: "sum",
  formula: "$A / $B",
  limit: { value: 0.05, bad: "above", means: "5% of requests" },
  noData: "does not fire",
  onError: "keeps its state",
  panel: panelOf(CLUSTER_SIGNALS.apiErrors),
  cases: [
    {
      title: "fires when 6% fail",
      fires: true,
      seen: { answers: { A: { [CLUSTER]: [600, 600] }, B: { [CLUSTER]: [10_000, 10_000] } } },
    },
    {
      title: "does not fire when 5% fail",
      fires: false,
      seen: { answers: { A: { [CLUSTER]: [500, 500] }, B: { [CLUSTER]: [10_000, 10_000] } } },
    },
    {
      title: "does not fire when no request failed, so that the metric of errors is absent",
      fires: false,
      seen: { answers: { B: { [CLUSTER]: [10_000] } } },
    },
  ],
};

const DATABASE_FILLING_UP: GrafanaAlertDefinition = {
  name: "EksDatabaseFillingUp",
  summary: "The etcd database of the cluster is 75% full",
  description: "etcd uses {{ humanize1024 .Values.V.Value }}B. At 8 GiB EKS makes it read-only.",
  impact: "When it is full, no object in the cluster can be created or changed until others are deleted.",
  firstStep: "count the objects by kind; usually Jobs, Events or Helm releases are not cleaned up.",
  severity: "warning",
  for: "15m",
  queries: { A: ofCluster("apiserver_storage_size_bytes", "MAX") },
  reduce: "last",
  limit: { value: 6 * GIB, bad: "above", means: "6 GiB of the 8 GiB that EKS allows" },
  noData: "does not fire",
  onError: "keeps its state",
  panel: panelOf(CLUSTER_SIGNALS.apiRequests),
  cases: [
    {
      title: "fires above 6 GiB",
      fires: true,
      seen: { answers: { A: { [CLUSTER]: [5 * GIB, 6.1 * GIB] } } },
    },
    {
      title: "does not fire at 6 GiB",
      fires: false,
      seen: { answers: { A: { [CLUSTER]: [7 * GIB, 6 * GIB] } } },
    },
  ],
};

const PORTS_EXHAUSTED: GrafanaAlertDefinition = {
  name: "NatGatewayPortsExhausted",
  summary: "NAT gateway {{ .Labels.NatGatewayId }} has no free ports",
  description:
    "The gateway rejected {{ humanize .Values.V.Value }} connections because all its ports for the destination are in use.",
  impact: "Some connections from pods in this zone to the internet fail, including notifications.",
  firstStep: "find the client with many connections to one address; usually it has no connection pool.",
  severity: "critical",
  for: "5m",
  queries: { A: ofEach("AWS/NATGateway", "NatGatewayId", "ErrorPortAllocation", "SUM") },
  reduce: "sum",
  limit: { value: 0, bad: "above", means: "0 rejected connections" },
  noData: "does not fire",
  onError: "keeps its state",
  panel: panelOf(CLUSTER_SIGNALS.connectionTable),
  cases: [
    {
      title: "fires for the gateway that rejects a connection",
      fires: true,
      seen: { answers: { A: { [GATEWAY]: [0, 3], [OTHER_GATEWAY]: [0, 0] } } },
    },
    {
      title: "does not fire when no gateway rejects a connection",
      fires: false,
      seen: { answers: { A: { [GATEWAY]: [0, 0] } } },
    },
    { title: "does not fire when there is no gateway", fires: false, seen: { answers: {} } },
  ],
};

const DROPS_PACKETS: GrafanaAlertDefinition = {
  name: "NatGatewayDropsPackets",
  summary: "NAT gateway {{ .Labels.NatGatewayId }} drops packets",
  description:
    "The gateway drops {{ humanizePercentage .Values.V.Value }} of its packets. AWS regards more than 0.01% as a fault of the gateway.",
  impact: "Some connections from pods in this zone to the internet stall.",
  firstStep:
    "check the AWS Health Dashboard; if it shows no event, open a support case with the id of the gateway.",
  severity: "warning",
  for: "15m",
  queries: {
    A: ofGateways("PacketsDropCount"),
    B: ofGateways("PacketsInFromSource"),
    C: ofGateways("PacketsInFromDestination"),
  },
  reduce: "sum",
  formula: "$A / ($B + $C)",
  limit: { value: 0.0001, bad: "above", means: "0.01% of the gateway's packets" },
  noData: "does not fire",
  onError: "keeps its state",
  panel: panelOf(CLUSTER_SIGNALS.namespacePacketsLost),
  cases: [
    {
      title: "fires for the gateway that drops more than 0.01%",
      fires: true,
      seen: {
        answers: {
          A: { [GATEWAY]: [3, 0], [OTHER_GATEWAY]: [0, 1] },
          B: { [GATEWAY]: [10_000, 0], [OTHER_GATEWAY]: [1_000_000, 0] },
          C: { [GATEWAY]: [10_000, 0], [OTHER_GATEWAY]: [1_000_000, 0] },
        },
      },
    },
    {
      title: "does not fire at 0.01%",
      fires: false,
      seen: { answers: { A: { [GATEWAY]: [2] }, B: { [GATEWAY]: [10_000] }, C: { [GATEWAY]: [10_000] } } },
    },
  ],
};

const VOLUME_STALLED: GrafanaAlertDefinition = {
  name: "NodeVolumeStalled",
  summary: "A volume of instance {{ .Labels.InstanceId }} does not complete I/O",
  description: "The attached EBS status check of {{ .Labels.InstanceId }} fails: reads and writes hang.",
  impact: "Pods with this volume hang. If it is the root volume, the node hangs.",
  firstStep:
    "find the volume in the EC2 console, drain the node, and force-detach the volume if it does not detach.",
  severity: "critical",
  for: "5m",
  queries: { A: ofEach("AWS/EC2", "InstanceId", "StatusCheckFailed_AttachedEBS", "MAX") },
  reduce: "last",
  limit: { value: 0, bad: "above", means: "0 failed checks" },
  noData: "does not fire",
  onError: "keeps its state",
  panel: panelOf(CLUSTER_SIGNALS.nodeDiskBusy),
  cases: [
    {
      title: "fires when the newest check failed",
      fires: true,
      seen: { answers: { A: { [NODE]: [0, 1] } } },
    },
    {
      title: "does not fire when the newest check succeeded",
      fires: false,
      seen: { answers: { A: { [NODE]: [1, 0] } } },
    },
  ],
};

const HARDWARE_FAILING: GrafanaAlertDefinition = {
  name: "NodeHardwareFailing",
  summary: "The host of instance {{ .Labels.InstanceId }} fails its status check",
  description:
    "The system status check of {{ .Labels.InstanceId }} fails: power, network or hardware of the host.",
  impact: "The node can fail at any time. Its pods then start on other nodes.",
  firstStep:
    "drain the node and terminate the instance; its node group starts another one on a different host.",
  severity: "warning",
  for: "10m",
  queries: { A: ofEach("AWS/EC2", "InstanceId", "StatusCheckFailed_System", "MAX") },
  reduce: "last",
  limit: { value: 0, bad: "above", means: "0 failed checks" },
  noData: "does not fire",
  onError: "keeps its state",
  panel: panelOf(CLUSTER_SIGNALS.nodeReadiness),
  cases: [
    {
      title: "fires when the newest check failed",
      fires: true,
      seen: { answers: { A: { [NODE]: [0, 1] } } },
    },
    {
      title: "does not fire when the newest check succeeded",
      fires: false,
      seen: { answers: { A: { [NODE]: [1, 0] } } },
    },
  ],
};

/** CloudWatch bills each query, and its metrics are available minutes later; hence the interval. */
export const AWS_GROUP: GrafanaAlertGroup = {
  name: "aws",
  source: "cloudwatch",
  interval: "5m",
  alerts: [
    API_SERVER_SILENT,
    API_SERVER_ERRORS,
    DATABASE_FILLING_UP,
    PORTS_EXHAUSTED,
    DROPS_PACKETS,
    VOLUME_STALLED,
    HARDWARE_FAILING,
  ],
};
