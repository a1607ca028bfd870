import * as pulumi from "@pulumi/pulumi";
import { createObject } from "../kubernetes/component.ts";
import { MONITORING_NAMESPACE } from "../prometheus/model.ts";
import { renderService, type ServiceMonitoringArgs } from "./render.ts";

export type { ServiceMonitoringArgs } from "./render.ts";

/**
 * What the platform does for one service: it is scraped, its objectives are recorded, and whoever owns it is told when they
 * are at risk. Needs the operator and its CRDs. The service itself is deployed by its team.
 */
export class ServiceMonitoring extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceMonitoringArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("bellwether:service:ServiceMonitoring", name, {}, opts);
    const { monitor, rules } = renderService({ ...args, namespace: args.namespace ?? MONITORING_NAMESPACE });
    if (monitor !== undefined) createObject(name, monitor, { parent: this });
    // With a dot, which no name of a service or objective has, so that no two of them come to one.
    for (const [objective, object] of Object.entries(rules))
      createObject(`${name}.${objective}`, object, { parent: this });
    this.registerOutputs({});
  }
}
