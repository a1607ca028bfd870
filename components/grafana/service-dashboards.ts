import { ownAlertsOf, type Service, serviceIn, slosOf } from "../service/model.ts";
import { isScraped } from "../service/scraping.ts";
import { dashboardName, shortUid } from "../signals/panels.ts";
import { type DashboardContext, dashboardJson, type NamedDashboard } from "./dashboard.ts";
import { ownDashboardJson, ownDashboardsOf } from "./dashboards/own-dashboards.ts";
import { serviceDashboard } from "./dashboards/service.ts";

/** Where the dashboards of services are drawn. */
export interface ServiceDashboardsContext extends DashboardContext {
  /** Base URL of the runbooks; without it panels have no links to runbooks. */
  readonly runbookBaseUrl: string | undefined;
}

/** The dashboard of a service in an environment, then those that its team exported from a Grafana. */
export function dashboardsOfService(
  service: Service,
  { runbookBaseUrl, ...context }: ServiceDashboardsContext,
): readonly NamedDashboard[] {
  const { environment, dataSource } = context;
  const own = ownDashboardsOf(service, environment);
  const drawn = serviceDashboard({
    name: service.name,
    owner: service.owner,
    description: service.description,
    namespace: service.namespace,
    isScraped: isScraped(serviceIn(service, environment)),
    slos: slosOf(service, environment),
    alerts: ownAlertsOf(service, environment),
    dashboards: own,
    runbookBaseUrl,
  });
  return [
    { name: dashboardName(drawn.ref), json: dashboardJson(drawn, context) },
    // By the uid of the file alone: a dashboard that moves to another service of the team is the same resource.
    ...own.map((taken) => ({ name: `own-${taken.exportedUid}`, json: ownDashboardJson(taken, dataSource) })),
  ];
}

/** The folder of a team. Its uid is never changed; it contains the environment, because several can share an organisation. */
export function teamFolder(
  team: string,
  environment: string,
): { readonly uid: string; readonly title: string } {
  return {
    uid: shortUid(`bellwether-team-${team}-${environment}`),
    title: `Team ${team} (${environment})`,
  };
}
