import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shorter } from "../../../cli/lab/compressed-time.ts";
import { freePort } from "../servers.ts";
import { tool } from "../tools.ts";
import type { ControlPlane } from "./control-plane.ts";
import { type HealthyHistory, writeHealthyHistory } from "./healthy-history.ts";
import { type MonitoringServer, monitoringServer, statefulSet } from "./monitoring-server.ts";
import { readGenerated, tokenOf } from "./platform.ts";
import { rewritePrometheus, rewriteRules } from "./rewriting.ts";

export interface PairOptions {
  readonly name: string;
  readonly folder: string;
  readonly factor: number;
  readonly proxyUrl: string;
  /** The healthy past, in Unix seconds; none if both are the same. */
  readonly past: HealthyHistory;
}

export interface Pair {
  readonly servers: readonly (MonitoringServer & { readonly port: number })[];
  /** Takes over what the operator has generated since, as the sidecar of a pod does. False if a server refuses it. */
  readonly refresh: () => Promise<boolean>;
}

/** The Prometheus servers as the operator describes them, with a past; not started yet. */
export async function prometheusPair(plane: ControlPlane, options: PairOptions): Promise<Pair> {
  const { name, folder, factor, proxyUrl, past } = options;
  const { pods, argsOf } = await statefulSet(plane, "prometheus-prometheus");
  const serviceAccount = join(folder, "service-account");
  const rules = join(folder, "rules");
  await mkdir(serviceAccount, { recursive: true });
  const token = await tokenOf(plane, "prometheus");
  await writeFile(join(serviceAccount, "token"), token);
  await copyFile(plane.credentials.path("ca.crt"), join(serviceAccount, "ca.crt"));
  const kubeconfig = await plane.credentials.kubeconfig(plane.url, { name: "prometheus", token });
  const configFileOf = (pod: string) => join(folder, pod, "prometheus.yaml");

  const writeFiles = async () => {
    const generated = await readGenerated(plane.api);
    await rm(rules, { recursive: true, force: true });
    await mkdir(rules, { recursive: true });
    for (const [file, text] of Object.entries(generated.rules))
      await writeFile(join(rules, file), rewriteRules(text, factor));
    for (const podName of pods) {
      const around = { rules, serviceAccount, kubeconfig, proxyUrl, podName, factor };
      await mkdir(join(folder, podName), { recursive: true });
      await writeFile(configFileOf(podName), rewritePrometheus(generated.prometheus, around));
    }
    return Object.keys(generated.rules).map((file) => join(rules, file));
  };

  const ruleFiles = await writeFiles();
  const program = await tool("prometheus");
  const servers = await Promise.all(
    pods.map(async (pod) => {
      const data = join(folder, pod, "data");
      await writeHealthyHistory(plane, data, ruleFiles, factor, past);
      const port = await freePort();
      const configFile = configFileOf(pod);
      const args = [
        ...argsOf(pod),
        `--config.file=${configFile}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${port}`,
        `--rules.alert.resend-delay=${shorter("1m", factor)}`,
      ];
      const server = { pod, name: `${name}-${pod}`, program, args, port, configFile, logs: plane.logs };
      return { ...monitoringServer(server), port };
    }),
  );
  const refresh = async () => {
    await writeFiles();
    return (await Promise.all(servers.map((each) => each.reload()))).every((taken) => taken);
  };
  return { servers, refresh };
}
