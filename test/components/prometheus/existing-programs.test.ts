import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { platformFlows } from "../../../components/prometheus/flows.ts";
import type { prometheusSettings } from "../../../components/prometheus/model.ts";
import { resolveMonitoring } from "../../../components/prometheus/model.ts";
import { monitoringObjects, renderMonitoring } from "../../../components/prometheus/render.ts";
import { PRODUCTION, PRODUCTION_SETTINGS, resolved } from "./samples.ts";

type Settings = Partial<z.input<typeof prometheusSettings>>;

const of = (settings: Settings) =>
  resolved({ ...PRODUCTION, settings: { ...PRODUCTION_SETTINGS, crds: "external", ...settings } });

const THEIRS = {
  kind: "existing",
  namespace: "observability",
  matchLabels: { "app.kubernetes.io/name": "theirs" },
  port: "http-metrics",
} as const;

const names = (settings: Settings) =>
  Object.values(monitoringObjects(of(settings))).map(
    ({ kind, metadata }) => `${kind} ${metadata?.namespace ?? ""}/${metadata?.name}`,
  );

describe("beside another operator", () => {
  const { operator, prometheus } = renderMonitoring(of({ operator: { kind: "beside" }, monitors: "own" }));

  it("ours acts on the resources with its id, and the other leaves those alone", () => {
    const [container] = operator?.operator.spec?.template.spec?.containers ?? [];
    const [, id] = container?.args?.find((arg) => arg.startsWith("--controller-id="))?.split("=") ?? [];
    expect(id).toBe(prometheus.metadata?.annotations?.["operator.prometheus.io/controller-id"]);
    expect(id).toMatch(/^.+$/);
  });

  it("ours maintains a Service of the kubelets of its own, and sends the token to no other", () => {
    const service = operator?.["kubelet-service"].metadata;
    expect(service?.name).not.toBe("kubelet");
    const [scrapeClass] = prometheus.spec.scrapeClasses ?? [];
    const kept = new RegExp(`^(?:${scrapeClass?.relabelings?.[0]?.regex})$`);
    expect(kept.test(`kube-system;${service?.name}`)).toBe(true);
    expect(kept.test("kube-system;kubelet")).toBe(false);
    const [argument] =
      operator?.operator.spec?.template.spec?.containers[0]?.args?.filter((arg) =>
        arg.startsWith("--kubelet-service="),
      ) ?? [];
    expect(argument).toBe(`--kubelet-service=kube-system/${service?.name}`);
  });

  it("nothing outside the platform's namespaces has a name that the other may use", () => {
    const shared = names({ operator: { kind: "beside" } }).filter(
      (name) => !/ monitoring(-node)?\//.test(name),
    );
    for (const name of shared) expect(name).toMatch(/bellwether|Namespace \/monitoring/);
  });

  it("Prometheus takes only monitors and rules of the platform", () => {
    const selectors = Object.entries(prometheus.spec).filter(
      ([field]) => /Selector$/.test(field) && !/^node|NamespaceSelector$/.test(field),
    );
    expect(selectors).toHaveLength(5);
    for (const [, selector] of selectors)
      expect(selector).toEqual({ matchLabels: { "app.kubernetes.io/part-of": "bellwether" } });
    const { monitors } = renderMonitoring(of({ monitors: "own" }));
    for (const { metadata } of Object.values(monitors))
      expect(metadata?.labels?.["app.kubernetes.io/part-of"]).toBe("bellwether");
  });

  it("is refused together with the CRDs of the chart", () => {
    const settings = { ...PRODUCTION_SETTINGS, crds: "chart", operator: { kind: "beside" } } as const;
    const result = resolveMonitoring({ ...PRODUCTION, settings });
    expect(result).toMatchObject({ ok: false, problems: [{ path: "prometheus.crds", fix: /external/ }] });
  });
});

describe("with programs of another release", () => {
  const settings: Settings = {
    operator: { ...THEIRS, kubelets: { namespace: "kube-system", name: "theirs-kubelet" } },
    kubeStateMetrics: { ...THEIRS, telemetryPort: "telemetry" },
    nodeExporter: { ...THEIRS, hostPort: 9101 },
  };

  it("runs none of them, and has no account, role or network policy for them", () => {
    const theirs = /(prometheus-operator|kube-state-metrics|node-exporter)$/;
    const made = names(settings).filter((name) => theirs.test(name));
    expect(made.every((name) => name.startsWith("ServiceMonitor "))).toBe(true);
    expect(made).toHaveLength(3);
  });

  it("scrapes them under the platform's own jobs", () => {
    const monitors = Object.values(renderMonitoring(of(settings)).monitors) as IServiceMonitor[];
    const jobs = ["prometheus-operator", "kube-state-metrics", "node-exporter"];
    for (const job of jobs) {
      const { spec } = monitors.find(({ metadata }) => metadata?.name === job) as IServiceMonitor;
      expect(spec.namespaceSelector?.matchNames).toEqual(["observability"]);
      expect(spec.selector.matchLabels).toEqual(THEIRS.matchLabels);
      expect(spec.endpoints[0]?.port).toBe("http-metrics");
      for (const { relabelings } of spec.endpoints)
        expect(relabelings?.at(-1)).toMatchObject({ targetLabel: "job", replacement: job });
    }
    const state = monitors.find(({ metadata }) => metadata?.name === "kube-state-metrics");
    expect(state?.spec.endpoints.map(({ port, honorLabels }) => [port, honorLabels])).toEqual([
      ["http-metrics", true],
      ["telemetry", undefined],
    ]);
  });

  it("reads the kubelets from the Service of their operator", () => {
    const [scrapeClass] = renderMonitoring(of(settings)).prometheus.spec.scrapeClasses ?? [];
    expect(scrapeClass?.relabelings?.[0]?.regex).toContain("kube-system;theirs-kubelet");
  });

  it("may reach node-exporter on the port that it listens on", () => {
    const ports = (nodePort?: number) =>
      platformFlows({ nodePort }).find(({ why }) => why.includes("node-exporter"))?.ports;
    expect(ports(9101)).toContainEqual({ port: 9101, protocol: "TCP" });
    expect(ports(9101)).not.toContainEqual({ port: 9100, protocol: "TCP" });
    expect(ports()).toContainEqual({ port: 9100, protocol: "TCP" });
  });
});
