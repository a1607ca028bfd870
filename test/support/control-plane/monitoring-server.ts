import { until } from "../servers.ts";
import { type ChildProgram, startChild } from "./child-program.ts";
import type { ControlPlane } from "./control-plane.ts";
import { MONITORING } from "./platform.ts";

/** A server that plays a pod of a StatefulSet for real. */
export interface MonitoringServer {
  readonly pod: string;
  readonly url: string;
  readonly configFile: string;
  /** Starts it and waits until it is ready. */
  readonly start: () => Promise<void>;
  /** Ends it as the kubelet does, with time to write down what it knows. */
  readonly stop: () => Promise<void>;
  /** Ends it as a power cut would. */
  readonly kill: () => Promise<void>;
  /** Makes it read its files again; false if it refuses them. */
  readonly reload: () => Promise<boolean>;
}

interface ServerOptions {
  readonly pod: string;
  /** What its log is called. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly configFile: string;
  readonly logs: string;
}

export function monitoringServer(options: ServerOptions): MonitoringServer {
  const { pod, name, program, args, port, configFile, logs } = options;
  let process: ChildProgram | undefined;
  const url = `http://127.0.0.1:${port}`;
  return {
    pod,
    url,
    configFile,
    async start() {
      const started = startChild(name, program, args, { logs });
      process = started;
      await until(async () => {
        if (!started.running()) throw new Error(`${name} ended:\n${await started.log()}`);
        return (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok === true;
      }, 60);
    },
    stop: async () => process?.stop(),
    kill: async () => process?.kill(),
    reload: async () => (await fetch(`${url}/-/reload`, { method: "POST" })).ok,
  };
}

/** A StatefulSet that the operator made. */
export interface Generator {
  readonly pods: readonly string[];
  /** The arguments of the server of a pod, but for those that say where things are. */
  readonly argsOf: (pod: string) => readonly string[];
}

/** These are given anew on loopback. The web configuration that the operator mounts is empty. */
const PLACES =
  /^--(config\.file|storage\.path|storage\.tsdb\.path|web\.listen-address|web\.config\.file|cluster\.listen-address|cluster\.peer)=/;

export async function statefulSet({ api }: ControlPlane, name: string): Promise<Generator> {
  const object = await api.get<StatefulSet>({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    name,
    namespace: MONITORING,
  });
  const { replicas = 0, template } = object?.spec ?? {};
  const args = template?.spec.containers[0]?.args ?? [];
  return {
    pods: Array.from({ length: replicas }, (_, index) => `${name}-${index}`),
    argsOf: (pod) => args.filter((arg) => !PLACES.test(arg)).map((arg) => arg.replaceAll("$(POD_NAME)", pod)),
  };
}

interface StatefulSet {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
    };
  };
}
