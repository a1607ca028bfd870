import type { IPodTemplateSpec } from "kubernetes-models/v1/PodTemplateSpec";
import { IMAGES } from "../images/model.ts";
import { PRIORITY_CLASS } from "../prometheus/namespaces.ts";
import { labelsOf, WORKLOADS } from "../workloads/model.ts";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../workloads/pod-security.ts";
import { CONTACT_SECRETS } from "./alerting/provisioning.ts";
import { PATHS } from "./configuration.ts";
import { DASHBOARD_LABEL, FOLDER_ANNOTATION } from "./dashboard-config-map.ts";

type Container = NonNullable<NonNullable<IPodTemplateSpec["spec"]>["containers"]>[number];
type Volume = NonNullable<NonNullable<IPodTemplateSpec["spec"]>["volumes"]>[number];

export interface PodArgs {
  /** Name of the ConfigMap with grafana.ini and the provisioning files. */
  readonly configurationMap: string;
  readonly configurationChecksum: string;
  /** Further files of the ConfigMap, and the path of each below the provisioning folder. */
  readonly provisioned: readonly { readonly key: string; readonly path: string }[];
  /** Whether contact points have secrets. */
  readonly contactSecrets: boolean;
}

/** The names of the Secrets that Grafana reads, of texts or of what exists only later. */
export interface SecretNames<Text> {
  /** The password of the user admin. */
  readonly admin: string;
  /** The key of the database. */
  readonly secretKey: Text;
  /** The secrets of contact points. Default: they have none. */
  readonly contactPoints?: Text;
}

/** The user id in Grafana's image. */
const GRAFANA_USER = 472;
/** The sidecar's health endpoint. */
const SIDECAR_HEALTH_PORT = 8081;
const TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Grafana's pod without {@link secretVolumes}: Grafana, and the sidecar that turns ConfigMaps into dashboard files. */
export function podTemplate(args: PodArgs): IPodTemplateSpec {
  return {
    metadata: {
      labels: labelsOf(WORKLOADS.grafana),
      annotations: { "checksum/configuration": args.configurationChecksum },
    },
    spec: {
      serviceAccountName: WORKLOADS.grafana.name,
      // Grafana does not use the Kubernetes API; the sidecar mounts its own token.
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priorityClassName: PRIORITY_CLASS,
      securityContext: {
        ...RESTRICTED_POD,
        runAsUser: GRAFANA_USER,
        runAsGroup: GRAFANA_USER,
        fsGroup: GRAFANA_USER,
        // Only Grafana uses the volume, so its ownership needs to be changed only once.
        fsGroupChangePolicy: "OnRootMismatch",
      },
      terminationGracePeriodSeconds: 30,
      containers: [grafana(args), sidecar()],
      volumes: volumes(args),
    },
  };
}

function grafana({ contactSecrets }: PodArgs): Container {
  return {
    name: "grafana",
    image: IMAGES.grafana,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: "http", containerPort: WORKLOADS.grafana.ports.http, protocol: "TCP" }],
    // 90% of the memory limit: the garbage collector runs more often before the container is OOMKilled.
    env: [{ name: "GOMEMLIMIT", value: "460MiB" }],
    // Grafana's documentation recommends at least 512 MiB.
    resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "512Mi" } },
    securityContext: RESTRICTED_CONTAINER,
    // The first start creates the schema of the database, which takes about 1 minute on a slow volume. 60 × 5 s are 5 minutes.
    startupProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 5, failureThreshold: 60 },
    // /api/health also checks the database, /healthz does not: while the database is unavailable, Grafana is removed from the Service
    // and not restarted.
    livenessProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { httpGet: { path: "/api/health", port: "http" }, periodSeconds: 10 },
    volumeMounts: [
      { name: "data", mountPath: PATHS.data },
      { name: "configuration", mountPath: PATHS.configuration, readOnly: true },
      { name: "secrets", mountPath: PATHS.secrets, readOnly: true },
      ...(contactSecrets ? [{ name: "contact-points", mountPath: CONTACT_SECRETS, readOnly: true }] : []),
      { name: "dashboards", mountPath: PATHS.dashboards, readOnly: true },
      { name: "scratch", mountPath: "/tmp", subPath: "grafana" },
    ],
  };
}

function sidecar(): Container {
  const health = { httpGet: { path: "/healthz", port: "health" } };
  return {
    name: "dashboards",
    image: IMAGES.k8sSidecar,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: "health", containerPort: SIDECAR_HEALTH_PORT, protocol: "TCP" }],
    env: [
      { name: "METHOD", value: "WATCH" },
      { name: "RESOURCE", value: "configmap" },
      { name: "NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "LABEL", value: DASHBOARD_LABEL.name },
      { name: "LABEL_VALUE", value: DASHBOARD_LABEL.value },
      { name: "FOLDER", value: PATHS.dashboards },
      { name: "FOLDER_ANNOTATION", value: FOLDER_ANNOTATION },
      // Two teams may use the same file name.
      { name: "UNIQUE_FILENAMES", value: "true" },
      { name: "HEALTH_PORT", value: String(SIDECAR_HEALTH_PORT) },
      { name: "LOG_LEVEL", value: "WARN" },
    ],
    resources: { requests: { cpu: "10m", memory: "128Mi" }, limits: { memory: "128Mi" } },
    securityContext: RESTRICTED_CONTAINER,
    // Ready: every ConfigMap has been read once. Live: the API server responded within 1 minute and the watch is running. It is restarted
    // only after 3 minutes, because a restart does not help if the API server is down.
    startupProbe: { ...health, periodSeconds: 5, failureThreshold: 24 },
    readinessProbe: { ...health, periodSeconds: 10 },
    livenessProbe: { ...health, periodSeconds: 30, failureThreshold: 6 },
    volumeMounts: [
      { name: "dashboards", mountPath: PATHS.dashboards },
      { name: "api-token", mountPath: TOKEN_PATH, readOnly: true },
      { name: "scratch", mountPath: "/tmp", subPath: "sidecar" },
    ],
  };
}

function volumes({ configurationMap, provisioned }: PodArgs): Volume[] {
  return [
    {
      name: "configuration",
      configMap: {
        name: configurationMap,
        items: [
          { key: "grafana.ini", path: "grafana.ini" },
          { key: "data-sources.yaml", path: "provisioning/datasources/data-sources.yaml" },
          { key: "dashboard-providers.yaml", path: "provisioning/dashboards/dashboard-providers.yaml" },
          ...provisioned.map(({ key, path }) => ({ key, path: `provisioning/${path}` })),
        ],
      },
    },
    { name: "dashboards", emptyDir: { sizeLimit: "64Mi" } },
    { name: "scratch", emptyDir: { sizeLimit: "256Mi" } },
    { name: "api-token", projected: { defaultMode: 0o440, sources: API_TOKEN } },
  ];
}

/**
 * The volumes of Secrets, which the component adds: Grafana reads the key and the contact points only when it starts, so their
 * Secrets are replaced under a new name instead of changed, and the new name here restarts the pod. The password's Secret keeps its
 * name: Grafana reads it at the first start of all, and a restart would apply nothing.
 */
export function secretVolumes<Text>({ admin, secretKey, contactPoints }: SecretNames<Text>) {
  const defaultMode = 0o440;
  return [
    {
      name: "secrets",
      projected: { defaultMode, sources: [{ secret: { name: admin } }, { secret: { name: secretKey } }] },
    },
    ...(contactPoints === undefined
      ? []
      : [{ name: "contact-points", secret: { secretName: contactPoints, defaultMode } }]),
  ];
}

/** The volume that the kubelet would mount into both containers by default; here only the sidecar mounts it. */
const API_TOKEN = [
  { serviceAccountToken: { path: "token", expirationSeconds: 3_607 } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
];
