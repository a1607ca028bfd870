import type { IPrometheus } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import type { IService } from "kubernetes-models/v1/Service";
import { VERSIONS } from "../core/versions.ts";
import { bindClusterRole, clusterMetadataOf, renderServiceAccount } from "./access.ts";
import type { ResolvedMonitoring } from "./model.ts";
import { PRIORITY_CLASS } from "./namespaces.ts";
import { MONITORING_NAMESPACE, metadataOf, PROGRAMS, selectorOf } from "./programs.ts";
import { replicaLabel } from "./remote-write.ts";
import { KUBERNETES_CLASS } from "./scrape-class.ts";

const { prometheus } = PROGRAMS;

// Selects everything. An empty selector is not a missing one: the operator takes a missing one for "nothing".
const ALL = {};

/** The Prometheus resource: the operator makes the StatefulSet, its volumes and its configuration from it. */
export function renderPrometheus(resolved: ResolvedMonitoring): IPrometheus {
  const { settings, cluster, environment, alertmanager } = resolved;
  const { cpu, memory } = settings.resources;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Prometheus",
    metadata: metadataOf(prometheus),
    spec: {
      version: `v${VERSIONS.prometheus}`,
      image: `quay.io/prometheus/prometheus:v${VERSIONS.prometheus}`,
      replicas: settings.replicas,
      serviceAccountName: prometheus.name,
      priorityClassName: PRIORITY_CLASS,
      nodeSelector: { "kubernetes.io/os": "linux" },
      ...placement(resolved),

      scrapeInterval: settings.scrapeInterval,
      evaluationInterval: settings.scrapeInterval,
      serviceDiscoveryRole: "EndpointSlice",
      // Two labels identify every alert's and every sample's origin. The operator's own third one, naming this resource, says
      // nothing that they do not; the replica's label stays, because remote readers deduplicate by it, and is dropped from alerts.
      externalLabels: { cluster: cluster.name, environment },
      prometheusExternalLabelName: "",
      ...replicaLabel(settings.remoteWrite),

      // Monitors and rules of every namespace, whatever their labels: a monitor that is silently ignored is the commonest
      // complaint about the charts that select by a release label.
      serviceMonitorSelector: ALL,
      serviceMonitorNamespaceSelector: ALL,
      podMonitorSelector: ALL,
      podMonitorNamespaceSelector: ALL,
      probeSelector: ALL,
      probeNamespaceSelector: ALL,
      ruleSelector: ALL,
      ruleNamespaceSelector: ALL,
      scrapeConfigSelector: ALL,
      scrapeConfigNamespaceSelector: ALL,

      // What keeps one team's target from taking the server down for all.
      enforcedSampleLimit: resolved.sampleLimit,
      enforcedLabelLimit: 64,
      enforcedLabelNameLengthLimit: 128,
      enforcedLabelValueLengthLimit: 2048,
      // Targets that relabelling drops are kept for the page that shows them; the first hundred show enough.
      enforcedKeepDroppedTargets: 100,
      arbitraryFSAccessThroughSMs: { deny: true },
      scrapeClasses: [KUBERNETES_CLASS],

      alerting: {
        alertmanagers: [
          { namespace: MONITORING_NAMESPACE, name: alertmanager, port: "web", apiVersion: "v2" },
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

// One replica has nothing to be spread from, and a node without a zone label would then take no Prometheus at all.
function placement({ zoneSpread }: ResolvedMonitoring): Partial<IPrometheus["spec"]> {
  if (!zoneSpread) return {};
  const labelSelector = { matchLabels: selectorOf(prometheus) };
  return {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        // The resolver has seen to it that there are zones enough; a second replica in a zone would bind its volume there.
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector,
      },
    ],
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "kubernetes.io/hostname", labelSelector },
        ],
      },
    },
  };
}

/** What stands beside the Prometheus resource: its account and rights, its Service, its disruption budget. */
export function renderServerObjects(resolved: ResolvedMonitoring) {
  return {
    "server-account": renderServiceAccount(prometheus),
    "server-role": renderClusterRole(resolved),
    "server-role-binding": bindClusterRole(prometheus),
    "server-service": renderService(),
    ...(resolved.settings.replicas > 1 ? { "server-disruption-budget": renderDisruptionBudget() } : {}),
  };
}

// Reading, and only what finds and scrapes targets. No Secrets, no ConfigMaps: the operator hands over what is configured.
function renderClusterRole({ cluster }: ResolvedMonitoring): IClusterRole {
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

function renderService(): IService {
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

// One replica may go at a time. A single replica gets none: there is no other to wait for, and a drain must not hang on it.
function renderDisruptionBudget(): IPodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(prometheus),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorOf(prometheus) },
      // A replica that does not become ready holds nothing that a drain could lose, and must not block it.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  };
}
