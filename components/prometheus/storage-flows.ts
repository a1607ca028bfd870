import { SIDECAR } from "../thanos/model.ts";
import { WORKLOADS, type Workload } from "../workloads/model.ts";
import { agentCalls, type Flow, INTERNET, type Peer, pods, tcp } from "./flow.ts";

const { prometheus, alertmanager, grafana, thanosQuery, thanosStore, thanosCompactor, thanosRuler } =
  WORKLOADS;

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

/** Thanos Ruler: what it asks, where it sends alerts, what reads its records, and where its blocks are. */
export function rulerFlows(storage: StorageFlow): Flow[] {
  const ruler = pods(thanosRuler);
  const { web, grpc, "reloader-web": reloader } = thanosRuler.ports;
  return [
    { from: pods(prometheus), to: ruler, ports: tcp(web, reloader), why: "scrape Thanos Ruler" },
    { from: ruler, to: pods(prometheus), ports: tcp(SIDECAR.ports.grpc), why: "evaluate rules" },
    { from: ruler, to: pods(alertmanager), ports: tcp(alertmanager.ports.web), why: "send alerts" },
    { from: pods(thanosQuery), to: ruler, ports: tcp(grpc), why: "query what rules recorded" },
    ...toStorage(ruler, storage, "write blocks of what rules recorded"),
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
