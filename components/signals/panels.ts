/**
 * Where a signal is drawn. Alerts link to a panel and dashboards draw it; both take the address from here, so a link cannot
 * go stale. The uid of a dashboard is an address that people bookmark: it never changes.
 */
export const DASHBOARDS = {
  clusterOverview: "bellwether-cluster-overview",
  monitoringHealth: "bellwether-monitoring-health",
} as const;

export type DashboardKey = keyof typeof DASHBOARDS;

/** One panel, by the dashboard that holds it and a key that is unique and stable within that dashboard. */
export interface PanelRef {
  readonly dashboard: DashboardKey;
  /** Kebab-case, such as `node-readiness`. */
  readonly panel: string;
}

/** The numeric id of a panel, derived from its key (FNV-1a, 31 bits), so that it survives reordering. */
export function panelId(key: string): number {
  let hash = 0x811c9dc5;
  for (const char of key) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 1 || 1;
}

/** The path, below Grafana's root URL, that opens a dashboard with one panel in view. */
export function panelPath(ref: PanelRef): string {
  return `/d/${DASHBOARDS[ref.dashboard]}?viewPanel=${panelId(ref.panel)}`;
}
