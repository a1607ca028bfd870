import type { Value } from "./value.ts";

/** A resource as a policy sees it: its inputs before deployment, its outputs after. */
export interface ResourceView {
  /** Pulumi's type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  readonly urn: string;
  /** Whether Pulumi refuses to delete the resource. */
  readonly protect: boolean;
  readonly properties: Value;
  /** The inputs of the provider that creates it; left out where the engine names none. */
  readonly provider?: Value;
}

/** A resource among the others of its stack. */
export interface StackResource extends ResourceView {
  /** URNs of the resources that one input was taken from, by the name of the input. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** The type tokens that more than one policy looks for. */
export const TYPES = {
  deployment: "kubernetes:apps/v1:Deployment",
  statefulSet: "kubernetes:apps/v1:StatefulSet",
  daemonSet: "kubernetes:apps/v1:DaemonSet",
  job: "kubernetes:batch/v1:Job",
  cronJob: "kubernetes:batch/v1:CronJob",
  configMap: "kubernetes:core/v1:ConfigMap",
  secret: "kubernetes:core/v1:Secret",
  service: "kubernetes:core/v1:Service",
  namespace: "kubernetes:core/v1:Namespace",
  volumeClaim: "kubernetes:core/v1:PersistentVolumeClaim",
  disruptionBudget: "kubernetes:policy/v1:PodDisruptionBudget",
  networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  storageClass: "kubernetes:storage.k8s.io/v1:StorageClass",
  prometheus: "kubernetes:monitoring.coreos.com/v1:Prometheus",
  alertmanager: "kubernetes:monitoring.coreos.com/v1:Alertmanager",
  thanosRuler: "kubernetes:monitoring.coreos.com/v1:ThanosRuler",
  serviceMonitor: "kubernetes:monitoring.coreos.com/v1:ServiceMonitor",
  podMonitor: "kubernetes:monitoring.coreos.com/v1:PodMonitor",
  probe: "kubernetes:monitoring.coreos.com/v1:Probe",
  scrapeConfig: "kubernetes:monitoring.coreos.com/v1alpha1:ScrapeConfig",
  prometheusRule: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
  eksCluster: "aws:eks/cluster:Cluster",
  nodeGroup: "aws:eks/nodeGroup:NodeGroup",
  launchTemplate: "aws:ec2/launchTemplate:LaunchTemplate",
  subnet: "aws:ec2/subnet:Subnet",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  key: "aws:kms/key:Key",
  storedRules: "aws:amp/ruleGroupNamespace:RuleGroupNamespace",
  grafanaDashboard: "grafana:oss/dashboard:Dashboard",
  grafanaRules: "grafana:alerting/ruleGroup:RuleGroup",
  grafanaContactPoint: "grafana:alerting/contactPoint:ContactPoint",
  grafanaNotificationPolicy: "grafana:alerting/notificationPolicy:NotificationPolicy",
  grafanaWorkspace: "aws:grafana/workspace:Workspace",
  grafanaToken: "grafana:oss/serviceAccountToken:ServiceAccountToken",
  workspaceToken: "aws:grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken",
  ebsVolume: "aws:ebs/volume:Volume",
  vpc: "aws:ec2/vpc:Vpc",
  routeTable: "aws:ec2/routeTable:RouteTable",
  role: "aws:iam/role:Role",
  ingress: "kubernetes:networking.k8s.io/v1:Ingress",
  autoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
} as const;

/** `metadata.name` of a Kubernetes object, or the logical name where Kubernetes is left to choose. */
export function objectName(resource: ResourceView): string {
  return resource.properties.at("metadata", "name").text() ?? resource.name;
}

/** `metadata.namespace` of a Kubernetes object; `default` where there is none, as Kubernetes has it. */
export function objectNamespace(resource: ResourceView): string {
  return resource.properties.at("metadata", "namespace").text() ?? "default";
}
