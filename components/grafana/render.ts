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
import { type PodArgs, podTemplate, type SecretNames, secretVolumes } from "./pod.ts";

/** The arguments of the Kubernetes objects of a Grafana in the cluster. */
export interface InClusterGrafanaArgs extends GrafanaContentArgs {
  readonly settings: InClusterGrafanaSettings;
  readonly namespace: string;
  /** The alerts that Grafana evaluates. Default: none. */
  readonly alerting?: AlertingArgs;
}

/** Grafana's objects. The component adds the values of Secrets. */
export interface InClusterGrafanaObjects {
  /** Without the volumes of Secrets: see {@link withSecretVolumes}. */
  readonly grafana: IStatefulSet;
  /** Objects that the pod mounts or needs to start. */
  readonly before: {
    readonly "service-account": IServiceAccount;
    readonly role: IRole;
    readonly "role-binding": IRoleBinding;
    readonly configuration: IConfigMap;
  };
  /** Objects that Pulumi reports as ready only after the pod is ready. */
  readonly after: { readonly service: IService };
  readonly adminSecret: ISecret;
  /** Has no name: a new value is a new object, under a name that the provider generates. */
  readonly keySecret: ISecret;
  /** The Secret of the contact points, without a name, and the names of its values; undefined if they have no secrets. */
  readonly contactSecret?: { readonly object: ISecret; readonly names: readonly string[] };
  /** Ingress for users; none if they use a port-forward, to which network policies do not apply. */
  readonly ingress: Readonly<Record<string, INetworkPolicy>>;
  /** By name. Changes of them do not restart the pod. */
  readonly dashboards: Readonly<Record<string, IConfigMap>>;
}

const NAME = WORKLOADS.grafana.name;
const CONFIGURATION = `${NAME}-configuration`;
const ADMIN_SECRET = `${NAME}-admin`;

/**
 * A Grafana with one replica. Its database is SQLite, which allows one writer; hence a StatefulSet, which never runs two pods at the same
 * time, and no PodDisruptionBudget: with one replica it would either block node drains or have no effect. While the pod moves, dashboards
 * are unavailable for about 1 minute. The alerts of Prometheus and Alertmanager are not affected.
 *
 * Throws an Error for a dashboard that is too large for a ConfigMap.
 */
export function renderInCluster(args: InClusterGrafanaArgs): InClusterGrafanaObjects {
  const { settings, namespace } = args;
  const unnamed = { namespace, labels: labelsOf(WORKLOADS.grafana) };
  const metadata = (name: string) => ({ name, ...unnamed });
  const replacedSecret = (): ISecret => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: unnamed,
    type: "Opaque",
    immutable: true,
  });
  const { sources, folders } = renderContent(args);
  const alerting = args.alerting && renderAlerting(args.alerting);
  const provisioned = alerting === undefined ? {} : provisioningFiles(alerting);
  const contactSecrets = alerting === undefined ? [] : secretNames(alerting);
  const configuration = {
    "grafana.ini": grafanaIni(settings.externalUrl),
    "data-sources.yaml": dataSourcesYaml(Object.values(sources), sources.prometheus.uid),
    "dashboard-providers.yaml": dashboardProvidersYaml(),
    // The keys of a ConfigMap cannot contain a slash.
    ...Object.fromEntries(Object.entries(provisioned).map(([path, text]) => [fileName(path), text])),
  };
  return {
    grafana: statefulSet(args, metadata(NAME), {
      configurationChecksum: checksum(configuration),
      provisioned: Object.keys(provisioned).map((path) => ({ key: fileName(path), path })),
      contactSecrets: contactSecrets.length > 0,
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
    keySecret: replacedSecret(),
    ...(contactSecrets.length > 0 && {
      contactSecret: { object: replacedSecret(), names: contactSecrets },
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

/** The values of the Secrets that `grafana.ini` names files of. */
export function secretData<Text>(password: Text, key: Text) {
  return { admin: { [ADMIN_PASSWORD_FILE]: password }, key: { [SECRET_KEY_FILE]: key } };
}

/** The StatefulSet with the volumes of its Secrets, of which some have their name only later. */
export function withSecretVolumes<Text>(
  { spec, ...grafana }: IStatefulSet,
  names: Omit<SecretNames<Text>, "admin">,
) {
  const pod = spec?.template.spec;
  return {
    ...grafana,
    spec: {
      ...spec,
      template: {
        ...spec?.template,
        spec: {
          ...pod,
          volumes: [...(pod?.volumes ?? []), ...secretVolumes({ ...names, admin: ADMIN_SECRET })],
        },
      },
    },
  };
}

type Metadata = NonNullable<IStatefulSet["metadata"]>;

function statefulSet(
  { settings, cluster }: InClusterGrafanaArgs,
  metadata: Metadata,
  mounted: Omit<PodArgs, "configurationMap">,
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
      template: podTemplate({ configurationMap: CONFIGURATION, ...mounted }),
      // The volume is kept when the pod or the StatefulSet is deleted: it contains users, preferences and annotations.
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
 * Allows ingress to Grafana's port from all addresses: the owner of the cluster chooses the ingress controller or load balancer of the
 * external URL. Grafana authenticates users. For all other traffic the policies of the namespace apply.
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

/** A checksum of the configuration. As an annotation of the pod it restarts the pod when the configuration changes. */
function checksum(files: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex");
}
