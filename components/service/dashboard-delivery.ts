import type { NamedDashboard } from "../grafana/dashboard.ts";
import { dashboardText, renderDashboardConfigMap } from "../grafana/dashboard-config-map.ts";
import { dashboardsOfService } from "../grafana/service-dashboards.ts";
import type { KubernetesObject } from "../kubernetes/model.ts";
import type { PlatformHandover } from "../platform/model.ts";
import { PROGRAM_LABEL } from "../usage/model.ts";
import type { Service } from "./model.ts";

/** Where the dashboards of a service go that another program than the platform's monitors. */
export interface DashboardTarget {
  readonly platform: PlatformHandover;
  /** Whether the program has a provider of the platform's Grafana. */
  readonly hasProvider: boolean;
  /** The program, as the label of its objects says it. */
  readonly program: string;
}

/** A dashboard in Grafana. */
export interface DeliveredDashboard {
  readonly uid: string;
  readonly title: string;
  /** The title of its folder. */
  readonly folder: string;
}

/** A dashboard as the resource that delivers it: an object that Grafana reads, or the arguments of Grafana's own resource. */
export interface DashboardDelivery {
  /** The logical name of the resource. */
  readonly name: string;
  readonly delivered: DeliveredDashboard;
  readonly resource:
    | { readonly configMap: KubernetesObject }
    | { readonly args: Readonly<Record<string, unknown>> };
}

/** Whether a platform's Grafana gets dashboards of a program with or without a provider of it. */
export function takesDashboards({ grafana }: PlatformHandover, hasProvider: boolean): boolean {
  return grafana !== undefined && (grafana.delivery === "config-maps" || hasProvider);
}

/** The dashboards of a service in the folder of its team; none where nothing delivers them. `name` is that of the component. */
export function dashboardDeliveries(
  name: string,
  service: Service,
  { platform, hasProvider, program }: DashboardTarget,
): readonly DashboardDelivery[] {
  const { environment, runbookBaseUrl, monitoringNamespace, grafana } = platform;
  const folder = grafana?.folders[service.owner];
  if (grafana === undefined || folder === undefined || !takesDashboards(platform, hasProvider)) return [];
  const { dataSource, orgId } = grafana;
  return dashboardsOfService(service, { environment, runbookBaseUrl, dataSource }).map((dashboard) => {
    const { json } = dashboard;
    const delivered = { uid: json.uid, title: json.title, folder: folder.title };
    const resource = resourceName(name, service, dashboard);
    if (!hasProvider) {
      const map = renderDashboardConfigMap(json, monitoringNamespace, folder.title);
      const labels = { ...map.metadata?.labels, [PROGRAM_LABEL]: program };
      return {
        name: resource,
        delivered,
        resource: { configMap: { ...map, metadata: { ...map.metadata, labels } } },
      };
    }
    const args = {
      configJson: dashboardText(json),
      folder: folder.uid,
      ...(orgId === undefined ? {} : { orgId }),
      overwrite: true,
      message: `Bellwether, environment ${environment}`,
    };
    return { name: resource, delivered, resource: { args } };
  });
}

/**
 * `<name>-dashboard` for that of the service. An exported one is named by its uid alone: under another name it would be created again, and
 * then deleted by its uid, when the service is renamed.
 */
function resourceName(name: string, service: Service, dashboard: NamedDashboard): string {
  return dashboard.name === `service-${service.name}` ? `${name}-dashboard` : `dashboard-${dashboard.name}`;
}
