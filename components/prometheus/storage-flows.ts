import { SIDECAR } from "../thanos/model.ts";
import { WORKLOADS, type Workload } from "../workloads/model.ts";
import { agentCalls, type Flow, INTERNET, type Peer, pods, tcp } from "./flow.ts";

const { prometheus, grafana, thanosQuery, thanosStore, thanosCompactor } = WORKLOADS;

/** The workloads that an environment has with a store of kind thanos alone. */
export const THANOS_WORKLOADS: readonly Workload[] = [thanosQuery, thanosStore, thanosCompactor];

/** What of a store for samples decides how it is reached. */
export interface StorageFlow {
  /** The namespace of a store on the cluster. Default: it is outside. */
  readonly namespace?: string | undefined;
  /** TCP port of a store outside the cluster. */
  readonly port: number;
  /** Whether the credentials come from the node's EKS Pod Identity agent. */
  readonly podIdentity: boolean;
}

/** The connections of one workload to what keeps samples. */
export function toStorage(from: Peer, { namespace, port, podIdentity }: StorageFlow, why: string): Flow[] {
  return [
    // The port of the pods behind a Service is not known here.
    namespace === undefined
      ? { from, to: INTERNET, ports: tcp(port), why }
      : { from, to: { kind: "namespace", namespace }, ports: ["any"], why },
    ...(podIdentity ? [agentCalls(from)] : []),
  ];
}

/** Thanos: what it scrapes and asks, and where its blocks are. */
export function thanosFlows(storage: StorageFlow): Flow[] {
  const ports = tcp(thanosQuery.ports.http);
  const why = "read and write blocks of samples";
  return [
    ...[prometheus, ...THANOS_WORKLOADS].map((workload) => ({
      from: pods(prometheus),
      to: pods(workload),
      ports,
      why: "scrape Thanos",
    })),
    ...[
      { workload: prometheus, port: SIDECAR.ports.grpc },
      { workload: thanosStore, port: thanosStore.ports.grpc },
    ].map(({ workload, port }) => ({
      from: pods(thanosQuery),
      to: pods(workload),
      ports: tcp(port),
      why: "query samples of servers and of blocks",
    })),
    { from: pods(grafana), to: pods(thanosQuery), ports, why: "query metrics of servers and of blocks" },
    ...[prometheus, thanosStore, thanosCompactor].flatMap((workload) =>
      toStorage(pods(workload), storage, why),
    ),
  ];
}
