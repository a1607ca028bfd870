import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shorter } from "../compressed-time.ts";
import { run } from "../process.ts";
import { freePort } from "../servers.ts";
import { tool } from "../tools.ts";
import type { ControlPlane } from "./control-plane.ts";
import { type MonitoringServer, monitoringServer, statefulSet } from "./monitoring-server.ts";
import { readGenerated, tokenOf } from "./platform.ts";
import { rewritePrometheus, rewriteRules } from "./rewriting.ts";
import { REQUESTS } from "./stand-ins.ts";

export interface PairOptions {
  readonly name: string;
  readonly folder: string;
  readonly factor: number;
  readonly proxyUrl: string;
  /** The healthy past, in Unix seconds; none if both are the same. */
  readonly past: { readonly start: number; readonly end: number };
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
      await writePast(plane, data, ruleFiles, factor, past);
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

const SCRAPE = 30;

/** Healthy hours of the storefront, as scraped and recorded: an SLO's windows would be empty otherwise, and page early. */
async function writePast(
  { api }: ControlPlane,
  folder: string,
  ruleFiles: readonly string[],
  factor: number,
  { start, end }: PairOptions["past"],
): Promise<void> {
  if (start === end) return;
  const pods = await api.list<{
    readonly metadata: { readonly name: string };
    readonly status: { readonly podIP: string };
  }>({ apiVersion: "v1", kind: "Pod", namespace: "shop" });
  const step = SCRAPE / factor;
  if (!Number.isInteger(step)) throw new Error(`a past ${factor} times faster has no whole seconds`);
  const steps = Math.floor((end - start) / step);
  const series = pods.flatMap(({ metadata, status }) =>
    [
      ["200", REQUESTS * step],
      ["500", 0],
    ].map(([code, each]) => {
      const labels = {
        code,
        container: "main",
        endpoint: "http",
        instance: `${status.podIP}:8080`,
        job: "storefront",
        namespace: "shop",
        pod: metadata.name,
        service: "storefront",
        team: "shop",
      };
      const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      return `http_requests_total{${text.join(",")}} 0+${each}x${steps}`;
    }),
  );
  const rules = ruleFiles
    .filter((file) => file.includes("service-storefront"))
    .map((file) => ({ file, from: start }));
  const request = { folder, start, end: start + steps * step, step, series, rules };
  const { code, stderr } = await run(await tool("history"), [], { input: JSON.stringify(request) });
  if (code !== 0) throw new Error(stderr);
}
