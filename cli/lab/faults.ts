/** What is wrong with the pods of a service, as kube-state-metrics has it. */
export type PodFault = "crashing" | "unplaceable";

/** What can be wrong with a service of the lab. */
export interface Fault {
  readonly id: string;
  /** A label for its switch. */
  readonly title: string;
  readonly what: string;
  /** The share of events that are bad, from 0 to 1. */
  readonly bad?: number;
  /** The share of events that are bad, as a multiple of the share that the objective allows. */
  readonly badOfAllowed?: number;
  /** The kind of the objectives whose events are bad; left out: all. A service without such an objective cannot have the fault. */
  readonly only?: "latency";
  /** The share of events that are neither good nor bad, from 0 to 1. */
  readonly unclassified?: number;
  /** Whether the service answers no scrape. */
  readonly isSilent?: true;
  readonly pods?: PodFault;
  /** The alert that says it. */
  readonly alert: string;
}

/** The faults of a service, the most urgent first. */
export const FAULTS: readonly Fault[] = [
  {
    id: "outage",
    title: "Outage",
    what: "every request fails or is too slow",
    bad: 1,
    alert: "SLOErrorBudgetBurnFast",
  },
  {
    id: "no-pods",
    title: "No pods",
    what: "no node has room for a pod of the service, so that none runs",
    isSilent: true,
    pods: "unplaceable",
    alert: "ServiceHasNoAvailablePods",
  },
  {
    id: "deployment",
    title: "Bad deployment",
    what: "a new version fails a third of the requests, and one of its pods ends again and again",
    bad: 1 / 3,
    pods: "crashing",
    alert: "SLOErrorBudgetBurnFast",
  },
  {
    id: "slow",
    title: "Slow dependency",
    what: "every request is answered, and later than the latency objective allows",
    bad: 1,
    only: "latency",
    alert: "SLOErrorBudgetBurnFast",
  },
  {
    id: "errors",
    title: "Slow leak of the budget",
    what: "three times as many requests fail as the objective allows",
    badOfAllowed: 3,
    alert: "SLOErrorBudgetBurnSlow",
  },
  {
    id: "silence",
    title: "No metrics",
    what: "the service answers no scrape",
    isSilent: true,
    alert: "SLOSignalAbsent",
  },
  {
    id: "unclassified",
    title: "Unknown status",
    what: "a tenth of the requests has a status that the objective does not know",
    unclassified: 0.1,
    alert: "SLOSignalUnclassified",
  },
];

export function faultOf(id: string): Fault | undefined {
  return FAULTS.find((fault) => fault.id === id);
}

/** How the cluster is addressed where a service is expected. No service has this name: it has a capital. */
export const CLUSTER = "Cluster";

/** What can be wrong with the nodes. */
export interface ClusterFault {
  readonly id: "zone" | "node";
  readonly title: string;
  readonly what: string;
  readonly alert: string;
}

export const CLUSTER_FAULTS: readonly ClusterFault[] = [
  {
    id: "zone",
    title: "Loss of a zone",
    what: "the nodes of one of three zones are gone, and a third of the requests fails until the control plane notices",
    alert: "KubeNodesNotReady",
  },
  {
    id: "node",
    title: "Loss of a node",
    what: "one of six nodes is gone",
    alert: "KubeNodeNotReady",
  },
];

export function clusterFaultOf(id: string): ClusterFault | undefined {
  return CLUSTER_FAULTS.find((fault) => fault.id === id);
}
