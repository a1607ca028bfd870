import type { Workload } from "../workloads/model.ts";

/** One end of a connection. */
export type Peer =
  /** The pods of one of the platform's workloads, selected by namespace and `app.kubernetes.io/name`. */
  | { readonly kind: "workload"; readonly workload: Workload }
  /** The pods of every namespace but the platform's two: where the teams' services run, and the cluster's own. */
  | { readonly kind: "other-pods" }
  /** The cluster's DNS servers. */
  | { readonly kind: "dns" }
  /** Nodes and the API server: addresses that are no pod's, and that nobody knows before they exist. */
  | { readonly kind: "hosts" }
  /** What lies outside the cluster. */
  | { readonly kind: "internet" }
  /** The pods of one namespace. */
  | { readonly kind: "namespace"; readonly namespace: string }
  /** Addresses, in CIDR notation. */
  | { readonly kind: "blocks"; readonly blocks: readonly string[] };

/** A port, or every one. */
export type FlowPort = { readonly port: number; readonly protocol: "TCP" | "UDP" } | "any";

/** One kind of connection that the platform needs: who opens it, to whom, on which ports, and what for. */
export interface Flow {
  readonly from: Peer;
  readonly to: Peer;
  readonly ports: readonly FlowPort[];
  readonly why: string;
}

export const tcp = (...ports: number[]): FlowPort[] => ports.map((port) => ({ port, protocol: "TCP" }));
export const udp = (...ports: number[]): FlowPort[] => ports.map((port) => ({ port, protocol: "UDP" }));
export const pods = (workload: Workload): Peer => ({ kind: "workload", workload });

export const HOSTS: Peer = { kind: "hosts" };
export const INTERNET: Peer = { kind: "internet" };

/** Where EKS's Pod Identity agent hands out credentials, at an address of the node's own. */
const POD_IDENTITY_PORT = 80;

/** How a workload gets its credentials in AWS. */
export function agentCalls(from: Peer): Flow {
  const why = "get credentials from the node's EKS Pod Identity agent";
  return { from, to: HOSTS, ports: tcp(POD_IDENTITY_PORT), why };
}
