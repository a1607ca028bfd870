import type { IThanosRuler } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ThanosRuler";
import { stringify } from "yaml";
import { EVALUATED_BY, PART_OF } from "../core/labels.ts";
import { VERSIONS } from "../core/versions.ts";
import { IMAGES } from "../images/model.ts";
import { hostOf } from "../ingress/model.ts";
import type { KubernetesObjects } from "../kubernetes/model.ts";
import { renderServiceAccount } from "../prometheus/access.ts";
import { operatedBy } from "../prometheus/existing-programs.ts";
import type { ResolvedMonitoring } from "../prometheus/model.ts";
import { PRIORITY_CLASS } from "../prometheus/namespaces.ts";
import { labelsOf, metadataOf, placed, WORKLOADS } from "../workloads/model.ts";
import { disruptionBudget, spread } from "../workloads/placement.ts";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../workloads/pod-security.ts";
import { shardNames } from "../workloads/volumes.ts";
import { REPLICA_LABEL, RULER_REPLICA_LABEL, SIDECAR, type ThanosSettings } from "./model.ts";
import { OBJECT_STORAGE_FILE } from "./object-storage.ts";
import { headlessService } from "./services.ts";

/** The container of the operator's pods (prometheus-operator 0.94, pkg/thanos/statefulset.go). */
const CONTAINER = "thanos-ruler";

/** The Service from which the pods of every Prometheus have their names (prometheus-operator 0.94, pkg/prometheus/server/statefulset.go). */
const PROMETHEUS_PODS = "prometheus-operated";

/** Ports of the Thanos Query in the ruler's pods, which nothing else reaches. */
const QUERY_PORTS = { http: 10_912, grpc: 10_911 } as const;

/** The headless Service that the operator makes for every Alertmanager of the namespace. Each of them must get every alert. */
const ALERTMANAGERS = "alertmanager-operated";

/** How long a scrape takes at most until its samples are found. Longer ones, of slow targets, count in part or twice. */
const SCRAPED = "5s";

/** Where one Prometheus may be lost, one ruler may. */
function replicasOf({ settings }: ResolvedMonitoring): number {
  return settings.replicas > 1 ? 2 : 1;
}

/** What the pods of Thanos Ruler need before they start. */
export function rulerAccess(resolved: ResolvedMonitoring): KubernetesObjects {
  const ruler = placed(WORKLOADS.thanosRuler, resolved.namespaces);
  return {
    "thanos-ruler-account": renderServiceAccount(ruler),
    "thanos-ruler-service": headlessService(ruler),
    ...(replicasOf(resolved) > 1 && { "thanos-ruler-disruption-budget": disruptionBudget(ruler) }),
  };
}

/**
 * Thanos Ruler: the operator makes the StatefulSet from it, and the rule files from every PrometheusRule that is not Prometheus' own. The
 * ruler n asks the replica n of Prometheus (see {@link queryContainer}), keeps what it records for as long as Prometheus keeps samples, and
 * uploads it. `secretName` is that of the Secret with the configuration of the object storage, and may be known only later.
 */
export function renderRuler<Text>(
  resolved: ResolvedMonitoring,
  thanos: ThanosSettings,
  secretName: Text,
): IThanosRuler {
  const { settings, cluster, environment, namespaces } = resolved;
  const { rulerMemory, rulerVolume } = thanos;
  const ruler = placed(WORKLOADS.thanosRuler, namespaces);
  const { ingress } = settings;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ThanosRuler",
    metadata: { ...metadataOf(ruler, ruler.instance), ...operatedBy(settings.operator) },
    spec: {
      version: `v${VERSIONS.thanos}`,
      image: IMAGES.thanos,
      replicas: replicasOf(resolved),
      serviceName: ruler.name,
      serviceAccountName: ruler.name,
      portName: "web",
      podMetadata: { labels: labelsOf(ruler) },
      priorityClassName: PRIORITY_CLASS,
      nodeSelector: { "kubernetes.io/os": "linux" },
      enableServiceLinks: false,
      ...spread(ruler, { replicas: replicasOf(resolved), zones: cluster.zones }),

      // All that Prometheus leaves alone, in every namespace: no rule is evaluated twice, and none not at all.
      ruleSelector: {
        ...(settings.monitors === "own" && { matchLabels: { [PART_OF]: "bellwether" } }),
        matchExpressions: [{ key: EVALUATED_BY, operator: "NotIn", values: ["prometheus"] }],
      },
      ruleNamespaceSelector: {},
      evaluationInterval: settings.scrapeInterval,
      // A scrape that is under way has the time of its beginning, and is found at its end alone. A step record would miss it, and the next
      // one would take it for counted.
      ruleQueryOffset: SCRAPED,

      queryEndpoints: [`http://127.0.0.1:${QUERY_PORTS.http}`],
      alertmanagersUrl: [`dnssrv+http://_web._tcp.${ALERTMANAGERS}.${namespaces.monitoring}.svc`],
      ...(ingress?.kind === "alb" && { alertQueryUrl: `https://${hostOf(ingress, "prometheus")}` }),
      // Of records and of alerts, as Prometheus has them. The label of the replica is the operator's own, which it takes off alerts.
      labels: { cluster: cluster.name, environment },

      objectStorageConfig: { name: secretName as string, key: OBJECT_STORAGE_FILE },
      // Windows and budgets are read from here, and not from object storage, for as long as Prometheus keeps samples.
      retention: settings.retention,
      storage: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: cluster.storageClass,
            resources: { requests: { storage: rulerVolume } },
          },
        },
      },
      additionalArgs: [{ name: "enable-auto-gomemlimit" }, { name: "web.disable-cors" }],
      resources: { requests: { cpu: "100m", memory: rulerMemory }, limits: { memory: rulerMemory } },
      securityContext: {
        ...RESTRICTED_POD,
        fsGroup: RESTRICTED_POD.runAsGroup,
        fsGroupChangePolicy: "OnRootMismatch",
      },
      // The operator has no probes for it.
      containers: [
        {
          name: CONTAINER,
          readinessProbe: { httpGet: { path: "/-/ready", port: "web" }, periodSeconds: 5 },
          livenessProbe: { httpGet: { path: "/-/healthy", port: "web" }, periodSeconds: 30 },
        },
        queryContainer(resolved, thanos),
      ],
    },
  };
}

/**
 * Thanos Query beside a ruler. It asks one replica of Prometheus and its own ruler, never both of a pair, and no object storage.
 *
 * Thanos' deduplication takes samples of one replica or the other by where the range of a query begins. A step between two scrapes is
 * then measured from one replica to the other, and up to nearly twice as high, at every evaluation ("npm run test:engines"). With one
 * replica nothing is chosen: the ruler evaluates what that replica itself would. The other ruler does the same with the other replica.
 *
 * An endpoint is strict: while one does not answer, evaluations fail, and none is made of a part of the series. The other ruler goes on.
 */
function queryContainer({ settings, namespaces }: ResolvedMonitoring, { queryMemory }: ThanosSettings) {
  const servers = shardNames(settings.shards).map(
    (name) => `${name}-$(REPLICA).${PROMETHEUS_PODS}.${namespaces.monitoring}.svc:${SIDECAR.ports.grpc}`,
  );
  const own = `127.0.0.1:${WORKLOADS.thanosRuler.ports.grpc}`;
  return {
    name: "query",
    image: IMAGES.thanos,
    args: [
      "query",
      `--http-address=0.0.0.0:${QUERY_PORTS.http}`,
      `--grpc-address=127.0.0.1:${QUERY_PORTS.grpc}`,
      "--enable-auto-gomemlimit",
      `--endpoint.sd-config=${stringify({ endpoints: [...servers, own].map((address) => ({ address, strict: true })) })}`,
      // Takes the labels of replicas off; there is no second series to choose from.
      `--query.replica-label=${REPLICA_LABEL}`,
      `--query.replica-label=${RULER_REPLICA_LABEL}`,
      "--no-query.partial-response",
      `--query.default-evaluation-interval=${settings.scrapeInterval}`,
      "--web.disable-cors",
    ],
    // The label of Kubernetes 1.28 and later on the pods of a StatefulSet.
    env: [
      {
        name: "REPLICA",
        valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
      },
    ],
    ports: [{ name: "query", containerPort: QUERY_PORTS.http }],
    readinessProbe: { httpGet: { path: "/-/ready", port: "query" }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: "/-/healthy", port: "query" }, periodSeconds: 30 },
    resources: { requests: { cpu: "100m", memory: queryMemory }, limits: { memory: queryMemory } },
    securityContext: RESTRICTED_CONTAINER,
  };
}
