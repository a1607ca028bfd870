import { CLUSTER_SIGNALS, panelOf } from "../../../signals/platform.ts";
import type { AlertQuery, GrafanaAlertDefinition, GrafanaAlertGroup } from "../definition.ts";

// What AWS measures of the resources below the cluster. Metrics and their meaning: the EKS user guide, "Monitor cluster data with
// Amazon CloudWatch"; the VPC user guide, "NAT gateway metrics"; the EC2 user guide, "CloudWatch metrics for your instances".

const ofCluster = (metric: string, statistic: "SUM" | "MAX"): AlertQuery => ({
  source: "cloudwatch",
  sql: ({ clusterName }) =>
    `SELECT ${statistic}(${metric}) FROM SCHEMA("AWS/EKS", ClusterName) WHERE ClusterName = '${clusterName}' GROUP BY ClusterName`,
});

/** The ten that are worst: CloudWatch answers with so many series, and no more people look at. */
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

/** All gateways, to be set against each other one by one: no order, and as many as a region's quota of them. */
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
  summary: "EKS counts no requests to the API server",
  description: "CloudWatch has seen no request to the cluster's API server for a quarter of an hour.",
  impact: "Nothing in the cluster can be changed, and no lost pod is replaced. What runs goes on running.",
  firstStep: "ask the API server for its health, then look at the AWS Health Dashboard for EKS.",
  severity: "critical",
  for: "10m",
  queries: { A: ofCluster("apiserver_request_total", "SUM") },
  reduce: "sum",
  limit: {
    value: 1,
    bad: "below",
    means: "1 request in a quarter of an hour: kubelets alone make thousands",
  },
  withoutData: "fires",
  withoutAnswer: "stays as it is",
  panel: panelOf(CLUSTER_SIGNALS.apiServers),
  cases: [
    { title: "fires when none is counted", fires: true, seen: { answers: { A: { [CLUSTER]: [0, 0, 0] } } } },
    { title: "fires when CloudWatch has no metric of the cluster", fires: true, seen: { answers: {} } },
    { title: "is silent at one request", fires: false, seen: { answers: { A: { [CLUSTER]: [0, 1, 0] } } } },
    { title: "is silent when CloudWatch does not answer", fires: false, seen: "no answer" },
  ],
};

const API_SERVER_ERRORS: GrafanaAlertDefinition = {
  name: "EksApiServerErrors",
  summary: "The API server fails requests, as EKS counts them",
  description: "More than 5% of the requests to the API server are answered with a status of 500 or above.",
  impact:
    "Deployments and autoscaling fail at times. Where Prometheus is well, KubeAPIErrorBudgetBurn says how fast.",
  firstStep: "look which verb and resource fail; a broken webhook is the usual cause.",
  severity: "warning",
  for: "15m",
  queries: {
    A: ofCluster("apiserver_request_total_5XX", "SUM"),
    B: ofCluster("apiserver_request_total", "SUM"),
  },
  reduce: "sum",
  formula: "$A / $B",
  limit: { value: 0.05, bad: "above", means: "5% of requests" },
  withoutData: "is silent",
  withoutAnswer: "stays as it is",
  panel: panelOf(CLUSTER_SIGNALS.apiErrors),
  cases: [
    {
      title: "fires when 6% fail",
      fires: true,
      seen: { answers: { A: { [CLUSTER]: [600, 600] }, B: { [CLUSTER]: [10_000, 10_000] } } },
    },
    {
      title: "is silent when 5% fail",
      fires: false,
      seen: { answers: { A: { [CLUSTER]: [500, 500] }, B: { [CLUSTER]: [10_000, 10_000] } } },
    },
    {
      title: "is silent when nothing failed, for which there is no metric",
      fires: false,
      seen: { answers: { B: { [CLUSTER]: [10_000] } } },
    },
  ],
};

const DATABASE_FILLING_UP: GrafanaAlertDefinition = {
  name: "EksDatabaseFillingUp",
  summary: "The cluster's database is three quarters full",
  description: "etcd holds {{ humanize1024 .Values.V.Value }}B; at 8 GiB EKS makes it read-only.",
  impact: "When it is full, nothing in the cluster can be created or changed until objects are deleted.",
  firstStep:
    "count objects by kind: Jobs, Events and Helm releases are the usual ones that nobody cleans up.",
  severity: "warning",
  for: "15m",
  queries: { A: ofCluster("apiserver_storage_size_bytes", "MAX") },
  reduce: "last",
  limit: { value: 6 * GIB, bad: "above", means: "6 GiB of the 8 GiB that EKS allows" },
  withoutData: "is silent",
  withoutAnswer: "stays as it is",
  panel: panelOf(CLUSTER_SIGNALS.apiRequests),
  cases: [
    {
      title: "fires above 6 GiB",
      fires: true,
      seen: { answers: { A: { [CLUSTER]: [5 * GIB, 6.1 * GIB] } } },
    },
    {
      title: "is silent at 6 GiB",
      fires: false,
      seen: { answers: { A: { [CLUSTER]: [7 * GIB, 6 * GIB] } } },
    },
  ],
};

const PORTS_EXHAUSTED: GrafanaAlertDefinition = {
  name: "NatGatewayPortsExhausted",
  summary: "NAT gateway {{ .Labels.NatGatewayId }} has no ports left",
  description:
    "The gateway refused {{ humanize .Values.V.Value }} connections for want of a port: too many go to one destination at the same time.",
  impact: "Connections from the zone's pods to the internet fail at random, notifications among them.",
  firstStep: "find who opens so many connections to one address; a client without a pool is the usual one.",
  severity: "critical",
  for: "5m",
  queries: { A: ofEach("AWS/NATGateway", "NatGatewayId", "ErrorPortAllocation", "SUM") },
  reduce: "sum",
  limit: { value: 0, bad: "above", means: "0 refused connections" },
  withoutData: "is silent",
  withoutAnswer: "stays as it is",
  panel: panelOf(CLUSTER_SIGNALS.connectionTable),
  cases: [
    {
      title: "fires for the one gateway that refuses a connection",
      fires: true,
      seen: { answers: { A: { [GATEWAY]: [0, 3], [OTHER_GATEWAY]: [0, 0] } } },
    },
    { title: "is silent when none does", fires: false, seen: { answers: { A: { [GATEWAY]: [0, 0] } } } },
    { title: "is silent where there is no gateway", fires: false, seen: { answers: {} } },
  ],
};

const DROPS_PACKETS: GrafanaAlertDefinition = {
  name: "NatGatewayDropsPackets",
  summary: "NAT gateway {{ .Labels.NatGatewayId }} drops packets",
  description:
    "The gateway drops {{ humanizePercentage .Values.V.Value }} of the packets that reach it; AWS calls more than 0.01% a fault of the gateway.",
  impact: "Connections from the zone's pods to the internet stall at times.",
  firstStep:
    "look at the AWS Health Dashboard; if it says nothing, open a case with AWS and name the gateway.",
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
  withoutData: "is silent",
  withoutAnswer: "stays as it is",
  panel: panelOf(CLUSTER_SIGNALS.namespacePacketsLost),
  cases: [
    {
      title: "fires for the one gateway that drops more than 0.01%",
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
      title: "is silent at just that share",
      fires: false,
      seen: { answers: { A: { [GATEWAY]: [2] }, B: { [GATEWAY]: [10_000] }, C: { [GATEWAY]: [10_000] } } },
    },
  ],
};

const VOLUME_STALLED: GrafanaAlertDefinition = {
  name: "NodeVolumeStalled",
  summary: "A volume of the instance {{ .Labels.InstanceId }} does not answer",
  description:
    "EC2's check of the volumes attached to {{ .Labels.InstanceId }} fails: reads and writes hang.",
  impact: "Pods with that volume hang, and the node itself if it is the one that it starts from.",
  firstStep: "find the volume in EC2's console, drain the node, and detach by force what does not let go.",
  severity: "critical",
  for: "5m",
  queries: { A: ofEach("AWS/EC2", "InstanceId", "StatusCheckFailed_AttachedEBS", "MAX") },
  reduce: "last",
  limit: { value: 0, bad: "above", means: "0 failed checks" },
  withoutData: "is silent",
  withoutAnswer: "stays as it is",
  panel: panelOf(CLUSTER_SIGNALS.nodeDiskBusy),
  cases: [
    {
      title: "fires when the newest check failed",
      fires: true,
      seen: { answers: { A: { [NODE]: [0, 1] } } },
    },
    { title: "is silent when it is well again", fires: false, seen: { answers: { A: { [NODE]: [1, 0] } } } },
  ],
};

const HARDWARE_FAILING: GrafanaAlertDefinition = {
  name: "NodeHardwareFailing",
  summary: "The machine below the instance {{ .Labels.InstanceId }} is failing",
  description:
    "EC2's check of the machine that {{ .Labels.InstanceId }} runs on fails: power, network or hardware.",
  impact: "The node may be lost at any moment. Its pods start elsewhere once it is.",
  firstStep: "drain the node and terminate the instance: its group starts another on a machine that is well.",
  severity: "warning",
  for: "10m",
  queries: { A: ofEach("AWS/EC2", "InstanceId", "StatusCheckFailed_System", "MAX") },
  reduce: "last",
  limit: { value: 0, bad: "above", means: "0 failed checks" },
  withoutData: "is silent",
  withoutAnswer: "stays as it is",
  panel: panelOf(CLUSTER_SIGNALS.nodeReadiness),
  cases: [
    {
      title: "fires when the newest check failed",
      fires: true,
      seen: { answers: { A: { [NODE]: [0, 1] } } },
    },
    { title: "is silent when it is well again", fires: false, seen: { answers: { A: { [NODE]: [1, 0] } } } },
  ],
};

/** What only AWS knows. CloudWatch bills each question, and its metrics are minutes old when they can be asked for. */
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
