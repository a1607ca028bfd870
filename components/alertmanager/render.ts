import type { IAlertmanager } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Alertmanager";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import type { ISecret } from "kubernetes-models/v1/Secret";
import type { IService } from "kubernetes-models/v1/Service";
import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import type { ClusterTraits } from "../cluster/model.ts";
import { seconds } from "../core/duration.ts";
import { componentLabels, selectorLabels } from "../core/labels.ts";
import { VERSIONS } from "../core/versions.ts";
import { MONITORING_NAMESPACE } from "../prometheus/model.ts";
import { renderAlertmanagerConfig, TEMPLATES_CONFIG_MAP } from "./configuration.ts";
import { type AlertmanagerSettings, alertmanagerSecrets } from "./model.ts";
import { renderNotificationTemplates, TEMPLATES_FILE } from "./notifications.ts";
import { CREDENTIALS_SECRET } from "./receivers.ts";

export { renderAlertmanagerConfig } from "./configuration.ts";
export { type Destination, destinationsFor, type Grouping, receiversFor, WATCHDOG } from "./routing.ts";

/** What Alertmanager's objects are rendered from. */
export interface AlertmanagerArgs {
  readonly settings: AlertmanagerSettings;
  /** The environment's name, which every notification starts with. */
  readonly environment: string;
  readonly cluster: ClusterTraits;
}

/** The name of the Service that Prometheus and Grafana send to; its port is `web`, 9093. */
export const ALERTMANAGER_SERVICE = "alertmanager";
export const ALERTMANAGER_PORT = 9093;

const INSTANCE = "main";
const CONFIG_SECRET = "alertmanager-config";

/** Alertmanager's objects; the Secret with the receivers' credentials is made by the component. */
export interface AlertmanagerObjects {
  /** What the operator runs. */
  readonly alertmanager: IAlertmanager;
  /** What must be there before it. */
  readonly before: {
    readonly "service-account": IServiceAccount;
    readonly config: ISecret;
    readonly templates: IConfigMap;
  };
  /** What needs its pods. */
  readonly after: { readonly service: IService; readonly "disruption-budget": IPodDisruptionBudget };
}

export function renderAlertmanager(args: AlertmanagerArgs): AlertmanagerObjects {
  return {
    alertmanager: alertmanager(args),
    before: {
      "service-account": serviceAccount(),
      config: configSecret(args),
      templates: templates(args),
    },
    after: { service: service(), "disruption-budget": disruptionBudget() },
  };
}

const labels = componentLabels("alertmanager", INSTANCE, "alert-router");
// The operator sets these two on the pods, from the resource's name.
const podLabels = selectorLabels("alertmanager", INSTANCE);

const metadata = (name: string) => ({ name, namespace: MONITORING_NAMESPACE, labels: { ...labels } });

function alertmanager({ settings, cluster }: AlertmanagerArgs): IAlertmanager {
  const needsCredentials = alertmanagerSecrets(settings, "").length > 0;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Alertmanager",
    metadata: metadata(INSTANCE),
    spec: {
      image: `quay.io/prometheus/alertmanager:v${VERSIONS.alertmanager}`,
      version: `v${VERSIONS.alertmanager}`,
      replicas: settings.replicas,
      // Alertmanager reads Go's durations, which know no days.
      retention: `${Math.round(seconds(settings.retention) / 3600)}h`,
      ...(settings.externalUrl === undefined ? {} : { externalUrl: settings.externalUrl }),
      configSecret: CONFIG_SECRET,
      configMaps: [TEMPLATES_CONFIG_MAP],
      ...(needsCredentials ? { secrets: [CREDENTIALS_SECRET] } : {}),
      serviceAccountName: ALERTMANAGER_SERVICE,
      automountServiceAccountToken: false,
      portName: "web",
      podMetadata: { labels: { ...labels } },
      resources: { requests: { cpu: "20m", memory: "256Mi" }, limits: { memory: "256Mi" } },
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65534,
        runAsGroup: 65534,
        fsGroup: 65534,
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...spread(settings.replicas, cluster.zones),
      // Silences and the log of what was sent outlive the pod, and the resource.
      storage: {
        volumeClaimTemplate: {
          spec: {
            storageClassName: cluster.storageClass,
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: settings.volume } },
          },
        },
      },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    },
  };
}

/** Members share neither a node nor, where nodes name zones, a zone. */
function spread(
  replicas: number,
  zones: number,
): Pick<NonNullable<IAlertmanager["spec"]>, "affinity" | "topologySpreadConstraints"> {
  if (replicas === 1) return {};
  const labelSelector = { matchLabels: podLabels };
  return {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector, topologyKey: "kubernetes.io/hostname" },
        ],
      },
    },
    ...(zones === 1
      ? {}
      : {
          topologySpreadConstraints: [
            {
              labelSelector,
              topologyKey: "topology.kubernetes.io/zone",
              maxSkew: 1,
              whenUnsatisfiable: "DoNotSchedule",
            },
          ],
        }),
  };
}

function serviceAccount(): IServiceAccount {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadata(ALERTMANAGER_SERVICE),
    automountServiceAccountToken: false,
  };
}

function configSecret({ settings, environment }: AlertmanagerArgs): ISecret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadata(CONFIG_SECRET),
    type: "Opaque",
    stringData: { "alertmanager.yaml": renderAlertmanagerConfig(settings, environment) },
  };
}

/** A ConfigMap and not a further key of the configuration's Secret, so that reviewers see it change. */
function templates({ environment }: AlertmanagerArgs): IConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(TEMPLATES_CONFIG_MAP),
    data: { [TEMPLATES_FILE]: renderNotificationTemplates(environment) },
  };
}

function service(): IService {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(ALERTMANAGER_SERVICE),
    spec: {
      type: "ClusterIP",
      selector: podLabels,
      ports: [{ name: "web", port: ALERTMANAGER_PORT, targetPort: "web", protocol: "TCP" }],
    },
  };
}

function disruptionBudget(): IPodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata(ALERTMANAGER_SERVICE),
    spec: { maxUnavailable: 1, selector: { matchLabels: podLabels } },
  };
}

/** The Secret that the receivers' files are mounted from, still without its values. */
export function credentialsSecret(): ISecret {
  return { apiVersion: "v1", kind: "Secret", metadata: metadata(CREDENTIALS_SECRET), type: "Opaque" };
}
