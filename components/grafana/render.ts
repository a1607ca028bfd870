import { createHash } from "node:crypto";
import type { IStatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import type { IRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
import type { IRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import type { ISecret } from "kubernetes-models/v1/Secret";
import type { IService } from "kubernetes-models/v1/Service";
import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import { labelsOf, selectorOf, WORKLOADS } from "../workloads/model.ts";
import { provisioningFiles, secretNames } from "./alerting/provisioning.ts";
import { type AlertingArgs, renderAlerting } from "./alerting/render.ts";
import {
  ADMIN_PASSWORD_FILE,
  dashboardProvidersYaml,
  dataSourcesYaml,
  grafanaIni,
  SECRET_KEY_FILE,
} from "./configuration.ts";
import { type GrafanaContentArgs, renderContent } from "./content.ts";
import { renderDashboardConfigMap } from "./dashboard-config-map.ts";
import type { InClusterGrafanaSettings } from "./model.ts";
import { type PodArgs, podTemplate } from "./pod.ts";

/** What the objects of a Grafana on the cluster are rendered from. */
export interface InClusterGrafanaArgs extends GrafanaContentArgs {
  readonly settings: InClusterGrafanaSettings;
  readonly namespace: string;
  /** What Grafana alerts of by itself. Default: nothing. */
  readonly alerting?: AlertingArgs;
}

/** Grafana's objects; a Secret still lacks its value, which the component adds. */
export interface InClusterGrafanaObjects {
  readonly grafana: IStatefulSet;
  /** What its pod mounts, or needs in order to start. */
  readonly before: {
    readonly "service-account": IServiceAccount;
    readonly role: IRole;
    readonly "role-binding": IRoleBinding;
    readonly configuration: IConfigMap;
  };
  /** What Pulumi reports as ready only once the pod is. */
  readonly after: { readonly service: IService };
  readonly adminSecret: ISecret;
  /** For the values that contact points need, by the names of these; nothing where they need none. */
  readonly contactSecret?: { readonly object: ISecret; readonly names: readonly string[] };
  /** How people reach it; nothing where they come through a port-forward, which no policy stops. */
  readonly ingress: Readonly<Record<string, INetworkPolicy>>;
  /** By name. They come and go without a restart. */
  readonly dashboards: Readonly<Record<string, IConfigMap>>;
}

const NAME = WORKLOADS.grafana.name;
const CONFIGURATION = `${NAME}-configuration`;
const ADMIN_SECRET = `${NAME}-admin`;
const CONTACT_SECRET = `${NAME}-contact-points`;

/**
 * A Grafana of one replica. Its database is SQLite, which has one writer; hence a StatefulSet, which never starts a second
 * pod beside the first, and no disruption budget: over one replica it would either stop every node's drain or allow
 * everything. While the pod moves, dashboards are away for a minute and alerting is not, because it does not pass through here.
 *
 * Throws an Error for a dashboard that a ConfigMap cannot hold.
 */
export function renderInCluster(args: InClusterGrafanaArgs): InClusterGrafanaObjects {
  const { settings, namespace } = args;
  const metadata = (name: string) => ({ name, namespace, labels: labelsOf(WORKLOADS.grafana) });
  const { sources, folders } = renderContent(args);
  const alerting = args.alerting && renderAlerting(args.alerting);
  const provisioned = alerting === undefined ? {} : provisioningFiles(alerting);
  const contactSecrets = alerting === undefined ? [] : secretNames(alerting);
  const configuration = {
    "grafana.ini": grafanaIni(settings.externalUrl),
    "data-sources.yaml": dataSourcesYaml(Object.values(sources), sources.prometheus.uid),
    "dashboard-providers.yaml": dashboardProvidersYaml(),
    // A key of a ConfigMap holds no slash.
    ...Object.fromEntries(Object.entries(provisioned).map(([path, text]) => [fileName(path), text])),
  };
  return {
    grafana: statefulSet(args, metadata(NAME), {
      configurationChecksum: checksum(configuration),
      provisioned: Object.keys(provisioned).map((path) => ({ key: fileName(path), path })),
      ...(contactSecrets.length > 0 && { contactSecret: CONTACT_SECRET }),
    }),
    before: {
      "service-account": {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: metadata(NAME),
        automountServiceAccountToken: false,
      },
      role: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: metadata(NAME),
        rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
      },
      "role-binding": {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: metadata(NAME),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: NAME },
        subjects: [{ kind: "ServiceAccount", name: NAME, namespace }],
      },
      configuration: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: metadata(CONFIGURATION),
        data: configuration,
      },
    },
    after: { service: service(metadata(NAME)) },
    adminSecret: { apiVersion: "v1", kind: "Secret", metadata: metadata(ADMIN_SECRET), type: "Opaque" },
    ...(contactSecrets.length > 0 && {
      contactSecret: {
        object: { apiVersion: "v1", kind: "Secret", metadata: metadata(CONTACT_SECRET), type: "Opaque" },
        names: contactSecrets,
      },
    }),
    ingress:
      settings.externalUrl === undefined ? {} : { "network-policy": ingress(metadata(`${NAME}-people`)) },
    dashboards: Object.fromEntries(
      folders.flatMap(({ title, dashboards }) =>
        dashboards.map(({ name, json }) => [name, renderDashboardConfigMap(json, namespace, title)]),
      ),
    ),
  };
}

/** The secret's data, given the password and the key. */
export function adminSecretData<Text>(password: Text, key: Text): Record<string, Text> {
  return { [ADMIN_PASSWORD_FILE]: password, [SECRET_KEY_FILE]: key };
}

type Metadata = NonNullable<IStatefulSet["metadata"]>;

function statefulSet(
  { settings, cluster }: InClusterGrafanaArgs,
  metadata: Metadata,
  mounted: Omit<PodArgs, "configurationMap" | "adminSecret">,
): IStatefulSet {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata,
    spec: {
      serviceName: NAME,
      replicas: 1,
      selector: { matchLabels: selectorOf(WORKLOADS.grafana) },
      updateStrategy: { type: "RollingUpdate" },
      template: podTemplate({ configurationMap: CONFIGURATION, adminSecret: ADMIN_SECRET, ...mounted }),
      // The database outlives the pod and the StatefulSet: users, their preferences and annotations are nowhere else. Its size is
      // fixed once it exists, as Kubernetes changes no claim template: to grow it, grow the claim and replace the StatefulSet.
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      volumeClaimTemplates: [
        {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: cluster.storageClass,
            resources: { requests: { storage: settings.volume } },
          },
        },
      ],
    },
  };
}

function service(metadata: Metadata): IService {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: {
      type: "ClusterIP",
      selector: selectorOf(WORKLOADS.grafana),
      ports: [{ name: "http", port: WORKLOADS.grafana.ports.http, targetPort: "http", protocol: "TCP" }],
    },
  };
}

/**
 * Lets whatever serves the external URL in: an ingress controller's pods or a load balancer's addresses, which are for the
 * cluster's owner to choose. Grafana itself asks who is there. All else stays as the namespace's own policies say.
 */
function ingress(metadata: Metadata): INetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec: {
      podSelector: { matchLabels: selectorOf(WORKLOADS.grafana) },
      policyTypes: ["Ingress"],
      ingress: [{ ports: [{ port: WORKLOADS.grafana.ports.http, protocol: "TCP" }] }],
    },
  };
}

function fileName(path: string): string {
  return path.replaceAll("/", "-");
}

/** Changes with the configuration and with nothing else: in the pod's annotations it makes a change restart the pod. */
function checksum(files: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex");
}
