import type { IAlertmanager } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Alertmanager";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import type { ISecret } from "kubernetes-models/v1/Secret";
import type { IService } from "kubernetes-models/v1/Service";
import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import type { ClusterTraits } from "../cluster/model.ts";
import { seconds } from "../core/duration.ts";
import { VERSIONS } from "../core/versions.ts";
import { IMAGES } from "../images/model.ts";
import { FIRING_ALERTS, type GrafanaAddress, panelUrl } from "../signals/panels.ts";
import {
  DEFAULT_NAMESPACES,
  labelsOf,
  metadataOf,
  type Namespaces,
  type Placed,
  placed,
  selectorOf,
  WORKLOADS,
} from "../workloads/model.ts";
import { disruptionBudget, spread } from "../workloads/placement.ts";
import { RESTRICTED_POD } from "../workloads/pod-security.ts";
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
  /** The namespaces of the platform. Default: monitoring and monitoring-node. */
  readonly namespaces?: Namespaces;
  /** Annotations of the Alertmanager resource. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The Grafana that lists the firing alerts, where Alertmanager has no URL of its own. */
  readonly grafana?: GrafanaAddress;
}

type Workload = Placed<typeof WORKLOADS.alertmanager>;

/** Alertmanager in the namespaces of an environment. */
function workloadIn({ namespaces = DEFAULT_NAMESPACES }: Pick<AlertmanagerArgs, "namespaces">): Workload {
  return placed(WORKLOADS.alertmanager, namespaces);
}

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
  readonly after: { readonly service: IService; readonly "disruption-budget"?: IPodDisruptionBudget };
}

export function renderAlertmanager(args: AlertmanagerArgs): AlertmanagerObjects {
  const workload = workloadIn(args);
  return {
    alertmanager: alertmanager(workload, args),
    before: {
      "service-account": serviceAccount(workload),
      config: configSecret(workload, args),
      templates: templates(workload, args),
    },
    after: {
      service: service(workload),
      ...(args.settings.replicas > 1 && { "disruption-budget": disruptionBudget(workload) }),
    },
  };
}

function alertmanager(
  workload: Workload,
  { settings, cluster, annotations }: AlertmanagerArgs,
): IAlertmanager {
  const needsCredentials = alertmanagerSecrets(settings, "").length > 0;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Alertmanager",
    metadata: {
      ...metadataOf(workload, workload.instance),
      ...(annotations && { annotations: { ...annotations } }),
    },
    spec: {
      image: IMAGES.alertmanager,
      version: `v${VERSIONS.alertmanager}`,
      replicas: settings.replicas,
      // Alertmanager reads Go's durations, which know no days.
      retention: `${Math.round(seconds(settings.retention) / 3600)}h`,
      ...(settings.externalUrl === undefined ? {} : { externalUrl: settings.externalUrl }),
      configSecret: CONFIG_SECRET,
      configMaps: [TEMPLATES_CONFIG_MAP],
      ...(needsCredentials ? { secrets: [CREDENTIALS_SECRET] } : {}),
      serviceAccountName: workload.name,
      automountServiceAccountToken: false,
      portName: "web",
      podMetadata: { labels: labelsOf(workload) },
      resources: { requests: { cpu: "20m", memory: "256Mi" }, limits: { memory: "256Mi" } },
      securityContext: { ...RESTRICTED_POD, fsGroup: RESTRICTED_POD.runAsGroup },
      ...spread(workload, { replicas: settings.replicas, zones: cluster.zones }),
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

function serviceAccount(workload: Workload): IServiceAccount {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadataOf(workload),
    automountServiceAccountToken: false,
  };
}

function configSecret(workload: Workload, { settings, environment }: AlertmanagerArgs): ISecret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(workload, CONFIG_SECRET),
    type: "Opaque",
    stringData: { "alertmanager.yaml": renderAlertmanagerConfig(settings, environment) },
  };
}

/** A ConfigMap and not a further key of the configuration's Secret, so that reviewers see it change. */
function templates(workload: Workload, { environment, settings, grafana }: AlertmanagerArgs): IConfigMap {
  const context = {
    environment,
    externalUrl: settings.externalUrl !== undefined,
    alertsUrl: grafana && panelUrl(grafana, FIRING_ALERTS),
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(workload, TEMPLATES_CONFIG_MAP),
    data: { [TEMPLATES_FILE]: renderNotificationTemplates(context) },
  };
}

function service(workload: Workload): IService {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(workload),
    spec: {
      type: "ClusterIP",
      selector: selectorOf(workload),
      ports: [{ name: "web", port: workload.ports.web, targetPort: "web", protocol: "TCP" }],
    },
  };
}

/** The Secret that the receivers' files are mounted from, still without its values. */
export function credentialsSecret(args: Pick<AlertmanagerArgs, "namespaces">): ISecret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(workloadIn(args), CREDENTIALS_SECRET),
    type: "Opaque",
  };
}
