import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError, joinPath } from "../core/problems.ts";
import { createObject } from "../kubernetes/component.ts";
import type { Platform } from "../platform/component.ts";
import { programOf } from "../usage/model.ts";
import { DEFAULT_NAMESPACES } from "../workloads/model.ts";
import type { ServiceMonitoringArgs as RenderArgs } from "./arguments.ts";
import {
  type DashboardDelivery,
  type DashboardTarget,
  type DeliveredDashboard,
  dashboardDeliveries,
  takesDashboards,
} from "./dashboard-delivery.ts";
import { runsIn, type Service, withPaging } from "./model.ts";
import { providerProblems, serviceOnPlatformProblems } from "./on-platform.ts";
import { renderService } from "./render.ts";

/** A service on a platform that another program deployed: what the platform hands over says all the rest. */
export interface ServiceOnPlatform {
  /** What {@link defineService} returned. */
  readonly service: Service;
  /** The platform, from `Platform.fromStack`. */
  readonly platform: Platform;
  /**
   * A provider of the platform's Grafana, with which the service's dashboards are created: where `platform.handover.grafana.delivery` is
   * `api`. Default: none, and then there are dashboards only where Grafana reads ConfigMaps.
   */
  readonly grafana?: pulumi.ProviderResource;
}

export type ServiceMonitoringArgs = RenderArgs | ServiceOnPlatform;

/**
 * What the platform does for one service: it is scraped, its objectives are recorded, and whoever owns it is told when they
 * are at risk. Needs the operator and its CRDs. The service itself is deployed by its team. A service that does not run in the
 * environment has no objects there.
 */
export class ServiceMonitoring extends pulumi.ComponentResource {
  /**
   * Throws an InvalidInputError for a service that its platform has no place for: an owner who is no team of it, a name that is
   * taken, or an objective that looks back further than samples are kept.
   */
  constructor(name: string, args: ServiceMonitoringArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { target, ...resolved } = resolveArgs(args);
    const dashboards: DeliveredDashboard[] = [];
    super("bellwether:service:ServiceMonitoring", name, {}, opts);
    if (runsIn(resolved.service, resolved.environment)) {
      const { monitor, podMonitor, probe, rules } = renderService(resolved);
      if (monitor !== undefined) createObject(name, monitor, { parent: this });
      if (podMonitor !== undefined) createObject(name, podMonitor, { parent: this });
      if (probe !== undefined) createObject(`${name}-probe`, probe, { parent: this });
      createObject(`${name}-rules`, rules, { parent: this });
      for (const delivery of target === undefined
        ? []
        : dashboardDeliveries(name, resolved.service, target)) {
        createDashboard(delivery, this, "platform" in args ? args.grafana : undefined);
        dashboards.push(delivery.delivered);
      }
    }
    // Everything that the objects were made from: a preview proves the alerts from it, and `explain` tells what it means.
    // Files of dashboards may be large, and are in the resources of the dashboards.
    const service = { ...resolved.service, dashboards: withoutContent(resolved.service) };
    this.registerOutputs({ args: { ...resolved, service }, dashboards });
  }
}

function withoutContent({ dashboards }: Service): Service["dashboards"] {
  return dashboards.map((file) => (typeof file === "string" ? file : { file: file.file, dashboard: {} }));
}

/** The resource of Grafana's provider, without its SDK, which a program without dashboards would have to install. */
class Dashboard extends pulumi.CustomResource {
  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("grafana:oss/dashboard:Dashboard", name, args, opts);
  }
}

function createDashboard(
  { name, resource }: DashboardDelivery,
  parent: pulumi.Resource,
  provider: pulumi.ProviderResource | undefined,
): void {
  if ("configMap" in resource) createObject(name, resource.configMap, { parent });
  else new Dashboard(name, { ...resource.args }, { parent, ...(provider && { provider }) });
}

type ResolvedArgs = RenderArgs & { readonly namespace: string; readonly target?: DashboardTarget };

function resolveArgs(args: ServiceMonitoringArgs): ResolvedArgs {
  if (!("platform" in args)) {
    const { monitoringNamespace = DEFAULT_NAMESPACES.monitoring, namespace = monitoringNamespace } = args;
    return { ...args, namespace };
  }
  const { service, platform, grafana } = args;
  const path = joinPath("services", [service.name]);
  const problems = [
    ...serviceOnPlatformProblems(service, platform.handover, path),
    ...(grafana === undefined ? [] : providerProblems(platform.handover, joinPath(path, ["grafana"]))),
  ];
  if (problems.length > 0) throw new InvalidInputError(`Service ${service.name}`, problems);
  const { environment, runbookBaseUrl, scrapeInterval, monitoringNamespace, grafanaUrl } = platform.handover;
  const program = programOf(pulumi.getProject(), pulumi.getStack());
  return {
    service: withPaging(service, platform.handover.pages),
    environment,
    runbookBaseUrl,
    scrapeInterval,
    monitoringNamespace,
    namespace: monitoringNamespace,
    program,
    ...(grafanaUrl !== undefined && takesDashboards(platform.handover, grafana !== undefined)
      ? { grafana: { url: grafanaUrl, environment } }
      : {}),
    target: { platform: platform.handover, hasProvider: grafana !== undefined, program },
  };
}
