import type { DashboardKey } from "../../signals/panels.ts";
import type { Dashboard } from "../dashboard.ts";
import type { WatchingAlert } from "../watching-alerts.ts";
import { clusterOverview } from "./cluster-overview.ts";
import { monitoringHealth } from "./monitoring-health.ts";

/** Every dashboard that an alert may link to. A key without a dashboard does not compile. */
const PLATFORM_DASHBOARDS: Readonly<Record<DashboardKey, (alerts: readonly WatchingAlert[]) => Dashboard>> = {
  clusterOverview,
  monitoringHealth,
};

/** The platform's own dashboards, each panel linked to the runbooks of the alerts that link to it. */
export function platformDashboards(alerts: readonly WatchingAlert[]): Dashboard[] {
  return Object.values(PLATFORM_DASHBOARDS).map((dashboard) => dashboard(alerts));
}
