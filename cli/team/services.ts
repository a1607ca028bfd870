import type { ReportedAlert } from "../../components/alerts/model.ts";
import type { Tested } from "../../components/core/promtool.ts";
import type { PlatformHandover } from "../../components/platform/model.ts";
import type { ServiceMonitoringArgs } from "../../components/service/arguments.ts";
import type { DeliveredDashboard } from "../../components/service/dashboard-delivery.ts";
import type { Service } from "../../components/service/model.ts";
import { alertsOfService, promisesOfService } from "../../components/service/render.ts";
import { testedService } from "../../components/service/tested.ts";
import type { Severity } from "../../components/signals/severity.ts";
import type { SloPromises } from "../../components/slo/promises.ts";
import type { Recording } from "../recording/monitor.ts";

const SERVICE_MONITORING = "bellwether:service:ServiceMonitoring";

/** A service that a program puts on a platform, and what it was rendered from. */
export interface MonitoredService {
  readonly urn: string;
  readonly service: Service;
  /** The environment's name. */
  readonly environment: string;
  readonly args: ServiceMonitoringArgs;
  /** Its dashboards in Grafana of the platform, with the titles of their folders. */
  readonly dashboards: readonly DeliveredDashboard[];
  /** When the alerts of its objectives fire. */
  readonly promises: readonly SloPromises[];
}

/** An alert and its receivers. */
export interface RoutedAlert {
  readonly name: string;
  readonly service: string;
  readonly environment: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly runbookUrl: string;
  readonly expr: string;
  readonly receivers: readonly string[];
  /** Nothing tests when it fires: an alert without examples. */
  readonly unproven: boolean;
  /** As a sentence without its full stop; undefined where nothing is wrong. */
  readonly problem: string | undefined;
}

/** The services of a recording: each ServiceMonitoring registers what it was rendered from. */
export function monitoredServices({ resources }: Recording): readonly MonitoredService[] {
  return resources
    .filter(({ type }) => type === SERVICE_MONITORING)
    .map(({ urn, outputs }) => {
      const args = outputs["args"] as unknown as ServiceMonitoringArgs;
      const { service, environment } = args;
      const dashboards = (outputs["dashboards"] ?? []) as unknown as readonly DeliveredDashboard[];
      return { urn, service, environment, args, dashboards, promises: promisesOfService(args) };
    });
}

/** The promtool cases of the services' alerts. */
export function testsOf(services: readonly MonitoredService[]): readonly Tested[] {
  return services.map(({ args }) => testedService(args));
}

/** The services' alerts with their receivers, by the teams that the platform's stack hands over. */
export function routedAlerts(
  services: readonly MonitoredService[],
  handovers: ReadonlyMap<string, PlatformHandover>,
): readonly RoutedAlert[] {
  return services.flatMap(({ args, environment }) =>
    alertsOfService(args).map((alert) => routed(alert, args.service.name, environment, handovers)),
  );
}

function routed(
  { name, severity, team, summary, runbookUrl, expr, unproven = false }: ReportedAlert,
  service: string,
  environment: string,
  handovers: ReadonlyMap<string, PlatformHandover>,
): RoutedAlert {
  const handover = handovers.get(environment);
  const receivers = receiversOf(handover, team, severity);
  // Without a platform the receivers are unknown.
  const hasNoReceiver =
    handover !== undefined && receivers.length === 0 && (severity === "critical" || severity === "warning");
  const problem = hasNoReceiver ? `${name} is ${severity}, and ${team} has no receiver for it` : undefined;
  return { name, service, environment, severity, summary, runbookUrl, expr, receivers, unproven, problem };
}

/** The receivers of the platform's alerts about the workloads in a namespace of the services. */
export interface NamespaceOwner {
  readonly environment: string;
  readonly namespace: string;
  /** The team that owns it, or undefined for the platform's own team. */
  readonly team: string | undefined;
}

/** The owners of the namespaces of the services, once each; nothing where a platform does not say. */
export function namespaceOwners(
  services: readonly MonitoredService[],
  handovers: ReadonlyMap<string, PlatformHandover>,
): readonly NamespaceOwner[] {
  const owners = services.flatMap(({ service: { namespace }, environment }): NamespaceOwner[] => {
    const namespaces = handovers.get(environment)?.namespaces;
    if (namespaces === undefined) return [];
    const team = Object.hasOwn(namespaces, namespace) ? namespaces[namespace] : undefined;
    return [{ environment, namespace, team }];
  });
  return [...new Map(owners.map((owner) => [`${owner.environment} ${owner.namespace}`, owner])).values()];
}

/** The receivers of a team's alerts of a severity, with their hours. An alert of severity info notifies no receiver. */
export function receiversOf(
  handover: Pick<PlatformHandover, "teams"> | undefined,
  team: string,
  severity: Severity,
): readonly string[] {
  const routes =
    handover !== undefined && Object.hasOwn(handover.teams, team) ? handover.teams[team] : undefined;
  if (routes === undefined || (severity !== "critical" && severity !== "warning")) return [];
  const { [severity]: receivers, warningHours } = routes;
  return severity === "critical" || warningHours === undefined
    ? receivers
    : receivers.map((receiver) => `${receiver} (only ${warningHours})`);
}
