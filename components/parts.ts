// The entry point for programs that build their own platform: every component, and the checks of its settings. Loads all SDKs.

export { Alertmanager } from "./alertmanager/component.ts";
export { type AlertmanagerSettings, alertmanagerProblems } from "./alertmanager/model.ts";
export { PlatformAlerts, type PlatformAlertsArgs } from "./alerts/component.ts";
export { type AlertsSettings, alertsProblems } from "./alerts/model.ts";
export { MetricsStore, type MetricsStoreArgs } from "./amp/component.ts";
export { Karpenter, type KarpenterArgs } from "./autoscaler/component.ts";
export { type ClusterHandle, EksCluster, ExistingCluster } from "./cluster/component.ts";
export { type ClusterSettings, type ClusterTraits, clusterProblems, clusterTraits } from "./cluster/model.ts";
export { VERSIONS } from "./core/versions.ts";
export { Grafana, type GrafanaArgs } from "./grafana/component.ts";
export { type GrafanaSettings, grafanaProblems } from "./grafana/model.ts";
export { HeartbeatAlarm, type HeartbeatAlarmArgs } from "./heartbeat/component.ts";
export * from "./index.ts";
export { Ingress, type IngressArgs } from "./ingress/component.ts";
export { Network, type NetworkArgs } from "./network/component.ts";
export { type NetworkSettings, networkProblems } from "./network/model.ts";
export { Monitoring, type MonitoringArgs } from "./prometheus/component.ts";
export { type PrometheusSettings, prometheusProblems } from "./prometheus/model.ts";
export type { GrafanaAddress } from "./signals/panels.ts";
