import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { describe, expect, it } from "vitest";
import { platformFlows } from "../../../components/prometheus/flows.ts";
import type { IngressSettings } from "../../../components/prometheus/model.ts";
import { renderNetworkPolicies } from "../../../components/prometheus/network-policies.ts";
import { renderMonitoring } from "../../../components/prometheus/render.ts";
import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { renderedPlatform } from "../workloads/rendered-platform.ts";
import { podNamed, renderedPods } from "../workloads/rendered-pods.ts";
import { type End, HOST, isReachable, pod } from "./reachability.ts";
import { PRODUCTION, resolved } from "./samples.ts";

const policies = Object.values(renderNetworkPolicies(platformFlows(), DEFAULT_NAMESPACES));

// The pods are those of the rendered objects, so that a policy for labels that no pod has opens nothing here either.
const pods = renderedPods(renderedPlatform());
const prometheus = podNamed(pods, "prometheus");
const alertmanager = podNamed(pods, "alertmanager");
const grafana = podNamed(pods, "grafana");
const operator = podNamed(pods, "prometheus-operator");
const kubeStateMetrics = podNamed(pods, "kube-state-metrics");
const blackboxExporter = podNamed(pods, "blackbox-exporter");
const nodeExporter = podNamed(pods, "node-exporter");

const MONITORING_NAMESPACE = "monitoring";
const NODE_NAMESPACE = "monitoring-node";
const DNS = pod("kube-system", { "k8s-app": "kube-dns" });
const SHOP = pod("shop", { "app.kubernetes.io/name": "checkout" });
const STRANGER = pod(MONITORING_NAMESPACE, { "app.kubernetes.io/name": "stranger" });

const reaches = (from: End, to: End, port: number, protocol: "TCP" | "UDP" = "TCP") =>
  isReachable(policies, from, to, port, protocol);

describe("the network policies", () => {
  it("let Prometheus reach every port of every monitor", () => {
    // What is not the platform's: the port's name on its Service, and the number behind it.
    const others: Record<string, readonly [End, Readonly<Record<string, number>>]> = {
      "kube-system/kubelet": [HOST, { "https-metrics": 10_250 }],
      "kube-system/kube-dns": [DNS, { metrics: 9153 }],
      "default/kubernetes": [HOST, { https: 443 }],
      "monitoring-node/node-exporter": [HOST, { metrics: 9100 }],
    };
    const monitors = Object.values(renderMonitoring(resolved(PRODUCTION)).monitors);
    let checked = 0;
    for (const { spec } of monitors.filter(({ kind }) => kind === "ServiceMonitor") as IServiceMonitor[]) {
      const [namespace] = spec.namespaceSelector?.matchNames ?? [];
      const labels = spec.selector.matchLabels ?? {};
      const name = labels["app.kubernetes.io/name"] ?? labels["k8s-app"] ?? "kubernetes";
      const own = pods.find(({ labels }) => labels["app.kubernetes.io/name"] === name);
      const [target, ports] = others[`${namespace}/${name}`] ?? [own, own?.ports];
      for (const { port = "" } of spec.endpoints) {
        const number = ports?.[port];
        expect(number, `${namespace}/${name} has a port ${port}`).toBeDefined();
        expect(target && reaches(prometheus, target, number ?? 0), `${namespace}/${name}:${port}`).toBe(true);
        checked++;
      }
    }
    expect(checked).toBe(14);
    for (const made of [prometheus, alertmanager])
      expect(reaches(prometheus, made, made.ports["reloader-web"] ?? 0)).toBe(true);
  });

  it.each<[string, End, End, number, "TCP" | "UDP"]>([
    ["Prometheus sends alerts", prometheus, alertmanager, 9093, "TCP"],
    ["Prometheus scrapes a team's service on any port", prometheus, SHOP, 31_337, "TCP"],
    ["Prometheus asks for probes", prometheus, blackboxExporter, 9115, "TCP"],
    ["a prober reaches a team's service", blackboxExporter, SHOP, 8080, "TCP"],
    ["a prober reaches the world", blackboxExporter, HOST, 443, "TCP"],
    ["Alertmanagers gossip over TCP", alertmanager, alertmanager, 9094, "TCP"],
    ["Alertmanagers gossip over UDP", alertmanager, alertmanager, 9094, "UDP"],
    ["Alertmanager posts to receivers", alertmanager, HOST, 443, "TCP"],
    ["Alertmanager sends mail", alertmanager, HOST, 587, "TCP"],
    ["Grafana queries Prometheus", grafana, prometheus, 9090, "TCP"],
    ["Grafana shows silences", grafana, alertmanager, 9093, "TCP"],
    ["the operator reaches the API server", operator, HOST, 443, "TCP"],
    ["kube-state-metrics reaches the API server elsewhere", kubeStateMetrics, HOST, 6443, "TCP"],
    ["names are resolved over UDP", alertmanager, DNS, 53, "UDP"],
    ["names are resolved over TCP", blackboxExporter, DNS, 53, "TCP"],
  ])("let through: %s", (_, from, to, port, protocol) => {
    expect(reaches(from, to, port, protocol)).toBe(true);
  });

  it.each<[string, End, End, number]>([
    ["a team's pod queries Prometheus", SHOP, prometheus, 9090],
    ["a team's pod silences alerts", SHOP, alertmanager, 9093],
    ["a team's pod joins the gossip", SHOP, alertmanager, 9094],
    ["an unknown pod of the same namespace queries Prometheus", STRANGER, prometheus, 9090],
    ["an unknown pod of the same namespace reaches the world", STRANGER, HOST, 443],
    ["a pod in another namespace that calls itself grafana", pod("shop", grafana.labels), prometheus, 9090],
    ["another host opens Grafana where no ingress is named", HOST, grafana, 3000],
    ["Grafana reaches a team's service", grafana, SHOP, 8080],
    ["Grafana reaches the operator", grafana, operator, 8080],
    ["Alertmanager reaches Prometheus", alertmanager, prometheus, 9090],
    ["Alertmanager reaches the world on another port", alertmanager, HOST, 25],
    ["the operator reaches Prometheus", operator, prometheus, 9090],
    ["kube-state-metrics reaches a team's service", kubeStateMetrics, SHOP, 80],
    ["a prober reaches Alertmanager", blackboxExporter, alertmanager, 9093],
    ["Prometheus reaches the world", prometheus, HOST, 80],
    [
      "anything but the host's own network is in node-exporter's namespace",
      pod(NODE_NAMESPACE, {}),
      SHOP,
      80,
    ],
    ["node-exporter as an ordinary pod is reached", prometheus, nodeExporter, 9100],
  ])("shut out: %s", (_, from, to, port) => {
    expect(reaches(from, to, port)).toBe(false);
  });

  it("shut both namespaces by default, in both directions", () => {
    for (const namespace of [MONITORING_NAMESPACE, NODE_NAMESPACE]) {
      const deny = policies.find(
        ({ metadata }) => metadata?.namespace === namespace && metadata.name === "default-deny",
      );
      expect(deny?.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    }
  });

  it("open the ports of the receivers that an environment has", () => {
    const others = Object.values(
      renderNetworkPolicies(platformFlows({ notificationPorts: [443, 2525] }), DEFAULT_NAMESPACES),
    );
    expect(isReachable(others, alertmanager, HOST, 2525)).toBe(true);
    expect(isReachable(others, alertmanager, HOST, 587)).toBe(false);
  });

  it("let in the ingress controller's namespace, to the three servers' pages and to nothing else", () => {
    const ingress = { kind: "namespace", namespace: "ingress" } as const;
    const open = Object.values(renderNetworkPolicies(platformFlows({ ingress }), DEFAULT_NAMESPACES));
    const controller = pod("ingress", { "app.kubernetes.io/name": "controller" });
    for (const [server, port] of [
      [prometheus, 9090],
      [alertmanager, 9093],
      [grafana, 3000],
    ] as const) {
      expect(isReachable(open, controller, server, port)).toBe(true);
      expect(isReachable(open, SHOP, server, port)).toBe(false);
    }
    expect(isReachable(open, controller, alertmanager, 9094)).toBe(false);
    expect(isReachable(open, controller, operator, 8080)).toBe(false);
  });

  it("let in the load balancers' blocks", () => {
    const ingress: IngressSettings = { kind: "blocks", blocks: ["10.40.128.0/24"] };
    const open = Object.values(renderNetworkPolicies(platformFlows({ ingress }), DEFAULT_NAMESPACES));
    const from = (address: string): End => ({ kind: "host", address });
    expect(isReachable(open, from("10.40.128.7"), grafana, 3000)).toBe(true);
    expect(isReachable(open, from("10.40.129.7"), grafana, 3000)).toBe(false);
  });

  it("leave out a Grafana that runs elsewhere", () => {
    const rendered = renderNetworkPolicies(platformFlows({ grafana: "existing" }), DEFAULT_NAMESPACES);
    expect(rendered).not.toHaveProperty(["network-policy-grafana"]);
    expect(JSON.stringify(rendered)).not.toContain("grafana");
    expect(
      Object.keys(renderMonitoring(resolved({ ...PRODUCTION, grafana: "existing" })).monitors),
    ).not.toContain("monitor-grafana");
  });

  it("write down what each flow is for", () => {
    for (const { why } of platformFlows()) expect(why).toMatch(/^[a-z].{8,}[^.]$/);
  });
});
