import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { freePort, until } from "../servers.ts";
import { tool } from "../tools.ts";
import type { ApiClient, KubernetesObject, Reference } from "./api.ts";
import { type ChildProgram, startChild } from "./child-program.ts";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "./control-plane.ts";
import { type Applied, applyAll, deploymentOf, type SecretValue, type Step } from "./deployment.ts";
import { type EksMetrics, serveEksMetrics } from "./eks-metrics.ts";
import { reportSuccess } from "./sales-report.ts";
import { EKS_METRICS, KIND_STORAGE, teamWorkloads, workloads } from "./workloads.ts";

// An environment as it stands after `pulumi up`, with the operator and kube-state-metrics running for real, each as its own service
// account with nothing but its own permissions.

export const MONITORING = "monitoring";

/** A program of the platform that runs for real beside the control plane. */
interface RealProgram {
  /** On which port of loopback it answers for a port of its pod. */
  readonly ports: Readonly<Record<number, number>>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly log: () => Promise<string>;
}

export interface Platform {
  readonly plane: ControlPlane;
  readonly steps: readonly Step[];
  readonly applied: readonly Applied[];
  readonly operator: RealProgram;
  readonly kubeStateMetrics: RealProgram;
  readonly stop: () => Promise<void>;
}

export interface PlatformOptions extends ControlPlaneOptions {
  /** Called when the cluster is there and nothing of the platform is. */
  readonly beforeDeployment?: (api: ApiClient) => Promise<void>;
}

/** Brings an environment up from its preview and waits until the operator has done its part. */
export async function startPlatform(
  preview: string,
  credentials: SecretValue,
  { beforeDeployment, ...options }: PlatformOptions = {},
): Promise<Platform> {
  const routing = readFileSync(join(preview, "alertmanager", "alertmanager.yaml"), "utf8");
  const steps = await deploymentOf(preview, (secret, key) =>
    key === "alertmanager.yaml" ? routing : credentials(secret, key),
  );
  const plane = await startControlPlane(options);
  let eks: EksMetrics | undefined;
  const programs: RealProgram[] = [];
  const stop = async () => {
    for (const program of programs) await program.kill();
    await eks?.stop();
    await plane.stop();
  };
  try {
    eks = await serveEksMetrics(plane);
    const monitors = steps.flatMap(({ objects }) => objects).filter(({ kind }) => kind === "ServiceMonitor");
    for (const object of [KIND_STORAGE, ...workloads(eks.port), ...teamWorkloads(monitors)])
      await plane.api.apply(object, "cluster");
    // Whoever lists every kind of object before that is refused.
    await until(async () => (await plane.api.ask("GET", `/apis/${EKS_METRICS}/v1`)).status === 200, 120);
    await reportSuccess(plane.api, 1);
    await beforeDeployment?.(plane.api);
    const applied = await applyAll(plane.api, steps);
    const operator = await realOperator(plane);
    programs.push(operator);
    const kubeStateMetrics = await realProgram(
      plane,
      "kube-state-metrics",
      "kube-state-metrics",
      async (args, kubeconfig) => {
        const [port, telemetry] = [await freePort(), await freePort()];
        const others = args.filter((arg) => !/^--(telemetry-)?port=/.test(arg));
        const own = [
          `--kubeconfig=${kubeconfig}`,
          "--host=127.0.0.1",
          `--port=${port}`,
          "--telemetry-host=127.0.0.1",
          `--telemetry-port=${telemetry}`,
        ];
        return { args: [...others, ...own], ports: { 8080: port, 8081: telemetry } };
      },
    );
    programs.push(kubeStateMetrics);
    await Promise.all([operator.start(), kubeStateMetrics.start()]);
    await untilReconciled(plane.api);
    return { plane, steps, applied, operator, kubeStateMetrics, stop };
  } catch (error) {
    const logs = await Promise.all(programs.map((program) => program.log()));
    await stop();
    throw new Error(`${String(error)}\n${logs.join("\n")}`);
  }
}

/** The operator of the platform, not yet started. */
export function realOperator(plane: ControlPlane, namespace = MONITORING): Promise<RealProgram> {
  const relocate = async (args: readonly string[]) => {
    const port = await freePort();
    return { args: [...args, `--web.listen-address=127.0.0.1:${port}`], ports: { 8080: port } };
  };
  return realProgram(plane, "operator", "prometheus-operator", relocate, namespace);
}

/** A program with the arguments of its Deployment, as its service account; what changes is where it listens. */
async function realProgram(
  plane: ControlPlane,
  toolName: "operator" | "kube-state-metrics",
  deployment: string,
  relocate: (
    args: readonly string[],
    kubeconfig: string,
  ) => Promise<{ args: readonly string[]; ports: RealProgram["ports"] }>,
  namespace = MONITORING,
): Promise<RealProgram> {
  const object = await plane.api.get({
    apiVersion: "apps/v1",
    kind: "Deployment",
    name: deployment,
    namespace,
  });
  const { spec } = (object as unknown as DeploymentSpec).spec.template;
  const token = await tokenOf(plane, spec.serviceAccountName, namespace);
  const kubeconfig = await plane.credentials.kubeconfig(plane.url, { name: spec.serviceAccountName, token });
  const { args, ports } = await relocate(spec.containers[0]?.args ?? [], kubeconfig);
  const file = await tool(toolName);
  let process: ChildProgram | undefined;
  return {
    ports,
    async start() {
      const started = startChild(deployment, file, args, {
        logs: plane.logs,
        env: { KUBECONFIG: kubeconfig },
      });
      process = started;
      await until(async () => {
        if (!started.running()) throw new Error(`${deployment} ended:\n${await started.log()}`);
        const [port] = Object.values(ports);
        return (await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined))?.ok === true;
      }, 60);
    },
    stop: async () => process?.stop(),
    kill: async () => process?.kill(),
    log: async () => (await process?.log()) ?? "",
  };
}

interface DeploymentSpec {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly { readonly args?: readonly string[] }[];
      };
    };
  };
}

/** A token as the kubelet mounts it into a pod of the service account. */
export async function tokenOf(
  { api }: ControlPlane,
  serviceAccount: string,
  namespace = MONITORING,
): Promise<string> {
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: 24 * 3600 },
  };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
  const { body } = await api.must<{ readonly status: { readonly token: string } }>("POST", path, request);
  return body.status.token;
}

/** The two resources that the operator turns into servers. */
export const OPERATED: readonly Reference[] = [
  { apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus", name: "prometheus", namespace: MONITORING },
  { apiVersion: "monitoring.coreos.com/v1", kind: "Alertmanager", name: "main", namespace: MONITORING },
];

/** What the operator says of a resource, such as `Reconciled: True`; the reason where it is not. */
export async function conditionsOf(
  api: ApiClient,
  reference: Reference,
): Promise<Readonly<Record<string, string>>> {
  const object = (await api.get(reference)) as Conditioned | undefined;
  return Object.fromEntries(
    (object?.status?.conditions ?? []).map(({ type, status, reason, message }) => [
      type,
      status === "True" ? status : [status, reason, message].filter(Boolean).join(" "),
    ]),
  );
}

interface Conditioned extends KubernetesObject {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

/** Waits until the operator has made of both resources what it should, and their pods are ready. */
export async function untilReconciled(api: ApiClient, namespace = MONITORING): Promise<void> {
  const state = async () =>
    await Promise.all(
      OPERATED.map(async (reference) => await conditionsOf(api, { ...reference, namespace })),
    );
  const reached = async () =>
    (await state()).every(({ Available, Reconciled }) => Available === "True" && Reconciled === "True");
  await until(reached, 90).catch(async () => {
    throw new Error(`the operator does not get there: ${JSON.stringify(await state())}`);
  });
}

/** What the operator generated, as the pods mount it. */
export interface Generated {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** Rule files by name, each as YAML. */
  readonly rules: Readonly<Record<string, string>>;
}

export async function readGenerated(api: ApiClient): Promise<Generated> {
  const secret = async (name: string, key: string) => {
    const object = await api.get({ apiVersion: "v1", kind: "Secret", name, namespace: MONITORING });
    const data = (object?.["data"] ?? {}) as Readonly<Record<string, string>>;
    return gunzipSync(Buffer.from(data[key] ?? "", "base64")).toString("utf8");
  };
  const maps = await api.list({ apiVersion: "v1", kind: "ConfigMap", namespace: MONITORING });
  const rules = maps
    .filter(({ metadata }) => /^prometheus-prometheus-rulefiles-\d+$/.test(metadata.name))
    .flatMap(({ data }) => Object.entries((data ?? {}) as Readonly<Record<string, string>>));
  return {
    prometheus: await secret("prometheus-prometheus", "prometheus.yaml.gz"),
    alertmanager: await secret("alertmanager-main-generated", "alertmanager.yaml.gz"),
    rules: Object.fromEntries(rules),
  };
}
