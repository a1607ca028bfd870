import { dashboardJson } from "../../components/grafana/dashboard.ts";
import { type StackResource, TYPES } from "../../policies/rules/resource.ts";
import { UNKNOWN, Value } from "../../policies/rules/value.ts";
import { CONTEXT, dashboard, panel } from "../components/grafana/samples.ts";

/** A resource of the fixture. Its logical name is its key in {@link compliantStack}. */
export interface FixtureResource {
  readonly type: string;
  readonly protect?: boolean;
  readonly properties: Record<string, unknown>;
  readonly sources?: Readonly<Record<string, readonly string[]>>;
}

export type FixtureStack = Readonly<Record<string, FixtureResource>>;

/** The JSON of a dashboard with one panel that asks for this. */
export function dashboardText(ref: "nodes" | "pods", expr: string): string {
  const queries = [{ expr, legend: "{{job}}" }] as const;
  const lines = [{ height: 8, things: [panel("one", { queries })] }];
  const json = dashboardJson(dashboard({ ref, links: [], sections: [{ title: "S", lines }] }), CONTEXT);
  return JSON.stringify(json);
}

/** A query that the compliant stack has data for. */
export const DASHBOARD_QUERY = 'sum by (job) (kube_node_status_condition{job="kube-state-metrics"})';

export const TODAY = "2026-11-23";
export const STACK = "prod";
export const PROJECT = "bellwether";

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:${STACK}::${PROJECT}::${type}::${name}`;
}

const labels = (app: string) => ({
  "app.kubernetes.io/name": app,
  "app.kubernetes.io/instance": app,
  "app.kubernetes.io/part-of": "bellwether",
  "app.kubernetes.io/managed-by": "pulumi",
});
const selector = (app: string) => ({
  "app.kubernetes.io/name": app,
  "app.kubernetes.io/instance": app,
});
const metadata = (name: string, namespace = "monitoring") => ({ name, namespace, labels: labels(name) });
const owned = { "app.kubernetes.io/part-of": "bellwether", "app.kubernetes.io/managed-by": "pulumi" };
const spread = (app: string) => [
  {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: selector(app) },
  },
];

/** Alerts of a Grafana on the cluster, whose one notification policy is managed. */
export const GRAFANA_FILES: Readonly<Record<string, string>> = {
  "alerting-notification-policy.json": '{"policies": [{"receiver": "Chat"}]}',
  "alerting-contact-points.json": '{"contactPoints": [{"name": "Chat", "receivers": [{"type": "slack"}]}]}',
  "alerting-rules.json": JSON.stringify({
    groups: [
      {
        rules: [
          {
            title: "WatchdogGone",
            labels: { severity: "warning", team: "platform" },
            annotations: {
              summary: "The Watchdog is gone",
              description: "It does not fire.",
              runbook_url: "https://runbooks.example.com/WatchdogGone.md",
            },
            data: [{ refId: "A", model: { expr: "count(ALERTS)" } }],
          },
        ],
      },
    ],
  }),
};

function container(name: string, port: number) {
  return {
    name,
    image: `quay.io/example/${name}:v1.2.3`,
    ports: [{ name: "http", containerPort: port }],
    env: [{ name: "LOG_LEVEL", value: "info" }],
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "64Mi" } },
    readinessProbe: { httpGet: { path: "/ready", port: "http" } },
    livenessProbe: { httpGet: { path: "/live", port: "http" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
}

function deployment(app: string, replicas: number): FixtureResource {
  return {
    type: TYPES.deployment,
    properties: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: metadata(app),
      spec: {
        replicas,
        selector: { matchLabels: selector(app) },
        template: {
          metadata: { labels: labels(app) },
          spec: {
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            topologySpreadConstraints: spread(app),
            containers: [container(app, 9115)],
          },
        },
      },
    },
  };
}

function service(app: string, port: string, namespace = "monitoring"): FixtureResource {
  return {
    type: TYPES.service,
    properties: {
      metadata: metadata(app, namespace),
      spec: { selector: selector(app), ports: [{ name: port, port: 9115 }] },
    },
  };
}

function serviceMonitor(app: string, port: string): FixtureResource {
  return {
    type: TYPES.serviceMonitor,
    properties: {
      metadata: metadata(app),
      spec: { selector: { matchLabels: selector(app) }, endpoints: [{ port }] },
    },
  };
}

/** A disruption budget over a program's pods. */
export function budget(app: string): FixtureResource {
  return {
    type: TYPES.disruptionBudget,
    properties: {
      metadata: metadata(app),
      spec: { maxUnavailable: 1, selector: { matchLabels: selector(app) } },
    },
  };
}

function operated(type: string, app: string, replicas: number, spec: object): FixtureResource {
  return {
    type,
    protect: true,
    properties: {
      metadata: metadata(app),
      spec: {
        version: "3.13.1",
        replicas,
        topologySpreadConstraints: spread(app),
        resources: { requests: { cpu: "1", memory: "8Gi" }, limits: { memory: "8Gi" } },
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        storage: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "200Gi" } } } } },
        ...spec,
      },
    },
  };
}

function namespace(name: string, level: string, protect: boolean): FixtureResource {
  return {
    type: TYPES.namespace,
    protect,
    properties: { metadata: { name, labels: { ...owned, "pod-security.kubernetes.io/enforce": level } } },
  };
}

const annotations = {
  summary: "A node is down",
  description: "It has not been ready for ten minutes.",
  runbook_url: "https://example.com/runbooks/KubeNodeNotReady.md",
};

export const ALERTMANAGER_YAML = `
route:
  receiver: fallback
  routes:
    - matchers: ['alertname="Watchdog"']
      receiver: heartbeat
    - matchers: ['severity=~"info|none"']
      receiver: nobody
    - matchers: ['team="platform"']
      routes:
        - matchers: ['severity="critical"']
          receiver: pager
          continue: true
        - matchers: ['severity=~"critical|warning"']
          receiver: tickets
receivers:
  - name: fallback
    slack_configs: [{ channel: "#lost" }]
  - name: heartbeat
    webhook_configs: [{ url_file: /etc/heartbeat }]
  - name: pager
    pagerduty_configs: [{ routing_key_file: /etc/key }]
  - name: tickets
    email_configs: [{ to: tickets@example.com }]
  - name: nobody
`;

export const GRAFANA_INI = `[security]
admin_password = $__file{/etc/secrets/admin}
secret_key = $__file{/etc/secrets/key}

[users]
allow_sign_up = false

[auth.anonymous]
enabled = false
`;

const CLUSTER = urnOf(TYPES.eksCluster, "cluster");

const ROUTE_TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

/** A node group whose subnet id comes from the subnet itself, or from its association with a route table. */
function nodeGroup(subnetUrn: string): FixtureResource {
  return {
    type: TYPES.nodeGroup,
    properties: {
      clusterName: UNKNOWN,
      subnetIds: [UNKNOWN],
      scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 1 },
    },
    sources: { clusterName: [CLUSTER], subnetIds: [subnetUrn] },
  };
}

function routeAssociation(zone: string): FixtureResource {
  return {
    type: ROUTE_TABLE_ASSOCIATION,
    properties: { subnetId: UNKNOWN, routeTableId: UNKNOWN },
    sources: {
      subnetId: [urnOf(TYPES.subnet, `subnet-${zone}`)],
      routeTableId: [urnOf("aws:ec2/routeTable:RouteTable", "routes")],
    },
  };
}

function subnet(zone: string): FixtureResource {
  return { type: TYPES.subnet, properties: { availabilityZone: zone, cidrBlock: "10.0.0.0/20" } };
}

/** A stack that every policy passes, at every tier: a fresh copy, for a test to break. */
export function compliantStack(): FixtureStack {
  return {
    namespace: namespace("monitoring", "restricted", true),
    "node-namespace": namespace("monitoring-node", "privileged", false),
    blackbox: deployment("blackbox-exporter", 2),
    "blackbox-service": service("blackbox-exporter", "http"),
    "blackbox-monitor": serviceMonitor("blackbox-exporter", "http"),
    "blackbox-budget": budget("blackbox-exporter"),
    "kube-state-metrics": deployment("kube-state-metrics", 1),
    "kube-state-metrics-pods": {
      type: TYPES.podMonitor,
      properties: {
        metadata: metadata("kube-state-metrics"),
        spec: {
          selector: { matchLabels: selector("kube-state-metrics") },
          podMetricsEndpoints: [{ port: "http" }],
        },
      },
    },
    "node-exporter": {
      type: TYPES.daemonSet,
      properties: {
        metadata: metadata("node-exporter", "monitoring-node"),
        spec: {
          template: {
            metadata: { labels: labels("node-exporter") },
            spec: {
              hostNetwork: true,
              hostPID: true,
              volumes: [{ name: "root", hostPath: { path: "/" } }],
              containers: [{ ...container("node-exporter", 9100), securityContext: {} }],
            },
          },
        },
      },
    },
    prometheus: operated(TYPES.prometheus, "prometheus", 2, { retention: "30d", retentionSize: "160GiB" }),
    "prometheus-service": service("prometheus", "web"),
    "prometheus-budget": budget("prometheus"),
    alertmanager: operated(TYPES.alertmanager, "alertmanager", 3, { configSecret: "alertmanager-config" }),
    "alertmanager-budget": budget("alertmanager"),
    "alertmanager-config": {
      type: TYPES.secret,
      properties: {
        metadata: metadata("alertmanager-config"),
        stringData: { "alertmanager.yaml": ALERTMANAGER_YAML },
      },
    },
    deny: {
      type: TYPES.networkPolicy,
      properties: { metadata: metadata("deny"), spec: { podSelector: {}, policyTypes: ["Ingress"] } },
    },
    "allow-blackbox": {
      type: TYPES.networkPolicy,
      properties: {
        metadata: metadata("allow-blackbox"),
        spec: { podSelector: { matchLabels: selector("blackbox-exporter") }, ingress: [{}] },
      },
    },
    settings: {
      type: TYPES.configMap,
      properties: {
        metadata: metadata("settings"),
        data: { "grafana.ini": GRAFANA_INI },
      },
    },
    dashboard: {
      type: TYPES.configMap,
      properties: {
        metadata: { ...metadata("dashboard"), labels: { ...labels("dashboard"), grafana_dashboard: "1" } },
        data: { "nodes.json": dashboardText("nodes", DASHBOARD_QUERY) },
      },
    },
    "dashboard-by-api": {
      type: TYPES.grafanaDashboard,
      properties: { configJson: dashboardText("pods", DASHBOARD_QUERY) },
    },
    rules: {
      type: TYPES.prometheusRule,
      properties: {
        metadata: metadata("rules"),
        spec: {
          groups: [
            {
              name: "general",
              rules: [
                { alert: "Watchdog", expr: "vector(1)", labels: { severity: "none" }, annotations },
                {
                  alert: "KubeNodeNotReady",
                  expr: "kube_node_status_condition == 0",
                  for: "10m",
                  labels: { severity: "critical", team: "platform" },
                  annotations,
                },
                {
                  alert: "ErrorBudgetBurn",
                  expr: "sum(rate(errors_total[5m])) > 0.1",
                  labels: { severity: "warning", team: "platform" },
                  annotations,
                },
                { record: "job:up:sum", expr: "sum by (job) (up)" },
              ],
            },
          ],
        },
      },
    },
    "storage-class": {
      type: TYPES.storageClass,
      properties: {
        metadata: { name: "gp3-encrypted", labels: owned },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true" },
        reclaimPolicy: "Retain",
        volumeBindingMode: "WaitForFirstConsumer",
      },
    },
    key: {
      type: TYPES.key,
      protect: true,
      properties: { enableKeyRotation: true, deletionWindowInDays: 30 },
    },
    "grafana-rules": {
      type: TYPES.grafanaRules,
      properties: {
        name: "alerting-itself",
        folderUid: "alerts",
        intervalSeconds: 60,
        rules: [
          {
            name: "PrometheusGone",
            labels: { severity: "critical", team: "platform" },
            annotations: {
              summary: "Prometheus is gone",
              description: "It does not answer.",
              runbook_url: "https://runbooks.example.com/PrometheusGone.md",
            },
            datas: [
              { refId: "A", model: '{"expr":"count(up == 1)"}' },
              { refId: "T", model: '{"type":"threshold"}' },
            ],
            notificationSettings: { contactPoint: "Pager" },
          },
        ],
      },
    },
    "grafana-pager": {
      type: TYPES.grafanaContactPoint,
      properties: { name: "Pager", orgId: "1", pagerduties: [{ integrationKey: "a key" }] },
    },
    "grafana-files": {
      type: TYPES.configMap,
      properties: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: metadata("grafana-files"),
        data: GRAFANA_FILES,
      },
    },
    workspace: {
      type: TYPES.grafanaWorkspace,
      protect: true,
      properties: {
        permissionType: "CUSTOMER_MANAGED",
        roleArn: UNKNOWN,
        accountAccessType: "CURRENT_ACCOUNT",
        grafanaVersion: "12.4",
      },
    },
    token: {
      type: TYPES.workspaceToken,
      properties: { name: "bellwether-1-2026-11-23", secondsToLive: 2_592_000 },
    },
    "next-token": {
      type: TYPES.grafanaToken,
      properties: { name: "bellwether-1-2026-12-03", secondsToLive: 2_592_000 },
    },
    logs: { type: TYPES.logGroup, properties: { name: "/aws/eks/prod/cluster", retentionInDays: 90 } },
    cluster: {
      type: TYPES.eksCluster,
      properties: {
        name: "bellwether-prod",
        version: "1.35",
        vpcConfig: {
          endpointPrivateAccess: true,
          endpointPublicAccess: true,
          publicAccessCidrs: ["192.0.2.0/24"],
        },
        encryptionConfig: { provider: { keyArn: UNKNOWN }, resources: ["secrets"] },
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        upgradePolicy: { supportType: "STANDARD" },
        deletionProtection: true,
      },
    },
    "subnet-a": subnet("eu-central-1a"),
    "subnet-b": subnet("eu-central-1b"),
    "association-b": routeAssociation("b"),
    "nodes-a": nodeGroup(urnOf(TYPES.subnet, "subnet-a")),
    "nodes-b": nodeGroup(urnOf(ROUTE_TABLE_ASSOCIATION, "association-b")),
    "launch-template": {
      type: TYPES.launchTemplate,
      properties: {
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 50 } }],
      },
    },
  };
}

export type Path = readonly (string | number)[];

/** The stack with one property of one resource set, or removed where the value is undefined. */
export function withProperty(stack: FixtureStack, name: string, path: Path, value: unknown): FixtureStack {
  // Through JSON, because a structured clone keeps what two places of the fixture share.
  const changed = JSON.parse(JSON.stringify(stack)) as Record<string, FixtureResource>;
  const resource = changed[name];
  const last = path.at(-1);
  if (resource === undefined || last === undefined) throw new Error(`the fixture has no ${name} or no path`);
  const holder = path.slice(0, -1).reduce<unknown>((at, step) => {
    const next = (at as Record<string | number, unknown>)[step];
    if (next === undefined) throw new Error(`${name} has no ${path.join(".")}`);
    return next;
  }, resource.properties) as Record<string | number, unknown>;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return changed;
}

/** The stack without some of its resources. */
export function without(stack: FixtureStack, ...names: readonly string[]): FixtureStack {
  return Object.fromEntries(Object.entries(stack).filter(([name]) => !names.includes(name)));
}

/** The fixture as policies see it. */
export function resourcesOf(stack: FixtureStack): StackResource[] {
  return Object.entries(stack).map(([name, { type, protect = false, properties, sources = {} }]) => ({
    type,
    name,
    urn: urnOf(type, name),
    protect,
    properties: new Value(properties),
    sources,
  }));
}
