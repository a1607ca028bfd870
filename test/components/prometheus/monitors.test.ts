import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import type { IService } from "kubernetes-models/v1/Service";
import { describe, expect, it } from "vitest";
import { DENIED_METRICS, WATCHED_RESOURCES } from "../../../components/prometheus/kube-state-metrics.ts";
import { renderMonitoring } from "../../../components/prometheus/render.ts";
import { KUBERNETES_CLASS, kubernetesClass } from "../../../components/prometheus/scrape-class.ts";
import { selectorsOf } from "../../../components/promql/expression.ts";
import { parseQuery } from "../../../components/promql/parse.ts";
import { JOBS } from "../../../components/signals/jobs.ts";
import { PLATFORM_SIGNALS } from "../../../components/signals/platform.ts";
import { WORKLOADS } from "../../../components/workloads/model.ts";
import { LOCAL, resolved, WITH_RULER } from "./samples.ts";

const production = renderMonitoring(resolved(WITH_RULER));
const local = renderMonitoring(resolved(LOCAL));
const scaled = resolved(WITH_RULER);
// With an autoscaler on the cluster, whose monitor others do not have.
const { monitors: all } = renderMonitoring({
  ...scaled,
  cluster: { ...scaled.cluster, autoscaler: "karpenter" },
});
const monitors = Object.values(all);
const serviceMonitors = monitors.filter(({ kind }) => kind === "ServiceMonitor") as IServiceMonitor[];

function endpointsOf(monitor: IServiceMonitor | IPodMonitor) {
  const spec = monitor.spec as Partial<IServiceMonitor["spec"] & IPodMonitor["spec"]>;
  return spec.endpoints ?? spec.podMetricsEndpoints ?? [];
}

/** The monitor of a job; a job is set by the last relabelling, so that nothing overrides it. */
function monitorOf(job: string) {
  return monitors.find((monitor) =>
    endpointsOf(monitor).every(({ relabelings }) => relabelings?.at(-1)?.replacement === job),
  );
}

describe("the monitors", () => {
  it("leave out what EKS Auto Mode runs on its nodes in place of pods, and Karpenter where it is not", () => {
    const { monitors: ofAutoMode } = renderMonitoring({
      ...scaled,
      cluster: { ...scaled.cluster, autoscaler: "auto-mode" },
    });
    const missing = Object.keys(production.monitors).filter((monitor) => !(monitor in ofAutoMode));
    expect(missing.sort()).toEqual(["monitor-aws-node", "monitor-coredns"]);
    expect(Object.keys(all).filter((monitor) => !(monitor in production.monitors))).toEqual([
      "monitor-karpenter",
    ]);
  });

  it.each(Object.values(JOBS))("include one whose targets all carry the job %s", (job) => {
    const monitor = monitorOf(job);
    expect(monitor?.metadata?.name).toBe(job);
    for (const { relabelings } of endpointsOf(monitor as IServiceMonitor))
      expect(relabelings?.at(-1)).toEqual({ action: "replace", targetLabel: "job", replacement: job });
  });

  it("set no job that is not among the known ones", () => {
    const known: readonly string[] = Object.values(JOBS);
    for (const monitor of monitors)
      for (const { relabelings } of endpointsOf(monitor))
        expect(known).toContain(relabelings?.at(-1)?.replacement);
  });

  it("scrape EKS's scheduler and controller manager on EKS, and raise no false alert elsewhere", () => {
    expect(Object.keys(production.monitors)).toEqual(
      expect.arrayContaining(["monitor-kube-scheduler", "monitor-kube-controller-manager"]),
    );
    expect(Object.keys(local.monitors).filter((role) => /scheduler|controller/.test(role))).toEqual([]);
    const [endpoint] = endpointsOf(monitorOf(JOBS.kubeScheduler) as IServiceMonitor);
    expect(endpoint?.path).toBe("/apis/metrics.eks.amazonaws.com/v1/ksh/container/metrics");
  });

  it("name only ports that the program's Service has", () => {
    const thanos = production.thanos?.("object-storage");
    const services = [
      ...Object.values(production.exporters),
      ...Object.values(production.operator ?? {}),
      ...Object.values(production.server),
      ...Object.values(thanos?.before ?? {}),
      ...Object.values(thanos?.services ?? {}),
    ].filter((object) => object.kind === "Service") as IService[];
    const checked: string[] = [];
    for (const { spec } of serviceMonitors) {
      const [namespace] = spec.namespaceSelector?.matchNames ?? [];
      const service = services.find(
        ({ metadata }) =>
          metadata?.namespace === namespace &&
          Object.entries(spec.selector.matchLabels ?? {}).every(
            ([key, value]) => metadata?.labels?.[key] === value,
          ),
      );
      if (service === undefined) continue;
      checked.push(service.metadata?.name ?? "");
      const ports = service.spec?.ports?.map(({ name }) => name);
      for (const { port } of spec.endpoints) expect(ports).toContain(port);
    }
    expect(checked.sort()).toEqual([
      "blackbox-exporter",
      "kube-state-metrics",
      // One monitor reads the kubelet, another one its cAdvisor.
      "kubelet",
      "kubelet",
      "node-exporter",
      "prometheus",
      "prometheus-operator",
      "thanos-compactor",
      "thanos-query",
      "thanos-ruler",
      "thanos-store",
    ]);
  });

  it("find Alertmanager and Grafana by name, on the ports that their slices open", () => {
    for (const [job, port] of [
      [JOBS.alertmanager, "web"],
      [JOBS.grafana, "http"],
    ] as const) {
      const { spec } = monitorOf(job) as IServiceMonitor;
      expect(spec.selector.matchLabels).toEqual({ "app.kubernetes.io/name": job });
      expect(spec.endpoints.map((endpoint) => endpoint.port)).toEqual([port]);
    }
    expect(Object.keys(WORKLOADS.alertmanager.ports)).toContain("web");
  });

  it("use the token only where the scrape class lets it go, and never name a file themselves", () => {
    const tokens = kubernetesClass({ namespace: "kube-system", name: "kubelet" });
    const kept = new RegExp(`^(?:${tokens.relabelings?.[0]?.regex})$`);
    const withToken = serviceMonitors.filter(({ spec }) => spec.scrapeClass === KUBERNETES_CLASS);
    expect(withToken.map(({ metadata }) => metadata?.name).sort()).toEqual([
      "apiserver",
      "cadvisor",
      "kube-controller-manager",
      "kube-scheduler",
      "kubelet",
    ]);
    for (const { spec } of withToken) {
      const [namespace] = spec.namespaceSelector?.matchNames ?? [];
      expect(kept.test(`${namespace};${namespace === "default" ? "kubernetes" : "kubelet"}`)).toBe(true);
      expect(spec.endpoints.every(({ scheme }) => scheme === "https")).toBe(true);
    }
    expect(JSON.stringify(monitors)).not.toMatch(/bearerToken|caFile|certFile|keyFile/);
  });

  it("verify certificates, but for kubelets that sign their own", () => {
    const unverified = (rendered: typeof local) =>
      (Object.values(rendered.monitors) as (IServiceMonitor | IPodMonitor)[])
        .filter((monitor) => endpointsOf(monitor).some(({ tlsConfig }) => tlsConfig?.insecureSkipVerify))
        .map(({ metadata }) => metadata?.name);
    expect(unverified(production)).toEqual([]);
    expect(unverified(local)).toEqual(["kubelet", "cadvisor"]);
  });
});

/** Whether a sample survives a monitor's metric relabelling; only keep and drop decide. */
function survives(job: string, labels: Readonly<Record<string, string>>): boolean {
  const [endpoint] = endpointsOf(monitorOf(job) as IServiceMonitor);
  return (endpoint?.metricRelabelings ?? []).every(
    ({ action, sourceLabels = [], regex = "", separator = ";" }) => {
      const matches = new RegExp(`^(?:${regex})$`).test(
        sourceLabels.map((label) => labels[label] ?? "").join(separator),
      );
      if (action === "drop") return !matches;
      if (action === "keep") return matches;
      throw new Error(`${action} is not modelled`);
    },
  );
}

/** The metrics that a query reads, with the job that it names for each. */
function metricsIn(query: string): { metric: string; job: string }[] {
  return selectorsOf(parseQuery(query)).flatMap(({ metric, matchers }) => {
    const job = matchers.find(({ label, operator }) => label === "job" && operator === "=")?.value;
    return metric !== undefined && job !== undefined ? [{ metric, job }] : [];
  });
}

describe("the metric relabellings", () => {
  const used = PLATFORM_SIGNALS.flatMap(({ query }) => metricsIn(query("5m")));

  it("drop nothing that a signal of the platform reads", () => {
    expect(used.length).toBeGreaterThan(30);
    for (const { metric, job } of used) {
      if (monitorOf(job) === undefined) continue;
      expect(
        survives(job, { __name__: metric, id: "/kubepods/x", pod: "web-0", le: "1" }),
        `${job} ${metric}`,
      ).toBe(true);
    }
  });

  it("leave kube-state-metrics every metric that a signal reads: not denied, of a resource that it watches", () => {
    const resources = Object.values(WATCHED_RESOURCES).flat();
    const read = used.filter(
      ({ job, metric }) => job === JOBS.kubeStateMetrics && !metric.startsWith("kube_state_metrics_"),
    );
    expect(read.length).toBeGreaterThan(10);
    for (const { metric } of read) {
      expect(
        DENIED_METRICS.some((denied) => new RegExp(`^${denied}$`).test(metric)),
        metric,
      ).toBe(false);
      expect(resources).toContain(`${metric.split("_")[1]}s`);
    }
  });

  it("drop what costs the most series and is read by nothing", () => {
    for (const [job, metric] of [
      [JOBS.apiserver, "etcd_request_duration_seconds_bucket"],
      [JOBS.apiserver, "apiserver_request_body_size_bytes_bucket"],
      [JOBS.apiserver, "apiserver_request_sli_duration_seconds_bucket"],
      [JOBS.kubelet, "kubelet_runtime_operations_duration_seconds_bucket"],
      [JOBS.cadvisor, "container_tasks_state"],
      [JOBS.cadvisor, "container_network_tcp_usage_total"],
      [JOBS.coredns, "coredns_dns_request_size_bytes_bucket"],
    ] as const)
      expect(survives(job, { __name__: metric, id: "/kubepods/x", pod: "web-0", le: "1" }), metric).toBe(
        false,
      );
  });

  it("keep counts and sums of the histograms whose buckets they drop", () => {
    expect(survives(JOBS.apiserver, { __name__: "etcd_request_duration_seconds_count" })).toBe(true);
    expect(survives(JOBS.kubelet, { __name__: "kubelet_runtime_operations_duration_seconds_sum" })).toBe(
      true,
    );
  });

  it("keep the buckets of API requests that a quantile needs, and halve their number", () => {
    const bucket = (le: string) =>
      survives(JOBS.apiserver, { __name__: "apiserver_request_duration_seconds_bucket", le });
    const all = [
      0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
    ];
    const kept = all.filter((le) => bucket(Number.isInteger(le) ? le.toFixed(1) : String(le)));
    expect(kept).toEqual([0.025, 0.05, 0.1, 0.2, 0.4, 1, 2, 5, 10, 30, 60]);
    expect(bucket("+Inf")).toBe(true);
    expect(all.filter((le) => bucket(String(le)))).toEqual(kept);
  });

  it("keep containers and the node as a whole, and drop control groups that are no pod's", () => {
    const cpu = (id: string, pod: string) =>
      survives(JOBS.cadvisor, { __name__: "container_cpu_usage_seconds_total", id, pod });
    expect(cpu("/kubepods.slice/kubepods-pod1.slice/cri-1.scope", "web-0")).toBe(true);
    expect(cpu("/", "")).toBe(true);
    expect(cpu("/system.slice/sshd.service", "")).toBe(false);
  });
});
