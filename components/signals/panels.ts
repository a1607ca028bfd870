/**
 * The dashboards. Alerts link to their panels and Grafana's dashboards use the same names, so that links stay
 * valid.
 */
export const DASHBOARDS = {
  overview: "overview",
  cluster: "cluster",
  nodes: "nodes",
  workloads: "workloads",
  pods: "pods",
  volumes: "volumes",
  network: "network",
  apiServer: "api-server",
  prometheus: "prometheus",
  alertmanager: "alertmanager",
  alertQuality: "alert-quality",
  costs: "costs",
  objectives: "objectives",
  objective: "objective",
} as const;

export type DashboardKey = keyof typeof DASHBOARDS;

/** A dashboard: one of the platform's, or that of a service. */
export type DashboardRef = DashboardKey | { readonly service: string };

/** A panel, by its dashboard and a key that is unique and stable within the dashboard. */
export interface PanelRef<Dashboard extends DashboardRef = DashboardKey> {
  readonly dashboard: Dashboard;
  /** Kebab-case, such as `node-readiness`. */
  readonly panel: string;
}

/** The panel that lists all firing alerts of an environment. */
export const FIRING_ALERTS: PanelRef = { dashboard: "overview", panel: "firing-alerts" };

/** The Grafana with an environment's dashboards. */
export interface GrafanaAddress {
  /** Its root URL, without a trailing slash. */
  readonly url: string;
  /** The environment's name: one organisation can have the dashboards of several. */
  readonly environment: string;
}

/** Grafana rejects a longer uid. */
export const LONGEST_UID = 40;

/**
 * The uid of a dashboard in an environment, such as `bellwether-nodes-prod`: it is part of the URL and never
 * changes. It contains the environment, because uids are unique within an organisation, independently of folders.
 */
export function dashboardUid(dashboard: DashboardRef, environment: string): string {
  return shortUid(`bellwether-${dashboardName(dashboard)}-${environment}`);
}

/** The name of a dashboard, the same in every environment. */
export function dashboardName(dashboard: DashboardRef): string {
  return typeof dashboard === "string" ? DASHBOARDS[dashboard] : `service-${dashboard.service}`;
}

/** A text as a uid: if it is too long, it ends in a hash. */
export function shortUid(text: string): string {
  if (text.length <= LONGEST_UID) return text;
  const digest = hash(text).toString(16).padStart(8, "0");
  return `${text.slice(0, LONGEST_UID - digest.length - 1)}-${digest}`;
}

/** The numeric id of a panel, derived from its key (FNV-1a, 31 bits), so that it does not depend on the order. */
export function panelId(key: string): number {
  return hash(key) >>> 1 || 1;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}

/** The URL of one panel of a dashboard. */
export function panelUrl(
  { url, environment }: GrafanaAddress,
  { dashboard, panel }: PanelRef<DashboardRef>,
): string {
  return `${url}/d/${dashboardUid(dashboard, environment)}?viewPanel=${panelId(panel)}`;
}
