import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ROLE_ANNOTATION } from "../cluster/service-account-role.ts";
import { InvalidInputError } from "../core/problems.ts";
import { missingSecrets } from "../core/secrets.ts";
import { after, createObject, createObjects } from "../kubernetes/component.ts";
import type { KubernetesObject, KubernetesObjects } from "../kubernetes/model.ts";
import { SET_ONCE } from "../workloads/volumes.ts";
import { renderDefinitionsRelease } from "./custom-resource-definitions.ts";
import { type MonitoringModelArgs, type ResolvedMonitoring, resolveMonitoring } from "./model.ts";
import { renderAmpWrite, renderEndpointWrite, renderRemoteWriteSecret } from "./remote-write.ts";
import { renderMonitoring } from "./render.ts";
import { type RemoteWriteTarget, storeSecrets } from "./store-settings.ts";

export interface MonitoringArgs extends MonitoringModelArgs {
  /** Whether the Prometheus resource and its namespace refuse to be deleted. */
  readonly protectData: boolean;
  /** The workspace of AMP that samples are sent on to, and what must be there before the first one is. Needed for the kind amp. */
  readonly remoteWrite?: RemoteWriteTarget<pulumi.Input<string>> & {
    readonly after: readonly pulumi.Resource[];
    /** The ARN of the role that Prometheus' service account is annotated with. Default: no annotation. */
    readonly role?: pulumi.Input<string>;
  };
  /** Values of the secrets that the settings name, by name. Needed for an endpoint with authentication. */
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
    const { protectData, remoteWrite, secrets = {}, ...inputs } = args;
    const resolved = resolveMonitoring(inputs);
    if (!resolved.ok) throw new InvalidInputError(name, resolved.problems);
    const credentials = credentialsOf(name, resolved.value, secrets);
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
    const server = Object.values(createObjects(name, withRole(access, remoteWrite?.role), inNamespaces));
    if (credentials !== undefined)
      server.push(createObject(`${name}-remote-write`, credentials, inNamespaces));
    const prometheus = createObject(
      name,
      withRemoteWrite(rendered.prometheus, resolved.value.settings, remoteWrite),
      {
        ...after(child, ...this.ready, ...server, ...(remoteWrite?.after ?? [])),
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

/** The Prometheus resource with where it sends samples on to, which is known only when that exists. */
function withRemoteWrite(
  prometheus: ReturnType<typeof renderMonitoring>["prometheus"],
  { store }: ResolvedMonitoring["settings"],
  target: MonitoringArgs["remoteWrite"],
): KubernetesObject {
  if (store.kind === "none") return prometheus;
  // infra/platform.ts makes the store wherever the settings ask for one.
  if (store.kind === "amp" && target === undefined)
    throw new Error("store has the kind amp, and no target is given");
  const entry =
    store.kind === "endpoint"
      ? renderEndpointWrite(store)
      : renderAmpWrite(store, target as NonNullable<typeof target>);
  const withTarget = { ...prometheus, spec: { ...prometheus.spec, remoteWrite: [entry] } };
  return withTarget;
}

/** The Secret with the credentials of an endpoint; undefined where there are none. Throws an {@link InvalidInputError} for a missing value. */
function credentialsOf(
  name: string,
  { settings: { store }, namespaces }: ResolvedMonitoring,
  secrets: Readonly<Record<string, pulumi.Input<string>>>,
): KubernetesObject | undefined {
  const named = storeSecrets(store, "settings.store");
  const missing = missingSecrets(named, secrets);
  if (missing.length > 0) throw new InvalidInputError(name, missing);
  const [credential] = named;
  if (credential === undefined || store.kind !== "endpoint") return undefined;
  const value = pulumi.secret(secrets[credential.name] as pulumi.Input<string>);
  return renderRemoteWriteSecret(store, namespaces, value);
}

/** The objects beside Prometheus, its service account with the role that its pods assume in AWS, which is known only when that exists. */
function withRole(
  access: Omit<ReturnType<typeof renderMonitoring>["server"], "server-service">,
  role: pulumi.Input<string> | undefined,
): KubernetesObjects {
  if (role === undefined) return access;
  const account = access["server-account"];
  const annotated = {
    ...account,
    metadata: { ...account.metadata, annotations: { [ROLE_ANNOTATION]: role } },
  };
  return { ...access, "server-account": annotated as KubernetesObject };
}
