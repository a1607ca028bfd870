import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../core/problems.ts";
import { after, createObject, createObjects } from "../kubernetes/component.ts";
import { renderDefinitionsRelease } from "./custom-resource-definitions.ts";
import { MONITORING_NAMESPACE, type MonitoringInputs, resolveMonitoring } from "./model.ts";
import { renderMonitoring } from "./render.ts";

export interface MonitoringArgs extends MonitoringInputs {
  /** Whether the Prometheus resource and its namespace refuse to be deleted. */
  readonly protectData: boolean;
}

/**
 * Prometheus and what it needs: namespaces, network policies, the operator and its definitions, exporters and monitors. Needs a
 * Kubernetes provider, as `provider` or from its parent. Throws an {@link InvalidInputError} with every problem of its settings.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Where Prometheus, Alertmanager and Grafana live. */
  readonly namespace: string = MONITORING_NAMESPACE;
  /** Namespaces, definitions and the operator: what monitors, rules, Alertmanager and Grafana must wait for. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    const { protectData, ...inputs } = args;
    const resolved = resolveMonitoring(inputs);
    if (!resolved.ok) throw new InvalidInputError(name, resolved.problems);
    super("bellwether:prometheus:Monitoring", name, {}, opts);

    const rendered = renderMonitoring(resolved.value);
    const child = { parent: this };
    const { namespace, ...otherNamespaces } = rendered.namespaces;
    const home = createObject(`${name}-namespace`, namespace, { ...child, protect: protectData });
    const namespaces = [home, ...Object.values(createObjects(name, otherNamespaces, child))];

    const inNamespaces = after(child, ...namespaces);
    const ground = Object.values(createObjects(name, rendered.ground, inNamespaces));
    const onGround = after(inNamespaces, ...ground);
    createObjects(name, rendered.exporters, onGround);

    const definitions = this.createDefinitions(name, inputs, inNamespaces);
    const operator = createObjects(name, rendered.operator, after(onGround, ...definitions));
    const server = Object.values(createObjects(name, rendered.server, onGround));

    this.ready = [...namespaces, ...ground, ...definitions, ...Object.values(operator)];
    createObject(name, rendered.prometheus, {
      ...after(child, ...this.ready, ...server),
      protect: protectData,
    });
    createObjects(name, rendered.monitors, after(child, ...this.ready));
    this.registerOutputs({ namespace: this.namespace });
  }

  private createDefinitions(
    name: string,
    { settings }: MonitoringInputs,
    opts: pulumi.CustomResourceOptions,
  ) {
    if (settings.crds === "external") return [];
    return [new kubernetes.helm.v3.Release(`${name}-definitions`, renderDefinitionsRelease(), opts)];
  }
}
