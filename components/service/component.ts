import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError, joinPath } from "../core/problems.ts";
import { createObject } from "../kubernetes/component.ts";
import type { Platform } from "../platform/component.ts";
import { programOf } from "../usage/model.ts";
import { DEFAULT_NAMESPACES } from "../workloads/model.ts";
import type { ServiceMonitoringArgs as RenderArgs } from "./arguments.ts";
import { runsIn, type Service } from "./model.ts";
import { serviceOnPlatformProblems } from "./on-platform.ts";
import { renderService } from "./render.ts";

/** A service on a platform that another program deployed: what the platform hands over says all the rest. */
export interface ServiceOnPlatform {
  /** What {@link defineService} returned. */
  readonly service: Service;
  /** The platform, from `Platform.fromStack`. */
  readonly platform: Platform;
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
    const resolved = resolveArgs(args);
    super("bellwether:service:ServiceMonitoring", name, {}, opts);
    if (runsIn(resolved.service, resolved.environment)) {
      const { monitor, podMonitor, probe, rules } = renderService(resolved);
      if (monitor !== undefined) createObject(name, monitor, { parent: this });
      if (podMonitor !== undefined) createObject(name, podMonitor, { parent: this });
      if (probe !== undefined) createObject(`${name}-probe`, probe, { parent: this });
      createObject(`${name}-rules`, rules, { parent: this });
    }
    // Everything that the objects were made from: a preview proves the alerts from it, and `explain` tells what it means.
    this.registerOutputs({ args: resolved });
  }
}

type ResolvedArgs = RenderArgs & { readonly namespace: string };

function resolveArgs(args: ServiceMonitoringArgs): ResolvedArgs {
  if (!("platform" in args)) {
    const { monitoringNamespace = DEFAULT_NAMESPACES.monitoring, namespace = monitoringNamespace } = args;
    return { ...args, namespace };
  }
  const { service, platform } = args;
  const problems = serviceOnPlatformProblems(
    service,
    platform.handover,
    joinPath("services", [service.name]),
  );
  if (problems.length > 0) throw new InvalidInputError(`Service ${service.name}`, problems);
  const { environment, runbookBaseUrl, scrapeInterval, monitoringNamespace } = platform.handover;
  const program = programOf(pulumi.getProject(), pulumi.getStack());
  return {
    service,
    environment,
    runbookBaseUrl,
    scrapeInterval,
    monitoringNamespace,
    namespace: monitoringNamespace,
    program,
  };
}
