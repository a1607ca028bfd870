import { parse, stringify } from "yaml";
import type { KubernetesObject } from "./api.ts";

/** One mistake in the rendered manifests, and what the inspection must say of it. */
export interface Breakage {
  readonly mistake: string;
  readonly kind: string;
  readonly name: string;
  readonly change: (object: Draft) => void;
  readonly noticed: RegExp;
  /** Whether the operator must start anew for it to matter: a watch that is open outlives the permission. */
  readonly restartsOperator?: true;
}

// biome-ignore lint/suspicious/noExplicitAny: a manifest of any kind, in which one field is spoilt.
type Draft = any;

/** The object with the mistake in it. */
export function broken({ change }: Breakage, object: KubernetesObject): KubernetesObject {
  const draft: Draft = structuredClone(object);
  change(draft);
  return draft as KubernetesObject;
}

/** Takes a resource out of the rules of a role. */
function without(resource: string): (role: Draft) => void {
  return (role) => {
    role.rules = role.rules
      .map((rule: Draft) =>
        rule.resources === undefined
          ? rule
          : { ...rule, resources: rule.resources.filter((each: string) => each !== resource) },
      )
      .filter((rule: Draft) => rule.resources === undefined || rule.resources.length > 0);
  };
}

/** Changes the routing inside its Secret. */
function routing(change: (config: Draft) => void): (secret: Draft) => void {
  return (secret) => {
    const config: Draft = parse(secret.stringData["alertmanager.yaml"]);
    change(config);
    secret.stringData["alertmanager.yaml"] = stringify(config);
  };
}

export const BREAKAGES: readonly Breakage[] = [
  {
    mistake: "a monitor selects a label that no Service has",
    kind: "ServiceMonitor",
    name: "coredns",
    change: ({ spec }) => {
      spec.selector.matchLabels = { "k8s-app": "coredns" };
    },
    noticed: /coredns\/0 has no target/,
  },
  {
    mistake: "a monitor names a port that the Service does not have",
    kind: "ServiceMonitor",
    name: "kube-state-metrics",
    change: ({ spec }) => {
      spec.endpoints[0].port = "web";
    },
    noticed: /kube-state-metrics\/0 has no target/,
  },
  {
    mistake: "a monitor names a scrape class that there is not",
    kind: "ServiceMonitor",
    name: "kubelet",
    change: ({ spec }) => {
      spec.scrapeClass = "kubelet";
    },
    noticed: /nothing scrapes .*\/kubelet\/0/,
  },
  {
    mistake: "a Service selects no pod",
    kind: "Service",
    name: "prometheus-operator",
    change: ({ spec }) => {
      spec.selector["app.kubernetes.io/name"] = "operator";
    },
    noticed: /prometheus-operator\/0 has no target/,
  },
  {
    mistake: "Prometheus may not read EndpointSlices",
    kind: "ClusterRole",
    name: "bellwether-prometheus",
    change: without("endpointslices"),
    noticed: /prometheus may not list endpointslices/,
  },
  {
    mistake: "Prometheus may not read the kubelets' metrics",
    kind: "ClusterRole",
    name: "bellwether-prometheus",
    change: without("nodes/metrics"),
    noticed: /kubelet\/0 is down: .*403/,
  },
  {
    mistake: "Prometheus may not read the API server's metrics",
    kind: "ClusterRole",
    name: "bellwether-prometheus",
    change: (role) => {
      role.rules = role.rules.filter((rule: Draft) => rule.nonResourceURLs === undefined);
    },
    noticed: /apiserver\/0 is down: .*403/,
  },
  {
    mistake: "kube-state-metrics may not list pods",
    kind: "ClusterRole",
    name: "bellwether-kube-state-metrics",
    change: without("pods"),
    noticed: /kube-state-metrics may not list pods/,
  },
  {
    mistake: "the operator may not list monitors",
    kind: "ClusterRole",
    name: "bellwether-prometheus-operator",
    change: without("servicemonitors"),
    noticed: /prometheus-operator: list .*servicemonitors/,
    restartsOperator: true,
  },
  {
    mistake: "rules are selected by a label that they lack",
    kind: "Prometheus",
    name: "prometheus",
    change: ({ spec }) => {
      spec.ruleSelector = { matchLabels: { prometheus: "main" } };
    },
    noticed: /no rule file holds platform-general/,
  },
  {
    mistake: "monitors are selected by a label that they lack",
    kind: "Prometheus",
    name: "prometheus",
    change: ({ spec }) => {
      spec.serviceMonitorSelector = { matchLabels: { prometheus: "main" } };
    },
    noticed: /nothing scrapes serviceMonitor\/monitoring\/coredns\/0/,
  },
  {
    mistake: "alerts go to a Service that there is not",
    kind: "Prometheus",
    name: "prometheus",
    change: ({ spec }) => {
      spec.alerting.alertmanagers[0].name = "alertmanagers";
    },
    noticed: /knows 0 of 3 Alertmanagers/,
  },
  {
    mistake: "a rule is no PromQL",
    kind: "PrometheusRule",
    name: "platform-storage",
    change: ({ spec }) => {
      spec.groups[0].rules[0].expr = "sum(";
    },
    noticed: /no rule file holds platform-storage/,
  },
  {
    mistake: "the routing names a receiver that there is not",
    kind: "Secret",
    name: "alertmanager-config",
    change: routing((config) => {
      config.route.routes.at(-1).routes[0].receiver = "nobody-at-all";
    }),
    noticed: /Alertmanager is not Reconciled|amtool: /,
  },
  {
    mistake: "a team has no route",
    kind: "Secret",
    name: "alertmanager-config",
    change: routing((config) => {
      config.route.routes.pop();
    }),
    noticed: /no route of its own for alerts with team=shop severity=critical/,
  },
  {
    mistake: "a network policy forgets a port",
    kind: "NetworkPolicy",
    name: "prometheus",
    change: ({ spec }) => {
      for (const rule of spec.egress)
        if (rule.to !== undefined)
          rule.ports = rule.ports?.filter(({ port }: { port: number }) => port !== 8081);
      spec.egress = spec.egress.filter((rule: Draft) => rule.ports === undefined || rule.ports.length > 0);
    },
    noticed: /kube-state-metrics\/1 is down: .*502/,
  },
  {
    mistake: "a disruption budget selects no pod",
    kind: "PodDisruptionBudget",
    name: "alertmanager",
    change: ({ spec }) => {
      spec.selector.matchLabels["app.kubernetes.io/instance"] = "alertmanager";
    },
    noticed: /PodDisruptionBudget alertmanager guards no pod/,
  },
  {
    mistake: "a pod breaks the namespace's security level",
    kind: "Deployment",
    name: "blackbox-exporter",
    change: ({ spec }) => {
      delete spec.template.spec.containers[0].securityContext;
    },
    noticed: /Deployment blackbox-exporter has \d of 2 pods/,
  },
  {
    mistake: "the pair has one external label too few",
    kind: "Prometheus",
    name: "prometheus",
    change: ({ spec }) => {
      delete spec.externalLabels.cluster;
    },
    noticed: /no external label cluster/,
  },
];
