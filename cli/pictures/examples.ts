import { ALERTS } from "../../components/slo/conventions.ts";

/** What labels may say. Whatever is not listed is called after the label. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  alertmanager: ["alertmanager-0", "alertmanager-1", "alertmanager-2"],
  alertname: ["KubePodCrashLooping", "SLOErrorBudgetBurnFast", "NodeFilesystemAlmostFull"],
  alertstate: ["firing", "pending"],
  code: ["200", "404", "503"],
  condition: ["MemoryPressure", "DiskPressure"],
  container: ["app", "proxy"],
  controller: ["prometheus", "alertmanager", "thanos"],
  daemonset: ["node-exporter", "aws-node", "kube-proxy"],
  deployment: ["web", "cart", "search"],
  device: ["/dev/nvme0n1p1", "/dev/nvme1n1"],
  environment: ["this environment"],
  error_type: ["none", "timeout", "rejected"],
  grpc_code: ["OK", "NotFound", "Internal"],
  horizontalpodautoscaler: ["web", "cart", "search"],
  http_response_status_code: ["200", "404", "503"],
  http_status_code: ["200", "404", "503"],
  instance: ["https://shop.example.com", "https://help.example.com", "https://help.example.com/returns"],
  integration: ["pagerduty", "slack", "webhook"],
  job: ["kube-state-metrics", "node-exporter", "cadvisor", "apiserver"],
  kubelet_version: ["v1.35.2-eks", "v1.36.0-eks"],
  name: ["v1beta1.metrics.k8s.io", "v1.metrics.eks.amazonaws.com", "v1beta1.external.metrics.k8s.io"],
  namespace: ["shop", "monitoring", "kube-system"],
  node: ["ip-10-40-11-23", "ip-10-40-12-40", "ip-10-40-13-8"],
  persistentvolume: ["pvc-3f1c", "pvc-9b07", "pvc-c2e4"],
  persistentvolumeclaim: ["data-orders-0", "prometheus-db-0", "data-search-0"],
  phase: ["Running", "Pending", "Failed"],
  pod: ["web-7d4b9c6f5-2xkq8", "web-7d4b9c6f5-9fz4p", "cart-5c9d7b8f6-wv7kx"],
  poddisruptionbudget: ["web", "cart", "search"],
  quantile: ["99%", "90%", "50%"],
  reason: ["ImagePullBackOff", "ContainerCreating", "CreateContainerConfigError"],
  request_kind: ["readOnly", "mutating"],
  resource: ["requests.cpu", "requests.memory", "pods"],
  result: ["scheduled", "unschedulable", "error"],
  rpc_grpc_status_code: ["0", "5", "13"],
  rpc_response_status_code: ["OK", "NOT_FOUND", "INTERNAL"],
  rule_group: ["service-storefront.availability", "nodes.alerts", "workloads.alerts"],
  service: ["storefront", "checkout", "search"],
  severity: ["critical", "warning", "warning"],
  slice: ["inner_eval", "queue_time", "prepare_time"],
  slo: ["availability", "latency", "freshness"],
  state: ["active", "suppressed"],
  statefulset: ["orders", "prometheus-prometheus", "search"],
  status: ["true", "false", "unknown"],
  team: ["shop", "platform", "no team"],
  type: ["A", "AAAA"],
  verb: ["GET", "LIST", "PATCH"],
};

const SLO_ALERTS = [ALERTS.fastBurn, ALERTS.slowBurn, ALERTS.nearly];

/** Labels that tell how something ended: most of it well, as the first example of each says. */
const OUTCOMES: ReadonlySet<string> = new Set([
  "code",
  "error_type",
  "grpc_code",
  "http_response_status_code",
  "http_status_code",
  "result",
  "rpc_grpc_status_code",
  "rpc_response_status_code",
  "status",
]);

/** What each of these labels may say in the answer to a query, by what the query itself says of them first. */
export function examplesFor(
  expr: string,
  labels: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const ofObjectives = labels.includes("slo") || expr.includes('slo!=""');
  return Object.fromEntries(
    labels.map((label) => [
      label,
      asked(expr, label) ??
        (label === "alertname" && ofObjectives ? SLO_ALERTS : undefined) ??
        (label === "pod" ? podsOf(expr) : undefined) ??
        EXAMPLES[label] ?? [`${label} a`, `${label} b`, `${label} c`],
    ]),
  );
}

/** Whether series that differ in these labels are of very different size. */
export function tellsOutcomes(labels: readonly string[]): boolean {
  return labels.some((label) => OUTCOMES.has(label));
}

/** Values that a query itself names: by a condition, or by setting the label. */
function asked(expr: string, label: string): readonly string[] | undefined {
  const set = [...expr.matchAll(new RegExp(`"${label}", "([^"$]+)", "", ""`, "g"))].map(
    ([, text = ""]) => text,
  );
  if (set.length > 0) return set;
  // Of severities a condition names each once, and there are more tickets than pages.
  if (label === "severity") return undefined;
  const found = new RegExp(`\\b${label}=~?"([\\w ./|-]+)"`).exec(expr)?.[1];
  return found?.split("|");
}

/** Pods of the program that a query asks about itself. */
function podsOf(expr: string): readonly string[] | undefined {
  const program = /job="(prometheus|alertmanager)"/.exec(expr)?.[1];
  return program === undefined ? undefined : [0, 1].map((index) => `${program}-${program}-${index}`);
}
