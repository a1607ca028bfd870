import type { ClusterTraits } from "../cluster/model.ts";
import { WORKLOADS, type Workload } from "../workloads/model.ts";
import { agentCalls, type Flow, HOSTS, INTERNET, type Peer, pods, tcp, udp } from "./flow.ts";
import type { IngressSettings } from "./model.ts";
import { rulerFlows, type StorageFlow, THANOS_WORKLOADS, thanosFlows, toStorage } from "./storage-flows.ts";

const {
  prometheus,
  alertmanager,
  grafana,
  operator,
  kubeStateMetrics,
  blackboxExporter,
  nodeExporter,
  thanosQuery,
  thanosRuler,
} = WORKLOADS;

const DNS: Peer = { kind: "dns" };
const OTHER_PODS: Peer = { kind: "other-pods" };

// A network policy is judged before the API server's Service is resolved by some plug-ins, and after by others: 443 is the
// Service's port and EKS's, 6443 what the API server itself listens on elsewhere.
const API_SERVER = tcp(443, 6443);
const KUBELET_PORT = 10_250;
const COREDNS_METRICS_PORT = 9153;
/** Where the agent of EKS's network plug-in serves its metrics, on the node's own network. */
const AWS_NODE_METRICS_PORT = 61_678;

/** Ports that notifications leave by: https, and mail submission with STARTTLS. */
const NOTIFICATION_PORTS: readonly number[] = [443, 587];

/** What of an environment decides which flows there are. */
export interface FlowArgs {
  /** TCP ports by which Alertmanager reaches its receivers. Default: {@link NOTIFICATION_PORTS}. */
  readonly notificationPorts?: readonly number[] | undefined;
  /** What the cluster is: EKS has a network plug-in that is scraped. Default: generic. */
  readonly distribution?: ClusterTraits["distribution"] | undefined;
  /** Where Grafana runs; there are no flows to or from one outside. Default: in-cluster. */
  readonly grafana?: "in-cluster" | "existing" | undefined;
  /** TCP ports by which a Grafana that alerts by itself tells people. Default: it does not. */
  readonly grafanaPorts?: readonly number[] | undefined;
  /** Whether that Grafana reads AWS's metrics, with credentials from its node's agent. Default: false. */
  readonly grafanaReadsAws?: boolean | undefined;
  /** Whether Alertmanager calls AWS, with credentials from its node's agent. Default: false. */
  readonly alertmanagerUsesAws?: boolean | undefined;
  /** Who reaches the servers' pages and APIs from outside the monitoring. Default: nobody. */
  readonly ingress?: Exclude<IngressSettings, { readonly kind: "alb" }> | undefined;
  /** Namespaces whose pods push metrics to Prometheus. Default: none. */
  readonly pushing?: readonly string[] | undefined;
  /** Where Prometheus sends samples on to. Default: nowhere. */
  readonly remoteWrite?: StorageFlow | undefined;
  /** How Thanos reaches its object storage. Default: there is no Thanos. */
  readonly objectStorage?: StorageFlow | undefined;
  /** Whether Thanos evaluates rules. Default: false. */
  readonly ruler?: boolean | undefined;
  /** Workloads that another release runs in a namespace of its own: they are no pods of the platform. Default: none. */
  readonly existing?: readonly Workload[] | undefined;
  /** Port of node-exporter on the nodes. Default: 9100. */
  readonly nodePort?: number | undefined;
}

/**
 * Every connection that the platform's pods open or accept; there are no others, because both namespaces deny by default.
 *
 * The kubelet's probes and `kubectl port-forward` are not among them: both come from the pod's own node, which a network
 * policy never shuts out. Nor is what reaches node-exporter from within its own host network, to which no policy applies.
 */
export function platformFlows(inputs: FlowArgs = {}): Flow[] {
  const { notificationPorts = NOTIFICATION_PORTS, ingress, ruler: hasRuler = false } = inputs;
  const flows = [
    ...scrapes(inputs),
    ...apiCalls(),
    ...alerting(notificationPorts),
    ...(inputs.alertmanagerUsesAws ? [agentCalls(pods(alertmanager))] : []),
    ...reading(),
    ...alertingByGrafana(inputs),
    ...probing(),
    ...lookups(),
    ...(ingress === undefined ? [] : fromOutside(ingress)),
    ...(inputs.pushing ?? []).map(pushed),
    ...(inputs.remoteWrite === undefined
      ? []
      : toStorage(pods(prometheus), inputs.remoteWrite, "remote write")),
    ...(inputs.objectStorage === undefined ? [] : thanosFlows(inputs.objectStorage)),
    ...(hasRuler && inputs.objectStorage ? rulerFlows(inputs.objectStorage) : []),
  ];
  const absent: readonly Workload[] = [
    ...(inputs.grafana === "existing" ? [grafana] : []),
    ...(inputs.objectStorage === undefined ? THANOS_WORKLOADS : []),
    ...(hasRuler ? [] : [thanosRuler]),
    ...(inputs.existing ?? []),
  ];
  const isAbsent = (peer: Peer) => peer.kind === "workload" && absent.includes(peer.workload);
  return flows.filter(({ from, to }) => !isAbsent(from) && !isAbsent(to));
}

function scrapes({
  distribution,
  nodePort = nodeExporter.ports.metrics,
}: Pick<FlowArgs, "distribution" | "nodePort">): Flow[] {
  const from = pods(prometheus);
  return [
    {
      from,
      to: from,
      ports: tcp(prometheus.ports.web, prometheus.ports["reloader-web"]),
      why: "scrape itself and its replicas",
    },
    {
      from,
      to: pods(alertmanager),
      ports: tcp(alertmanager.ports["reloader-web"]),
      why: "scrape Alertmanager's reloader",
    },
    { from, to: pods(operator), ports: tcp(operator.ports.http), why: "scrape the operator" },
    {
      from,
      to: pods(kubeStateMetrics),
      ports: tcp(kubeStateMetrics.ports.http, kubeStateMetrics.ports.telemetry),
      why: "scrape kube-state-metrics",
    },
    { from, to: pods(grafana), ports: tcp(grafana.ports.http), why: "scrape Grafana" },
    {
      from,
      to: HOSTS,
      ports: tcp(nodePort, KUBELET_PORT, ...(distribution === "eks" ? [AWS_NODE_METRICS_PORT] : [])),
      why: `scrape node-exporter and the kubelets${distribution === "eks" ? ", and the network plug-in" : ""}`,
    },
    { from, to: DNS, ports: tcp(COREDNS_METRICS_PORT), why: "scrape CoreDNS" },
    {
      from,
      to: OTHER_PODS,
      ports: ["any"],
      why: "scrape the services of teams, on any port",
    },
  ];
}

function apiCalls(): Flow[] {
  return [
    {
      from: pods(prometheus),
      to: HOSTS,
      ports: API_SERVER,
      why: "discover targets, and scrape the API server",
    },
    {
      from: pods(operator),
      to: HOSTS,
      ports: API_SERVER,
      why: "read monitors and rules, write the configuration from them",
    },
    { from: pods(grafana), to: HOSTS, ports: API_SERVER, why: "watch the ConfigMaps with dashboards" },
    { from: pods(kubeStateMetrics), to: HOSTS, ports: API_SERVER, why: "watch the cluster's objects" },
  ];
}

function alerting(notificationPorts: readonly number[]): Flow[] {
  const { web, mesh } = alertmanager.ports;
  return [
    {
      from: pods(prometheus),
      to: pods(alertmanager),
      ports: tcp(web),
      why: "send alerts, and scrape Alertmanager",
    },
    {
      from: pods(alertmanager),
      to: pods(alertmanager),
      ports: [...tcp(mesh), ...udp(mesh)],
      why: "replicate silences and the notification log",
    },
    {
      from: pods(alertmanager),
      to: INTERNET,
      ports: tcp(...notificationPorts),
      why: "send notifications and the heartbeat",
    },
  ];
}

function reading(): Flow[] {
  return [
    { from: pods(grafana), to: pods(prometheus), ports: tcp(prometheus.ports.web), why: "query metrics" },
    {
      from: pods(grafana),
      to: pods(alertmanager),
      ports: tcp(alertmanager.ports.web),
      why: "show alerts and silences",
    },
  ];
}

function alertingByGrafana({ grafanaPorts, grafanaReadsAws = false }: FlowArgs): Flow[] {
  if (grafanaPorts === undefined) return [];
  const from = pods(grafana);
  const ports = [...new Set([...grafanaPorts, ...(grafanaReadsAws ? [443] : [])])];
  return [
    ...(ports.length === 0
      ? []
      : [{ from, to: INTERNET, ports: tcp(...ports), why: "send notifications of Grafana's alerts" }]),
    ...(grafanaReadsAws ? [agentCalls(from)] : []),
  ];
}

function probing(): Flow[] {
  return [
    {
      from: pods(prometheus),
      to: pods(blackboxExporter),
      ports: tcp(blackboxExporter.ports.http),
      why: "scrape the prober and the probes",
    },
    { from: pods(blackboxExporter), to: OTHER_PODS, ports: ["any"], why: "probe services in the cluster" },
    {
      from: pods(blackboxExporter),
      to: INTERNET,
      ports: tcp(80, 443),
      why: "probe services from outside the cluster",
    },
  ];
}

function lookups(): Flow[] {
  const ports = [...udp(53), ...tcp(53)];
  return Object.values(WORKLOADS)
    .filter(({ home }) => home === "monitoring")
    .map((workload) => ({ from: pods(workload), to: DNS, ports, why: "resolve names" }));
}

function pushed(namespace: string): Flow {
  const from: Peer = { kind: "namespace", namespace };
  return { from, to: pods(prometheus), ports: tcp(prometheus.ports.web), why: "push metrics by OTLP" };
}

function fromOutside(ingress: NonNullable<FlowArgs["ingress"]>): Flow[] {
  const from: Peer =
    ingress.kind === "namespace"
      ? { kind: "namespace", namespace: ingress.namespace }
      : { kind: "blocks", blocks: ingress.blocks };
  return [
    { from, to: pods(grafana), ports: tcp(grafana.ports.http), why: "open dashboards" },
    { from, to: pods(prometheus), ports: tcp(prometheus.ports.web), why: "query metrics from outside" },
    { from, to: pods(thanosQuery), ports: tcp(thanosQuery.ports.http), why: "query metrics from outside" },
    { from, to: pods(alertmanager), ports: tcp(alertmanager.ports.web), why: "silence alerts from outside" },
  ];
}
