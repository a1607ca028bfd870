import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { type End, HOST, isReachable, pod } from "../../components/prometheus/reachability.ts";
import type { KubernetesObject } from "./api.ts";
import { ADVERTISED, type ControlPlane } from "./control-plane.ts";
import { mayReadNodeMetrics } from "./kubelet-access.ts";
import { NODES, type Zone } from "./nodes.ts";
import type { StandIn, StandIns } from "./stand-ins.ts";
import { TEAM_POD } from "./workloads.ts";

// The way from Prometheus to what it scrapes. Pods have addresses that lead nowhere, so every request goes through this proxy, which
// knows from the API server whose address it is, asks the network policies, and answers or forwards on loopback.

interface Pod extends KubernetesObject {
  readonly status?: { readonly podIP?: string };
  readonly spec: { readonly nodeName?: string };
}

/** Where a port of a pod really is: a port of loopback, or a program that is played. */
export type Backend = { readonly port: number } | { readonly standIn: StandIn };

/** What runs for real, by pod and port: `prometheus-prometheus-0` and 9090. */
export type RealBackends = (pod: string, port: number) => number | undefined;

const FROM = pod("monitoring", {
  "app.kubernetes.io/name": "prometheus",
  "app.kubernetes.io/instance": "prometheus",
});

export class ClusterNetwork {
  private readonly plane: ControlPlane;
  private readonly standIns: StandIns;
  private readonly real: RealBackends;
  private readonly proxy: Server;
  private readonly kubelet: TlsServer;
  private readonly sockets = new Set<Socket>();
  private pods: readonly Pod[] = [];
  private policies: readonly INetworkPolicy[] = [];
  private refreshed = 0;
  private readonly allowed = new Map<string, Promise<boolean>>();
  /** What the API server said last, by token. */
  private readonly answered = new Map<string, boolean>();
  /** Pods that do not answer, by a part of their names. */
  readonly silent = new Set<string>();
  /** Zones without power: no node there answers, nor does a pod on one. */
  readonly dark = new Set<Zone>();

  private constructor(plane: ControlPlane, standIns: StandIns, real: RealBackends) {
    this.plane = plane;
    this.standIns = standIns;
    this.real = real;
    this.proxy = createServer((incoming, outgoing) => void this.answer(incoming, outgoing));
    this.proxy.on("connect", (incoming: IncomingMessage, socket: Socket) => this.tunnel(incoming, socket));
    this.kubelet = createTlsServer(
      {
        cert: readFileSync(plane.credentials.path("kubelet.crt")),
        key: readFileSync(plane.credentials.path("kubelet.key")),
      },
      (incoming, outgoing) => void this.answerAsKubelet(incoming, outgoing),
    );
    // A connection that is closed just as Prometheus uses it again would be an alert that did not arrive, and none of Prometheus' doing.
    this.proxy.keepAliveTimeout = 10 * 60_000;
    for (const server of [this.proxy, this.kubelet])
      server.on("connection", (socket: Socket) => {
        this.sockets.add(socket);
        socket.on("close", () => this.sockets.delete(socket));
        socket.on("error", () => {});
      });
  }

  static async start(plane: ControlPlane, standIns: StandIns, real: RealBackends): Promise<ClusterNetwork> {
    const network = new ClusterNetwork(plane, standIns, real);
    for (const server of [network.proxy, network.kubelet])
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return network;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    for (const server of [this.proxy, this.kubelet])
      await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "");
    const port = Number(url.port || 80);
    const backend = await this.find(url.hostname, port).catch(() => undefined);
    if (url.pathname === "/probe" && backend !== undefined) {
      this.play({ program: "probe", place: url.searchParams.get("target") ?? "" }, outgoing);
      return;
    }
    if (backend === undefined) return refuse(outgoing);
    if ("standIn" in backend) {
      this.play(backend.standIn, outgoing);
      return;
    }
    const { method, headers } = incoming;
    const options = {
      host: "127.0.0.1",
      port: backend.port,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
    };
    const forwarded = request(options, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    forwarded.on("error", () => refuse(outgoing));
    incoming.pipe(forwarded);
  }

  private play(standIn: StandIn, outgoing: ServerResponse): void {
    const { contentType, body } = this.standIns.expose(standIn);
    outgoing.setHeader("content-type", contentType);
    outgoing.end(body);
  }

  /** TLS goes through as it is: to the API server, or to the kubelet that is played. */
  private tunnel(incoming: IncomingMessage, socket: Socket): void {
    const [address = "", port] = (incoming.url ?? "").split(":");
    const isApiServer = address === ADVERTISED;
    if (!isApiServer && !(isNode(address) && port === "10250" && !this.isDark(address))) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const target = isApiServer
      ? this.plane.parts["kube-apiserver"].port
      : (this.kubelet.address() as AddressInfo).port;
    const onward = connect(target, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.pipe(socket);
      socket.pipe(onward);
    });
    this.sockets.add(onward);
    onward.on("close", () => this.sockets.delete(onward));
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  }

  private async answerAsKubelet(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const token = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? "")?.[1] ?? "";
    if (!(await this.mayReadNodeMetrics(token))) {
      outgoing.writeHead(403).end();
      return;
    }
    const program = incoming.url === "/metrics/cadvisor" ? "cadvisor" : "kubelet";
    this.play({ program, place: "" }, outgoing);
  }

  /** As a kubelet asks the API server: who is this, and may they? Once for each token. */
  private mayReadNodeMetrics(token: string): Promise<boolean> {
    const known = this.allowed.get(token);
    if (known !== undefined) return known;
    // While the API server is away, the last answer holds, as a kubelet keeps it for minutes; the next scrape asks again.
    const asked = mayReadNodeMetrics(this.plane, token).then(
      (allowed) => {
        this.answered.set(token, allowed);
        return allowed;
      },
      () => {
        this.allowed.delete(token);
        return this.answered.get(token) ?? false;
      },
    );
    this.allowed.set(token, asked);
    return asked;
  }

  /** Forgets what was read from the API server, so that a change there counts at once. */
  forget(): void {
    this.refreshed = 0;
    this.allowed.clear();
  }

  private async find(address: string, port: number): Promise<Backend | undefined> {
    await this.refresh();
    const node = NODES.find((candidate) => candidate.address === address);
    if (this.isDark(address)) return undefined;
    if (node !== undefined) {
      const program = { 9100: "node-exporter", 61678: "aws-node" }[port];
      const runs = this.pods.some(
        ({ status, metadata }) => status?.podIP === address && metadata.name.startsWith(program ?? "?"),
      );
      return program === undefined || !runs || !this.isLetThrough(HOST, port)
        ? undefined
        : { standIn: { program: program as StandIn["program"], place: node.name } };
    }
    // A probe is asked for by the name of the prober's Service, which is the name of its pods too.
    const [named, home] = address.split(".");
    const found = address.endsWith(".svc")
      ? this.pods.find(({ metadata }) => metadata.namespace === home && metadata.name.startsWith(`${named}-`))
      : this.pods.find(({ status }) => status?.podIP === address);
    if (found === undefined || this.isDark(found.spec.nodeName)) return undefined;
    const { name, namespace = "", labels = {} } = found.metadata;
    if ([...this.silent].some((part) => name.includes(part))) return undefined;
    if (!this.isLetThrough(pod(namespace, labels), port)) return undefined;
    const real = this.real(name, port);
    if (real !== undefined) return { port: real };
    const program = playedBy(name, port) ?? (TEAM_POD in labels ? "service" : undefined);
    return program === undefined ? undefined : { standIn: { program, place: name } };
  }

  /** Whether a node, by its address or its name, has no power. */
  private isDark(node = ""): boolean {
    return NODES.some(
      ({ name, address, zone }) => this.dark.has(zone) && (name === node || address === node),
    );
  }

  private isLetThrough(to: End, port: number): boolean {
    return isReachable(this.policies, FROM, to, port);
  }

  private async refresh(): Promise<void> {
    if (Date.now() - this.refreshed < 2_000) return;
    this.refreshed = Date.now();
    const { api } = this.plane;
    // While the API server is away, what was known last holds, as it does in a cluster.
    await Promise.all([
      api.list<Pod>({ apiVersion: "v1", kind: "Pod" }).then((pods) => {
        this.pods = pods;
      }),
      api
        .list<INetworkPolicy>({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" })
        .then((policies) => {
          this.policies = policies;
        }),
    ]).catch(() => {});
  }
}

function playedBy(podName: string, port: number): StandIn["program"] | undefined {
  if (podName.startsWith("storefront-") && port === 8080) return "storefront";
  if (podName.startsWith("coredns-") && port === 9153) return "coredns";
  if (podName.startsWith("blackbox-exporter-") && port === 9115) return "blackbox-exporter";
  if (podName.startsWith("grafana-") && port === 3000) return "grafana";
  if (/^(prometheus-prometheus|alertmanager-main)-/.test(podName) && port === 8080) return "config-reloader";
  return undefined;
}

function isNode(address: string): boolean {
  return NODES.some((node) => node.address === address);
}

function refuse(outgoing: ServerResponse): void {
  if (!outgoing.headersSent) outgoing.writeHead(502);
  outgoing.end();
}
