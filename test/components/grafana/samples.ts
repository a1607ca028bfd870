import type { AlertsSettings } from "../../../components/alerts/model.ts";
import type { ClusterTraits } from "../../../components/cluster/model.ts";
import type { GrafanaContentArgs } from "../../../components/grafana/content.ts";
import type { Dashboard, DashboardContext } from "../../../components/grafana/dashboard.ts";
import type {
  ExistingGrafanaSettings,
  InClusterGrafanaSettings,
  ManagedGrafanaSettings,
} from "../../../components/grafana/model.ts";
import type { Panel } from "../../../components/grafana/panel.ts";
import type { InClusterGrafanaArgs } from "../../../components/grafana/render.ts";
import { storefront } from "../../../stacks/services/shop.ts";

export const IN_CLUSTER: InClusterGrafanaSettings = {
  kind: "in-cluster",
  volume: "10Gi",
  adminPasswordSecret: "grafanaAdminPassword",
  secretKeySecret: "grafanaSecretKey",
  externalUrl: "https://grafana.staging.example.com",
};

export const EXISTING: ExistingGrafanaSettings = {
  kind: "existing",
  url: "https://grafana.example.com",
  tokenSecret: "grafanaToken",
  orgId: 7,
  edition: "oss",
  teams: {},
  serviceAccounts: {},
  prometheusUrl: "https://prometheus.prod.example.com",
  alertmanagerUrl: "https://alertmanager.prod.example.com",
};

export const AMAZON_MANAGED: ManagedGrafanaSettings = {
  kind: "amazon-managed",
  version: "12.4",
  signIn: {
    kind: "identity-center",
    administrators: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3e"],
    editors: ["1111111111-83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3f"],
    viewers: [],
  },
  insideVpc: false,
  teams: {},
  serviceAccounts: {},
  prometheusUrl: "https://prometheus.prod.example.com",
  alertmanagerUrl: "https://alertmanager.prod.example.com",
  cloudWatch: true,
  tokenGeneration: 1,
};

export const CLUSTER: ClusterTraits = {
  autoscaler: "karpenter",
  name: "prod",
  distribution: "eks",
  zones: 3,
  storageClass: "gp3-encrypted",
  store: "remote-write",
};

export const ALERTS: AlertsSettings = {
  runbookBaseUrl: "https://runbooks.example.com",
  overrides: {},
};

/** What both ways of delivery start from. */
export const CONTENT: Omit<GrafanaContentArgs, "settings"> = {
  cluster: CLUSTER,
  environment: "prod",
  scrapeInterval: "30s",
  alerts: ALERTS,
  services: [storefront],
};

export const IN_CLUSTER_ARGS: InClusterGrafanaArgs = {
  ...CONTENT,
  settings: IN_CLUSTER,
  namespace: "monitoring",
};

export const CONTEXT: DashboardContext = {
  environment: "test",
  dataSource: { uid: "some-prometheus", name: "Prometheus (test)", type: "prometheus" },
};

/** A dashboard that every check accepts, among one that it links to. */
export function dashboard(changes: Partial<Dashboard> = {}): Dashboard {
  return {
    ref: "nodes",
    title: "A dashboard",
    description: "For tests.",
    tags: ["test"],
    sections: [
      { title: "First", lines: [{ height: 8, things: [panel("one"), panel("two")] }] },
      { title: "Second", lines: [{ height: 4, things: [panel("three")] }] },
    ],
    variables: [],
    links: [{ title: "Elsewhere", to: "cluster" }],
    ...changes,
  };
}

/** A panel that every check accepts. */
export function panel(key: string, changes: Partial<Panel> = {}): Panel {
  return {
    key,
    title: `Panel ${key}`,
    description: "What it says.",
    unit: "short",
    view: { kind: "lines" },
    queries: [{ expr: 'sum by (job) (up{job="a"})', legend: "{{job}}" }],
    links: [],
    ...changes,
  };
}
