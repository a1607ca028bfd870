import { readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import { join } from "node:path";
import type { Credentials } from "./credentials.ts";
import { NODES } from "./nodes.ts";

// What `kubectl logs`, `exec`, `port-forward` and `get --raw` of a node lead to: the API server asks the kubelet of the node. The addresses
// of the nodes lead nowhere, so the API server is given a way out of its cluster, which ends here. Logs are those that the
// real programs wrote; commands run on this machine, and ports lead to the real programs, by KWOK's own kubelet.

/** What a container wrote, as files. */
export interface ContainerLogs {
  readonly current: string;
  /** Of the container that ran before it. */
  readonly previous?: string;
}

export interface PodPorts {
  readonly pod: string;
  readonly namespace: string;
  /** The port of the container. */
  readonly port: number;
}

const KUBELET = 10_250;

export class KubeletStreams {
  /** What each container wrote, by `namespace/pod/container`. */
  readonly logs = new Map<string, ContainerLogs>();
  /** What the kubelet of a node says at /stats/summary, by the name of the node. */
  readonly stats = new Map<string, object>();
  private readonly targets = new Map<string, number>();
  private readonly sockets = new Set<Socket>();
  private readonly servers: (Server | TlsServer)[] = [];
  private readonly folder: string;
  private kubeletPort = 0;
  private kwokPort = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** `forwarded`: the pods of which a port can be forwarded. Where it leads is said later, by `forward`. */
  static async start(
    folder: string,
    credentials: Credentials,
    kwokPort: number,
    forwarded: readonly PodPorts[],
  ): Promise<KubeletStreams> {
    const streams = new KubeletStreams(folder);
    streams.kwokPort = kwokPort;
    const kubelet = createTlsServer(
      {
        cert: await readFile(credentials.path("kubelet.crt")),
        key: await readFile(credentials.path("kubelet.key")),
      },
      (incoming, outgoing) => void streams.answer(incoming, outgoing),
    );
    kubelet.on("upgrade", (incoming: IncomingMessage, socket: Socket) => streams.pass(incoming, socket));
    streams.kubeletPort = await streams.listen(kubelet);
    const exit = createServer();
    exit.on("connect", (incoming: IncomingMessage, socket: Socket) => streams.tunnel(incoming, socket));
    await streams.listen(exit, streams.socket);
    await writeFile(streams.egressFile, JSON.stringify(egress(streams.socket)));
    const relays = await Promise.all(
      forwarded.map(async (each) => [each, await streams.relay(each)] as const),
    );
    await writeFile(streams.kwokFile, kwokConfiguration(relays));
    return streams;
  }

  /** For the API server: how it reaches kubelets. */
  get apiServerArgs(): readonly string[] {
    return [
      `--egress-selector-config-file=${this.egressFile}`,
      "--kubelet-preferred-address-types=InternalIP",
    ];
  }

  get kwokArgs(): readonly string[] {
    return [`--config=${this.kwokFile}`];
  }

  /** Where a port of a pod leads: a port of loopback. */
  forward({ pod, port }: Pick<PodPorts, "pod" | "port">, to: number): void {
    this.targets.set(`${pod}:${port}`, to);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(
      this.servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  }

  private get socket(): string {
    return join(this.folder, "kubelets.sock");
  }
  private get egressFile(): string {
    return join(this.folder, "egress.json");
  }
  private get kwokFile(): string {
    return join(this.folder, "kwok.yaml");
  }

  private async listen(server: Server | TlsServer, path?: string): Promise<number> {
    this.servers.push(server);
    server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("error", () => {});
    });
    await new Promise<void>((resolve) =>
      path === undefined
        ? server.listen(0, "127.0.0.1", () => resolve())
        : server.listen(path, () => resolve()),
    );
    return path === undefined ? (server.address() as AddressInfo).port : 0;
  }

  private async relay({ pod, port }: PodPorts): Promise<number> {
    return this.listen(
      createTcpServer((socket) => {
        const target = this.targets.get(`${pod}:${port}`);
        if (target === undefined) socket.destroy();
        else this.pipe(socket, target, "127.0.0.1");
      }),
    );
  }

  /** What the API server asks of a node's kubelet ends here; the rest goes where it wants to. */
  private tunnel(incoming: IncomingMessage, socket: Socket): void {
    const { hostname, port } = new URL(`tcp://${incoming.url}`);
    const isKubelet = Number(port) === KUBELET && NODES.some(({ address }) => address === hostname);
    const [target, host] = isKubelet ? [this.kubeletPort, "127.0.0.1"] : [Number(port), hostname];
    this.pipe(socket, target, host, (onward) => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      return onward;
    });
  }

  private pipe(socket: Socket, port: number, host: string, begin = (onward: Socket) => onward): void {
    const onward = connect(port, host, () => {
      begin(onward).pipe(socket);
      socket.pipe(onward);
    });
    this.sockets.add(onward);
    onward.on("close", () => {
      this.sockets.delete(onward);
      socket.destroy();
    });
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
    socket.on("error", () => onward.destroy());
  }

  /** A stream that goes both ways is KWOK's to answer, after the request as it came. */
  private pass(incoming: IncomingMessage, socket: Socket): void {
    const { method, url, rawHeaders } = incoming;
    const headers = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : [],
    );
    this.pipe(socket, this.kwokPort, "127.0.0.1", (onward) => {
      onward.write([`${method} ${url} HTTP/1.1`, ...headers, "", ""].join("\r\n"));
      return onward;
    });
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(incoming.url ?? "", "https://kubelet");
    const [, what, namespace, pod, container] = pathname.split("/");
    if (pathname === "/stats/summary") {
      const [, node = ""] = /\/nodes\/([^/]+)\/proxy\//.exec(`${incoming.headers["x-forwarded-uri"]}`) ?? [];
      const summary = this.stats.get(node);
      outgoing.writeHead(summary === undefined ? 404 : 200, { "content-type": "application/json" });
      outgoing.end(JSON.stringify(summary ?? {}));
      return;
    }
    const written = this.logs.get(`${namespace}/${pod}/${container}`);
    const isPrevious = searchParams.get("previous") === "true";
    const file = isPrevious ? written?.previous : written?.current;
    if (what !== "containerLogs" || file === undefined) {
      const reason = isPrevious
        ? `previous terminated container "${container}" in pod "${pod}" not found`
        : `container "${container}" in pod "${pod}" has written nothing`;
      outgoing.writeHead(400).end(reason);
      return;
    }
    const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
    const tail = Number(searchParams.get("tailLines") ?? lines.length);
    outgoing.writeHead(200, { "content-type": "text/plain" });
    outgoing.end(
      lines
        .slice(lines.length - Math.min(tail, lines.length))
        .map((line) => `${line}\n`)
        .join(""),
    );
  }
}

/** https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/ */
function egress(udsName: string): object {
  return {
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [
      { name: "cluster", connection: { proxyProtocol: "HTTPConnect", transport: { uds: { udsName } } } },
    ],
  };
}

/** Every command runs on this machine, and each forwarded port leads to its relay. */
function kwokConfiguration(relays: readonly (readonly [PodPorts, number])[]): string {
  const apiVersion = "kwok.x-k8s.io/v1alpha1";
  const ports = relays.map(([{ pod, namespace, port }, target]) => ({
    apiVersion,
    kind: "PortForward",
    metadata: { name: pod, namespace },
    spec: { forwards: [{ ports: [port], target: { address: "127.0.0.1", port: target } }] },
  }));
  const commands = {
    apiVersion,
    kind: "ClusterExec",
    metadata: { name: "all" },
    spec: { execs: [{ local: { workDir: "/" } }] },
  };
  return [commands, ...ports].map((each) => `---\n${JSON.stringify(each)}\n`).join("");
}
