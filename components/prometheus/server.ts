import type { IPrometheus } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus";
import type { IClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import type { IService } from "kubernetes-models/v1/Service";
import { EVALUATED_BY, PART_OF } from "../core/labels.ts";
import { VERSIONS } from "../core/versions.ts";
import { IMAGES } from "../images/model.ts";
import { hostOf } from "../ingress/model.ts";
import { metadataOf, type Placed, placed, selectorOf, WORKLOADS } from "../workloads/model.ts";
import { disruptionBudget, spread, spreadOfShards } from "../workloads/placement.ts";
import { bindClusterRole, clusterMetadataOf, renderServiceAccount } from "./access.ts";
import { kubeletService, operatedBy } from "./existing-programs.ts";
import type { ResolvedMonitoring } from "./model.ts";
import { PRIORITY_CLASS } from "./namespaces.ts";
import { replicaLabel } from "./remote-write.ts";
import { kubernetesClass } from "./scrape-class.ts";

type Prometheus = Placed<typeof WORKLOADS.prometheus>;

// Selects everything. An empty selector is not a missing one: the operator takes a missing one for "nothing".
const ALL = {};
// What the platform and the programs of teams write has this label.
const OWN = { matchLabels: { [PART_OF]: "bellwether" } };

/** The Prometheus resource: the operator makes the StatefulSet, its volumes and its configuration from it. */
export function renderPrometheus(resolved: ResolvedMonitoring): IPrometheus {
  const { settings, cluster, environment, alertmanager, namespaces } = resolved;
  const prometheus = placed(WORKLOADS.prometheus, namespaces);
  const { cpu, memory } = settings.resources;
  const selected = settings.monitors === "own" ? OWN : ALL;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Prometheus",
    metadata: { ...metadataOf(prometheus), ...operatedBy(settings.operator) },
    spec: {
      version: `v${VERSIONS.prometheus}`,
      image: IMAGES.prometheus,
      replicas: settings.replicas,
      ...(settings.shards > 1 && { shards: settings.shards }),
      serviceAccountName: prometheus.name,
      priorityClassName: PRIORITY_CLASS,
      nodeSelector: { "kubernetes.io/os": "linux" },
      ...(settings.shards > 1
        ? spreadOfShards(prometheus, { replicas: settings.replicas, zones: cluster.zones })
        : spread(prometheus, { replicas: settings.replicas, zones: cluster.zones })),

      scrapeInterval: settings.scrapeInterval,
      evaluationInterval: settings.scrapeInterval,
      serviceDiscoveryRole: "EndpointSlice",
      // Two labels identify every alert's and every sample's origin. The operator's own third one, naming this resource, says
      // nothing that they do not; the replica's label stays, because remote readers deduplicate by it, and is dropped from alerts.
      externalLabels: { cluster: cluster.name, environment },
      prometheusExternalLabelName: "",
      ...replicaLabel(settings.store),
      ...(settings.ingress?.kind === "alb" && {
        externalUrl: `https://${hostOf(settings.ingress, "prometheus")}`,
      }),

      // Monitors and rules of every namespace, whatever their labels: a monitor that is silently ignored is the commonest
      // complaint about the charts that select by a release label.
      serviceMonitorSelector: selected,
      serviceMonitorNamespaceSelector: ALL,
      podMonitorSelector: selected,
      podMonitorNamespaceSelector: ALL,
      probeSelector: selected,
      probeNamespaceSelector: ALL,
      ruleSelector: ruleSelector(settings, selected),
      ruleNamespaceSelector: ALL,
      scrapeConfigSelector: selected,
      scrapeConfigNamespaceSelector: ALL,

      // What keeps one team's target from taking the server down for all.
      enforcedSampleLimit: resolved.sampleLimit,
      enforcedLabelLimit: 64,
      enforcedLabelNameLengthLimit: 128,
      enforcedLabelValueLengthLimit: 2048,
      // Targets that relabelling drops are kept for the page that shows them; the first hundred show enough.
      enforcedKeepDroppedTargets: 100,
      arbitraryFSAccessThroughSMs: { deny: true },
      scrapeClasses: [kubernetesClass(kubeletService(settings.operator))],

      ...(settings.otlp && receiver()),

      alerting: {
        alertmanagers: [
          { namespace: namespaces.monitoring, name: alertmanager, port: "web", apiVersion: "v2" },
        ],
      },

      retention: settings.retention,
      retentionSize: resolved.retentionSize,
      walCompression: true,
      storage: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: cluster.storageClass,
            resources: { requests: { storage: settings.volume } },
          },
        },
      },
      // Samples outlive the server that wrote them, whether it is scaled down or deleted.
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },

      // Prometheus sets GOMEMLIMIT to 90% of the memory limit by itself, so that the collector works before the kernel kills.
      resources: { requests: { cpu, memory }, limits: { memory } },
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 2000,
        fsGroup: 2000,
        // The default walks every file of the volume at each start.
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
    },
  };
}

/**
 * What the store evaluates, Prometheus must not: both would write the same series. Where Thanos Ruler evaluates rules, it takes every one
 * that is not Prometheus' own, also those of others; a workspace has those alone that the program loads into it.
 */
function ruleSelector({ rules, store }: ResolvedMonitoring["settings"], selected: typeof ALL | typeof OWN) {
  if (rules === "local") return selected;
  const own =
    store.kind === "thanos"
      ? { operator: "In" as const, values: ["prometheus"] }
      : { operator: "NotIn" as const, values: ["store"] };
  return { ...selected, matchExpressions: [{ key: EVALUATED_BY, ...own }] };
}

/** Attributes of a resource that become labels of its series. `job` and `instance` come from service.name and service.instance.id. */
const PROMOTED = [
  "service.version",
  "deployment.environment.name",
  "k8s.namespace.name",
  "k8s.pod.name",
  "k8s.container.name",
];

/** The receiver at /api/v1/otlp/v1/metrics. Its names are those that the SDKs' exporters for Prometheus write, which the presets read. */
function receiver(): Pick<IPrometheus["spec"], "enableOTLPReceiver" | "enableFeatures" | "otlp" | "tsdb"> {
  return {
    enableOTLPReceiver: true,
    // Without it, one metric of delta temporality makes the receiver refuse the whole request, and what is cumulative is lost too.
    enableFeatures: ["otlp-deltatocumulative"],
    otlp: { translationStrategy: "UnderscoreEscapingWithSuffixes", promoteResourceAttributes: PROMOTED },
    // A collector that sends in batches, or again, does not keep the order.
    tsdb: { outOfOrderTimeWindow: "10m" },
  };
}

/** What stands beside the Prometheus resource: its account and rights, its Service, its disruption budget. */
export function renderServerObjects(resolved: ResolvedMonitoring) {
  const prometheus = placed(WORKLOADS.prometheus, resolved.namespaces);
  return {
    "server-account": renderServiceAccount(prometheus),
    "server-role": renderClusterRole(prometheus, resolved),
    "server-role-binding": bindClusterRole(prometheus),
    "server-service": renderService(prometheus),
    // With shards, one pod of all of them may be evicted at a time.
    ...(resolved.settings.replicas > 1 ? { "server-disruption-budget": disruptionBudget(prometheus) } : {}),
  };
}

// Reading, and only what finds and scrapes targets. No Secrets, no ConfigMaps: the operator hands over what is configured.
function renderClusterRole(prometheus: Prometheus, { cluster }: ResolvedMonitoring): IClusterRole {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: clusterMetadataOf(prometheus),
    rules: [
      { apiGroups: [""], resources: ["services", "pods"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
      // The kubelet asks the API server whether the caller may read this before it answers.
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { nonResourceURLs: ["/metrics"], verbs: ["get"] },
      ...(cluster.distribution === "eks"
        ? [
            {
              apiGroups: ["metrics.eks.amazonaws.com"],
              resources: ["kcm/metrics", "ksh/metrics"],
              verbs: ["get"],
            },
          ]
        : []),
    ],
  };
}

function renderService(prometheus: Prometheus): IService {
  const { ports } = prometheus;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(prometheus),
    spec: {
      selector: selectorOf(prometheus),
      ports: [{ name: "web", port: ports.web, targetPort: "web" }],
      // The replicas scrape at different moments: a reader that changes between them sees its graphs jump.
      sessionAffinity: "ClientIP",
    },
  };
}
