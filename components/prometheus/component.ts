import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../core/problems.ts";
import { after, createObject, createObjects } from "../kubernetes/component.ts";
import { type ObjectStorageAccess, withRole } from "../thanos/access.ts";
import { createThanos } from "../thanos/component.ts";
import { WORKLOADS } from "../workloads/model.ts";
import { SET_ONCE } from "../workloads/volumes.ts";
import { renderDefinitionsRelease } from "./custom-resource-definitions.ts";
import { type MonitoringModelArgs, type ResolvedMonitoring, resolveMonitoring } from "./model.ts";
import { renderMonitoring } from "./render.ts";
import { credentialsOf, requireStoreSecrets, withStore } from "./store.ts";
import type { RemoteWriteTarget } from "./store-settings.ts";

export interface MonitoringArgs extends MonitoringModelArgs {
  /** Whether the Prometheus resource and its namespace refuse to be deleted. */
  readonly protectData: boolean;
  /** The workspace of AMP that samples are sent on to, and what must be there before the first one is. Needed for the kind amp. */
  readonly remoteWrite?: RemoteWriteTarget<pulumi.Input<string>> & {
    readonly after: readonly pulumi.Resource[];
    /** The ARN of the role that Prometheus' service account is annotated with. Default: no annotation. */
    readonly role?: pulumi.Input<string>;
  };
  /** How the pods of Thanos get into the S3 bucket. Needed for a bucket of S3. */
  readonly objectStorageAccess?: ObjectStorageAccess;
  /** Values of the secrets that the settings name, by name. Needed for an endpoint with authentication, and for object storage in a secret. */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * Prometheus and what it needs: namespaces, network policies, the operator and its definitions, exporters and monitors. Needs a
 * Kubernetes provider, as `provider` or from its parent. Throws an {@link InvalidInputError} with every problem of its settings.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Where Prometheus, Alertmanager and Grafana live. */
  readonly namespace: string;
  /** What every object in the namespaces must wait for. */
  readonly namespaces: pulumi.Resource[];
  /** The operator, which waits for namespaces and definitions: what monitors, rules and Alertmanager must wait for. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    const { protectData, remoteWrite, objectStorageAccess, secrets = {}, ...inputs } = args;
    const resolved = resolveMonitoring(inputs);
    if (!resolved.ok) throw new InvalidInputError(name, resolved.problems);
    requireStoreSecrets(name, resolved.value, secrets);
    super("bellwether:prometheus:Monitoring", name, {}, opts);

    this.namespace = resolved.value.namespaces.monitoring;
    const rendered = renderMonitoring(resolved.value);
    const child = { parent: this };
    const { namespace, ...otherNamespaces } = rendered.namespaces;
    const home = createObject(`${name}-namespace`, namespace, { ...child, protect: protectData });
    const others = Object.values(createObjects(name, otherNamespaces, after(child, home)));
    this.namespaces = others;
    const inNamespaces = after(child, ...others);

    // Each layer hangs on one resource of the layer below it, which hangs on all of that: the ways down from a resource multiply
    // where every one of a layer waits for every one of the next, and the engine walks them all.
    const policies = Object.values(createObjects(name, rendered.networkPolicies, inNamespaces));
    const priority = createObject(
      `${name}-priority-class`,
      rendered.priorityClass,
      after(child, ...policies),
    );
    createObjects(name, rendered.exporters, after(child, priority));

    // A Service comes after its pods, never before: Pulumi takes it for ready when it has one.
    const definitions = this.createDefinitions(name, resolved.value, inNamespaces);
    const operator = createOperator(name, rendered.operator, child, inNamespaces, [...definitions, priority]);
    this.ready = operator === undefined ? [priority] : [operator];

    const { "server-service": serverService, ...access } = rendered.server;
    const { prometheus: account } = WORKLOADS;
    const roles = {
      ...(remoteWrite?.role && { [account.name]: remoteWrite.role }),
      ...objectStorageAccess?.roles,
    };
    const server = Object.values(createObjects(name, withRole(access, roles), inNamespaces));
    const credentials = credentialsOf(resolved.value, secrets);
    if (credentials !== undefined)
      server.push(createObject(`${name}-remote-write`, credentials, inNamespaces));
    const thanos = createThanos(name, resolved.value, rendered.thanos, {
      secrets,
      access: objectStorageAccess,
      inNamespaces,
      priority,
      operator: this.ready,
    });
    const prometheus = createObject(
      name,
      withStore(rendered.prometheus, resolved.value.settings, remoteWrite, thanos?.sidecar),
      {
        ...after(child, ...this.ready, ...server, ...(remoteWrite?.after ?? []), ...(thanos?.before ?? [])),
        protect: protectData,
        ignoreChanges: [...SET_ONCE.prometheus],
      },
    );
    createObject(`${name}-server-service`, serverService, after(child, prometheus));
    createObjects(name, rendered.monitors, after(child, ...this.ready));
    this.registerOutputs({ namespace: this.namespace });
  }

  private createDefinitions(
    name: string,
    { settings, namespaces }: ResolvedMonitoring,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource[] {
    if (settings.crds === "external") return [];
    return [
      new kubernetes.helm.v3.Release(`${name}-definitions`, renderDefinitionsRelease(namespaces), opts),
    ];
  }
}

/** The operator, after its rights and `before`; undefined where another release runs it. */
function createOperator(
  name: string,
  objects: ReturnType<typeof renderMonitoring>["operator"],
  child: pulumi.CustomResourceOptions,
  inNamespaces: pulumi.CustomResourceOptions,
  before: readonly pulumi.Resource[],
): pulumi.Resource | undefined {
  if (objects === undefined) return undefined;
  // A Service comes after its pods, never before: Pulumi takes it for ready when it has one.
  const { operator: deployment, "operator-service": service, ...rights } = objects;
  const first = Object.values(createObjects(name, rights, inNamespaces));
  const operator = createObject(`${name}-operator`, deployment, after(child, ...first, ...before));
  createObject(`${name}-operator-service`, service, after(child, operator));
  return operator;
}
