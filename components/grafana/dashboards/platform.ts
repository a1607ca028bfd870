import type { Duration } from "../../core/duration.ts";
import type { DashboardKey } from "../../signals/panels.ts";
import type { Dashboard } from "../dashboard.ts";
import type { Watched } from "../signal-panels.ts";
import { alertQuality } from "./alert-quality.ts";
import { apiServer, cluster, network, nodes, pods, volumes, workloads } from "./kubernetes.ts";
import { alertmanager, costs, prometheus } from "./monitoring.ts";
import { objective, objectives } from "./objectives.ts";
import { overview } from "./overview.ts";

/** The input of the platform's dashboards. */
export interface PlatformDashboardsArgs extends Watched {
  readonly environment: string;
  readonly scrapeInterval: Duration;
}

/** Every dashboard that an alert of the platform may link to. A key without a dashboard does not compile. */
const PLATFORM_DASHBOARDS: Readonly<Record<DashboardKey, (args: PlatformDashboardsArgs) => Dashboard>> = {
  overview: ({ environment }) => overview(environment),
  cluster,
  nodes,
  workloads,
  pods,
  volumes,
  network,
  apiServer,
  prometheus,
  alertmanager,
  alertQuality: ({ scrapeInterval }) => alertQuality(scrapeInterval),
  costs,
  objectives,
  objective,
};

/** The platform's own dashboards, each panel linked to the runbooks of the alerts that link to it. */
export function platformDashboards(args: PlatformDashboardsArgs): Dashboard[] {
  return Object.values(PLATFORM_DASHBOARDS).map((dashboard) => dashboard(args));
}
