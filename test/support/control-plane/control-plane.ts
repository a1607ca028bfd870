import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, until } from "../servers.ts";
import { tool } from "../tools.ts";
import { ApiClient } from "./api.ts";
import { AUDIT_POLICY } from "./audit.ts";
import { type ChildProgram, startChild, sweepAfterwards } from "./child-program.ts";
import { Credentials } from "./credentials.ts";
import { KubeletStreams, type PodPorts } from "./kubelet-streams.ts";
import { reportPodsOfNodesThatAreBack } from "./kubelets.ts";
import { NODES, nodeObject, POWER } from "./nodes.ts";
import { provisionVolumes } from "./volumes.ts";

/** The range of cluster addresses, and the addresses of pods. None of them leads anywhere: KWOK's pods do not run. */
const SERVICES = "10.96.0.0/16";
const PODS = "10.244.0.1/16";
/** What the API server publishes as its own address; of a range for documentation, since Kubernetes refuses loopback ones. */
export const ADVERTISED = "192.0.2.10";

/** A Kubernetes control plane of plain processes on loopback, with six nodes that KWOK plays. */
export interface ControlPlane {
  /** Everything that it keeps, until it is stopped. */
  readonly folder: string;
  readonly url: string;
  readonly credentials: Credentials;
  /** A client that may do anything. */
  readonly api: ApiClient;
  /** For kubectl and the like: a kubeconfig that may do anything. */
  readonly kubeconfig: string;
  /** The control plane's own programs, to be ended and started again. */
  readonly parts: Readonly<Record<PartName, Part>>;
  /** What another program needs to end together with this one. */
  readonly logs: string;
  /** The requests that were refused for want of a permission: see audit.ts. */
  readonly auditLog: string;
  /** Where logs, commands and forwarded ports of pods end, if they were asked for. */
  readonly streams: KubeletStreams | undefined;
  readonly stop: () => Promise<void>;
}

type PartName = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok";

interface Part {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly log: () => Promise<string>;
  /** On which port of loopback it serves. */
  readonly port: number;
}

/** Builds whatever of the control plane is not built yet: minutes, once. */
export async function buildControlPlane(): Promise<void> {
  for (const name of [
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "certificates",
    "kwok",
    "operator",
    "kube-state-metrics",
  ] as const)
    await tool(name);
}

export interface ControlPlaneOptions {
  /** Features that are switched on, or off, against their default in this version of Kubernetes: `MaxUnavailableStatefulSet=true`. */
  readonly featureGates?: readonly string[];
  /** Pods whose logs are read, in which commands run, and of which these ports are forwarded; left out: no kubelet answers. */
  readonly streamed?: readonly PodPorts[];
}

/** Starts one. Rejects, with what the program wrote, when a part does not come up; nothing is left running then. */
export async function startControlPlane({
  featureGates = [],
  streamed,
}: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-control-plane-"));
  const logs = join(folder, "logs");
  await mkdir(logs);
  sweepAfterwards(folder);
  const credentials = await Credentials.make(
    folder,
    NODES.map(({ address }) => address),
  );
  const [etcdPort, peerPort, port, managerPort, schedulerPort, kwokPort] = await freePorts(6);
  const streams =
    streamed === undefined ? undefined : await KubeletStreams.start(folder, credentials, kwokPort, streamed);
  const url = `https://127.0.0.1:${port}`;
  const authority = await readFile(credentials.path("ca.crt"), "utf8");
  const api = new ApiClient(url, authority, await credentials.identity("admin"));
  const auditLog = join(logs, "audit.log");
  await writeFile(join(folder, "audit.yaml"), JSON.stringify(AUDIT_POLICY));
  const path = (file: string) => credentials.path(file);
  const kubeconfigs = {
    admin: await credentials.kubeconfig(url, "admin"),
    manager: await credentials.kubeconfig(url, "kube-controller-manager"),
    scheduler: await credentials.kubeconfig(url, "kube-scheduler"),
    kwok: await credentials.kubeconfig(url, "kwok"),
  };
  const serving = ["--tls-cert-file", "--tls-private-key-file"].map(
    (flag, index) => `${flag}=${path(`kube-apiserver.${["crt", "key"][index]}`)}`,
  );
  const delegated = (kubeconfig: string) => [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    "--bind-address=127.0.0.1",
    "--leader-elect=false",
    ...serving,
  ];
  const features = featureGates.length === 0 ? [] : [`--feature-gates=${featureGates.join(",")}`];
  const part = async (name: PartName, at: number, args: readonly string[], ready: () => Promise<boolean>) =>
    childProgramPart(name, await tool(name), args, logs, at, ready);

  const parts = {
    etcd: await part(
      "etcd",
      etcdPort,
      [
        `--data-dir=${join(folder, "etcd")}`,
        `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
        `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
        `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
        // What it holds lives for minutes, and the tests restart processes, not machines.
        "--unsafe-no-fsync",
        "--log-level=warn",
      ],
      () => answers(`http://127.0.0.1:${etcdPort}/readyz`),
    ),
    "kube-apiserver": await part(
      "kube-apiserver",
      port,
      [
        `--etcd-servers=http://127.0.0.1:${etcdPort}`,
        "--bind-address=127.0.0.1",
        `--secure-port=${port}`,
        `--advertise-address=${ADVERTISED}`,
        ...serving,
        `--client-ca-file=${path("ca.crt")}`,
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        `--service-account-key-file=${path("service-accounts.key")}`,
        `--service-account-signing-key-file=${path("service-accounts.key")}`,
        `--service-cluster-ip-range=${SERVICES}`,
        "--authorization-mode=Node,RBAC",
        "--allow-privileged=true",
        `--audit-policy-file=${join(folder, "audit.yaml")}`,
        `--audit-log-path=${auditLog}`,
        "--audit-log-mode=blocking",
        ...features,
        ...(streams?.apiServerArgs ?? []),
      ],
      async () => (await api.ask("GET", "/readyz").catch(() => undefined))?.status === 200,
    ),
    "kube-controller-manager": await part(
      "kube-controller-manager",
      managerPort,
      [
        ...delegated(kubeconfigs.manager),
        `--secure-port=${managerPort}`,
        "--use-service-account-credentials=true",
        `--service-account-private-key-file=${path("service-accounts.key")}`,
        `--root-ca-file=${path("ca.crt")}`,
        `--cluster-signing-cert-file=${path("ca.crt")}`,
        `--cluster-signing-key-file=${path("ca.key")}`,
        // A silent node is given up after 20 seconds here; Kubernetes' default is 50.
        "--node-monitor-period=1s",
        "--node-monitor-grace-period=20s",
        ...features,
      ],
      () => serviceAccountsWork(api),
    ),
    "kube-scheduler": await part(
      "kube-scheduler",
      schedulerPort,
      [...delegated(kubeconfigs.scheduler), `--secure-port=${schedulerPort}`],
      () => Promise.resolve(true),
    ),
    kwok: await part(
      "kwok",
      kwokPort,
      [
        `--kubeconfig=${kubeconfigs.kwok}`,
        `--manage-nodes-with-label-selector=${POWER}=on`,
        "--node-lease-duration-seconds=8",
        `--cidr=${PODS}`,
        `--server-address=127.0.0.1:${kwokPort}`,
        ...(streams?.kwokArgs ?? []),
      ],
      () => answers(`http://127.0.0.1:${kwokPort}/healthz`),
    ),
  } as const satisfies Record<PartName, Part>;

  const stopVolumes = provisionVolumes(api);
  const stopKubelets = reportPodsOfNodesThatAreBack(api);
  const stop = async () => {
    await Promise.all([stopVolumes(), stopKubelets()]);
    api.close();
    for (const name of [
      "kwok",
      "kube-scheduler",
      "kube-controller-manager",
      "kube-apiserver",
      "etcd",
    ] as const)
      await parts[name].kill();
    await streams?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await parts.etcd.start();
    await parts["kube-apiserver"].start();
    await Promise.all([
      parts["kube-controller-manager"].start(),
      parts["kube-scheduler"].start(),
      parts.kwok.start(),
    ]);
    await Promise.all(NODES.map((node) => api.must("POST", "/api/v1/nodes", nodeObject(node))));
    await until(async () => (await readyNodes(api)) === NODES.length);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    folder,
    url,
    credentials,
    api,
    kubeconfig: kubeconfigs.admin,
    parts,
    logs,
    auditLog,
    streams,
    stop,
  };
}

function childProgramPart(
  name: PartName,
  program: string,
  args: readonly string[],
  logs: string,
  port: number,
  ready: () => Promise<boolean>,
): Part {
  let process: ChildProgram | undefined;
  return {
    port,
    async start() {
      const started = startChild(name, program, args, { logs });
      process = started;
      await until(async () => {
        if (!started.running()) throw new Error(`${name} ended:\n${await started.log()}`);
        return await ready();
      }, 60).catch(async (error) => {
        throw new Error(`${name} does not come up: ${String(error)}\n${await started.log()}`);
      });
    },
    stop: async () => process?.stop(),
    kill: async () => process?.kill(),
    log: async () => (await process?.log()) ?? "",
  };
}

async function freePorts(count: 6): Promise<[number, number, number, number, number, number]>;
async function freePorts(count: number): Promise<number[]> {
  // Held open together, so that no two are the same.
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url).catch(() => undefined))?.ok === true;
}

/** The controller manager is of use when it has made the service account that every pod needs. */
async function serviceAccountsWork(api: ApiClient): Promise<boolean> {
  const account = { apiVersion: "v1", kind: "ServiceAccount", name: "default", namespace: "default" };
  return (await api.get(account)) !== undefined;
}

interface NodeStatus {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export async function readyNodes(api: ApiClient): Promise<number> {
  const nodes = await api.list<NodeStatus>({ apiVersion: "v1", kind: "Node" });
  return nodes.filter(({ status }) =>
    status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True"),
  ).length;
}
