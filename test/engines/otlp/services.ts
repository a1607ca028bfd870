import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { defineService } from "../../../components/service/model.ts";
import { OTEL_SECONDS } from "../../../components/signals/histogram.ts";
import { pythonWith } from "../../support/python.ts";
import { tool } from "../../support/tools.ts";

/** Requests that were answered alike. */
export interface Requests {
  readonly count: number;
  readonly status: number;
  readonly seconds: number;
}

/** How a service counts and pushes. */
export interface Form {
  readonly sdk: "javascript" | "python" | "go";
  readonly temporality: "cumulative" | "delta";
  /** Explicit buckets with the bounds that the conventions recommend, or exponential ones, which Prometheus stores as native histograms. */
  readonly histogram: "explicit" | "exponential";
}

/** The name of its service. */
export function nameOf({ sdk, temporality, histogram }: Form): string {
  return `${sdk}-${temporality}-${histogram}`;
}

/** Its definition: half of a second is quick for none of its requests, a whole one for some. */
export function definitionOf(form: Form) {
  const native = form.histogram === "exponential";
  return defineService({
    name: nameOf(form),
    owner: "shop",
    tier: "critical",
    description: "Takes orders and payments",
    namespace: "shop",
    http: { metrics: "otel", ...(native && { histogram: "native" as const }) },
    scrape: "push",
    objectives: { latency: { threshold: "1s" } },
  });
}

/** A process with an SDK. */
export interface Process {
  readonly record: (requests: readonly Requests[]) => void;
  /** Ends its input and waits for its end. What it wrote on standard error, empty if nothing was refused. */
  readonly end: () => Promise<string>;
}

const BY_HAND = fileURLToPath(new URL("./pusher.ts", import.meta.url));
const PYTHON = fileURLToPath(new URL("../../tools/otlp/python/", import.meta.url));

async function commandOf(sdk: Form["sdk"]): Promise<readonly [string, ...string[]]> {
  if (sdk === "go") return [await tool("pusher")];
  if (sdk === "python") return [await pythonWith(`${PYTHON}requirements.txt`), `${PYTHON}pusher.py`];
  return [process.execPath, "--import", "tsx", BY_HAND];
}

/** Starts the process of a service, set up by the variables that docs/how-to/add-a-service.md names. */
export async function startService(
  form: Form,
  { endpoint, interval }: { readonly endpoint: string; readonly interval: number },
): Promise<Process> {
  const name = nameOf(form);
  const [program, ...args] = await commandOf(form.sdk);
  const env = {
    ...process.env,
    OTEL_SERVICE_NAME: name,
    OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${name}-a,k8s.pod.name=${name}-a`,
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/protobuf",
    OTEL_METRIC_EXPORT_INTERVAL: String(interval * 1000),
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: form.temporality,
    ...(form.histogram === "exponential"
      ? { OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: "base2_exponential_bucket_histogram" }
      : { BOUNDARIES: JSON.stringify(OTEL_SECONDS) }),
  };
  const child = spawn(program, args, { env, stdio: ["pipe", "ignore", "pipe"] });
  return processOf(child, name);
}

function processOf(child: ChildProcess, name: string): Process {
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    record: (requests) => {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${log}`);
      child.stdin?.write(`${JSON.stringify(requests)}\n`);
    },
    end: async () => {
      child.stdin?.end();
      const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(late);
      return child.exitCode === 0 ? "" : `exit code ${child.exitCode}: ${log}`;
    },
  };
}
