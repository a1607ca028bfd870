import type { IPrometheus } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IStatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { IService } from "kubernetes-models/v1/Service";
import { stringify } from "yaml";
import { bytes } from "../core/quantity.ts";
import { VERSIONS } from "../core/versions.ts";
import { IMAGES } from "../images/model.ts";
import type { KubernetesObjects } from "../kubernetes/model.ts";
import { renderServiceAccount } from "../prometheus/access.ts";
import type { ResolvedMonitoring } from "../prometheus/model.ts";
import { PRIORITY_CLASS } from "../prometheus/namespaces.ts";
import { hasRuler } from "../prometheus/rule-evaluation.ts";
import { labelsOf, metadataOf, type Placed, placed, selectorOf, WORKLOADS } from "../workloads/model.ts";
import { disruptionBudget, type Placement, spread, spreadIfPossible } from "../workloads/placement.ts";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../workloads/pod-security.ts";
import { REPLICA_LABEL, RULER_REPLICA_LABEL, SIDECAR, type ThanosSettings } from "./model.ts";
import { OBJECT_STORAGE_FILE } from "./object-storage.ts";
import { renderRuler, rulerAccess } from "./ruler.ts";
import { headlessService, service } from "./services.ts";

/** The headless Service of the sidecars, by which Thanos Query finds each of them. */
const SIDECAR_SERVICE = "thanos-sidecar";
const DATA = "/var/thanos";
const CONFIG = "/etc/thanos";

/** The fields of the Prometheus resource from which the operator makes the sidecar. `secretName` may be known only later. */
export function renderSidecar<Text>(
  secretName: Text,
): Pick<IPrometheus["spec"], "thanos" | "disableCompaction"> {
  return {
    // Else the operator has Prometheus merge blocks that are uploaded, by a file of the sidecar; and all of them while there is no such
    // file, which is so until the first upload succeeds. Merged blocks are not uploaded.
    disableCompaction: true,
    thanos: {
      version: `v${VERSIONS.thanos}`,
      image: IMAGES.thanos,
      objectStorageConfig: { name: secretName as string, key: OBJECT_STORAGE_FILE },
      resources: { requests: { cpu: "50m", memory: "512Mi" }, limits: { memory: "512Mi" } },
    },
  };
}

/**
 * Thanos Query, the store gateway and the compactor, and the Service of the sidecars. `secretName` is that of the Secret with the
 * configuration of the object storage, and may be known only later.
 */
export function renderThanos<Text>(resolved: ResolvedMonitoring, settings: ThanosSettings, secretName: Text) {
  const { namespaces } = resolved;
  const query = placed(WORKLOADS.thanosQuery, namespaces);
  const store = placed(WORKLOADS.thanosStore, namespaces);
  const compactor = placed(WORKLOADS.thanosCompactor, namespaces);
  // Where one Prometheus may be lost, one of these may.
  const replicas = resolved.settings.replicas > 1 ? 2 : 1;
  return {
    /** What pods need before they start. */
    before: {
      "thanos-query-account": renderServiceAccount(query),
      "thanos-store-account": renderServiceAccount(store),
      "thanos-compactor-account": renderServiceAccount(compactor),
      "thanos-sidecar-service": sidecarService(resolved),
      // A headless Service, too, is what the names of the pods come from.
      "thanos-store-service": headlessService(store),
      ...(replicas > 1
        ? {
            "thanos-query-disruption-budget": disruptionBudget(query),
            "thanos-store-disruption-budget": disruptionBudget(store),
          }
        : {}),
      ...(hasRuler(resolved.settings) ? rulerAccess(resolved) : {}),
    },
    pods: {
      "thanos-query": queryDeployment(query, resolved, settings, replicas),
      "thanos-store": bucketReader(store, resolved, {
        replicas,
        args: storeArguments(settings),
        memory: settings.storeMemory,
        volume: settings.storeVolume,
        secretName,
      }),
      "thanos-compactor": bucketReader(compactor, resolved, {
        // Two would write the same blocks twice, and the second halt.
        replicas: 1,
        args: compactorArguments(settings),
        memory: settings.compactorMemory,
        volume: settings.compactorVolume,
        secretName,
      }),
    },
    /** After the pods: Pulumi waits until a Service has one. */
    services: {
      "thanos-query-service": service(query),
      "thanos-compactor-service": service(compactor),
    },
    /** What the operator makes pods of. */
    operated: operated(resolved, settings, secretName),
  };
}

function operated<Text>(
  resolved: ResolvedMonitoring,
  settings: ThanosSettings,
  secretName: Text,
): KubernetesObjects {
  return hasRuler(resolved.settings) ? { "thanos-ruler": renderRuler(resolved, settings, secretName) } : {};
}

function sidecarService({ namespaces }: ResolvedMonitoring): IService {
  const prometheus = placed(WORKLOADS.prometheus, namespaces);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(prometheus, SIDECAR_SERVICE),
    spec: {
      clusterIP: "None",
      selector: selectorOf(prometheus),
      ports: [{ name: "grpc", port: SIDECAR.ports.grpc, targetPort: "grpc" }],
    },
  };
}

function queryDeployment(
  query: Placed,
  resolved: ResolvedMonitoring,
  { queryMemory }: ThanosSettings,
  replicas: number,
): IDeployment {
  const { metadata, spec } = podTemplate(query, {
    args: queryArguments(resolved),
    memory: queryMemory,
    placement: spreadIfPossible(query, { replicas }),
  });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(query),
    spec: { replicas, selector: { matchLabels: selectorOf(query) }, template: { metadata, spec } },
  };
}

function queryArguments({ namespaces, settings }: ResolvedMonitoring): string[] {
  const found = (name: string) => `dnssrv+_grpc._tcp.${name}.${namespaces.monitoring}.svc`;
  return [
    "query",
    ...addresses(WORKLOADS.thanosQuery.ports),
    `--endpoint.sd-config=${stringify({
      endpoints: [
        SIDECAR_SERVICE,
        WORKLOADS.thanosStore.name,
        ...(hasRuler(settings) ? [WORKLOADS.thanosRuler.name] : []),
      ].map((name) => ({ address: found(name) })),
    })}`,
    // Without it every sum over the pair is twice as high.
    `--query.replica-label=${REPLICA_LABEL}`,
    ...(hasRuler(settings) ? [`--query.replica-label=${RULER_REPLICA_LABEL}`] : []),
    // A sum without the blocks that cannot be read looks like less traffic: such a query fails instead.
    "--no-query.partial-response",
    // Beyond the retention of raw samples only coarser ones are there, and they are not looked for without this.
    "--query.auto-downsampling",
    // As Prometheus has it, for subqueries without a step.
    `--query.default-evaluation-interval=${settings.scrapeInterval}`,
    "--web.disable-cors",
  ];
}

function storeArguments({ storeMemory }: ThanosSettings): string[] {
  const mebibytes = (share: number) => `${Math.floor((bytes(storeMemory) * share) / 2 ** 20)}MiB`;
  return [
    "store",
    ...addresses(WORKLOADS.thanosStore.ports),
    `--data-dir=${DATA}`,
    `--objstore.config-file=${CONFIG}/${OBJECT_STORAGE_FILE}`,
    // The defaults are sized for a gateway of any memory: 2 GB of chunks alone.
    `--index-cache-size=${mebibytes(1 / 4)}`,
    `--chunk-pool-size=${mebibytes(1 / 2)}`,
  ];
}

function compactorArguments(settings: ThanosSettings): string[] {
  return [
    "compact",
    ...addresses(WORKLOADS.thanosCompactor.ports),
    `--data-dir=${DATA}`,
    `--objstore.config-file=${CONFIG}/${OBJECT_STORAGE_FILE}`,
    "--wait",
    `--retention.resolution-raw=${settings.rawRetention}`,
    `--retention.resolution-5m=${settings.fiveMinuteRetention}`,
    `--retention.resolution-1h=${settings.hourRetention}`,
    // Its page can mark blocks for deletion, and asks for no password.
    "--disable-admin-operations",
    "--web.disable-cors",
  ];
}

function addresses(ports: { readonly http: number; readonly grpc?: number }): string[] {
  return [
    `--http-address=0.0.0.0:${ports.http}`,
    ...(ports.grpc === undefined ? [] : [`--grpc-address=0.0.0.0:${ports.grpc}`]),
    "--enable-auto-gomemlimit",
  ];
}

interface BucketReader<Text> {
  readonly replicas: number;
  readonly args: string[];
  readonly memory: string;
  readonly volume: string;
  readonly secretName: Text;
}

function bucketReader<Text>(
  workload: Placed,
  { cluster }: ResolvedMonitoring,
  { replicas, args, memory, volume, secretName }: BucketReader<Text>,
): IStatefulSet {
  const { metadata, spec } = podTemplate(workload, {
    args,
    memory,
    placement: spread(workload, { replicas, zones: cluster.zones }),
    mounts: [
      { name: "data", mountPath: DATA },
      { name: "object-storage", mountPath: CONFIG, readOnly: true },
    ],
  });
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: metadataOf(workload),
    spec: {
      replicas,
      serviceName: workload.name,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: selectorOf(workload) },
      // What is on these volumes is in the object storage, too.
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
      template: {
        metadata,
        spec: {
          ...spec,
          volumes: [{ name: "object-storage", secret: { secretName: secretName as string } }],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data", labels: labelsOf(workload) },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: cluster.storageClass,
            resources: { requests: { storage: volume } },
          },
        },
      ],
    },
  };
}

interface PodArgs {
  readonly args: string[];
  readonly memory: string;
  readonly placement: Placement;
  readonly mounts?: IContainer["volumeMounts"];
}

function podTemplate(
  workload: Placed,
  { args, memory, placement, mounts }: PodArgs,
): { metadata: { labels: Record<string, string> }; spec: IPodSpec } {
  return {
    metadata: { labels: labelsOf(workload) },
    spec: {
      serviceAccountName: workload.name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priorityClassName: PRIORITY_CLASS,
      nodeSelector: { "kubernetes.io/os": "linux" },
      ...placement,
      // Longer than the two minutes that a request may take.
      terminationGracePeriodSeconds: 130,
      securityContext: {
        ...RESTRICTED_POD,
        ...(mounts && { fsGroup: RESTRICTED_POD.runAsGroup, fsGroupChangePolicy: "OnRootMismatch" }),
      },
      containers: [
        {
          name: workload.name,
          image: IMAGES.thanos,
          args,
          ports: Object.entries(workload.ports).map(([name, containerPort]) => ({ name, containerPort })),
          readinessProbe: { httpGet: { path: "/-/ready", port: "http" }, periodSeconds: 5 },
          livenessProbe: { httpGet: { path: "/-/healthy", port: "http" }, periodSeconds: 30 },
          resources: { requests: { cpu: "100m", memory }, limits: { memory } },
          securityContext: RESTRICTED_CONTAINER,
          ...(mounts && { volumeMounts: mounts }),
        },
      ],
    },
  };
}
