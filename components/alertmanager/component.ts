import * as pulumi from "@pulumi/pulumi";
import type { ClusterTraits } from "../cluster/model.ts";
import { InvalidInputError } from "../core/problems.ts";
import { missingSecrets } from "../core/secrets.ts";
import { after, createObject, createObjects } from "../kubernetes/component.ts";
import type { GrafanaAddress } from "../signals/panels.ts";
import { type Namespaces, WORKLOADS } from "../workloads/model.ts";
import { SET_ONCE } from "../workloads/volumes.ts";
import { type AlertmanagerSettings, alertmanagerProblems, alertmanagerSecrets } from "./model.ts";
import { credentialsSecret, renderAlertmanager } from "./render.ts";

export interface AlertmanagerArgs {
  readonly settings: AlertmanagerSettings;
  /** The environment's name, which every notification starts with. */
  readonly environment: string;
  readonly cluster: ClusterTraits;
  /** The namespaces of the platform. Default: monitoring and monitoring-node. */
  readonly namespaces?: Namespaces;
  /** Annotations of the Alertmanager resource. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The Grafana that lists the firing alerts, for links in notifications. Default: no such links without `settings.externalUrl`. */
  readonly grafana?: GrafanaAddress;
  /** Values of the secrets that the receivers name, by name. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** Whether the resource, and with it silences and notification state, is protected from deletion. */
  readonly protectData: boolean;
}

/** Alertmanager as the operator runs it, with its routing, texts and credentials. Needs the operator and its CRDs. */
export class Alertmanager extends pulumi.ComponentResource {
  /** The name of the Service that alerts are sent to, in the namespace of the monitoring stack; port `web`, 9093. */
  readonly service: string = WORKLOADS.alertmanager.name;

  /** Throws an InvalidInputError that lists every problem of the settings and every secret without a value. */
  constructor(name: string, args: AlertmanagerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const credentials = resolveCredentials(args);
    super("bellwether:alertmanager:Alertmanager", name, {}, opts);

    const { before, alertmanager, after: afterwards } = renderAlertmanager(args);
    const child = { parent: this };
    const first = Object.values(createObjects(name, before, child));
    if (Object.keys(credentials).length > 0) {
      const secret = { ...credentialsSecret(args), stringData: credentials };
      first.push(createObject(`${name}-credentials`, secret, child));
    }

    const data = { ...child, protect: args.protectData, ignoreChanges: [...SET_ONCE.alertmanager] };
    const server = createObject(name, alertmanager, after(data, ...first));
    createObjects(name, afterwards, after(child, server));
    this.registerOutputs({ service: this.service });
  }
}

function resolveCredentials({
  settings,
  cluster,
  secrets,
}: AlertmanagerArgs): Readonly<Record<string, pulumi.Input<string>>> {
  const uses = alertmanagerSecrets(settings, "settings");
  const problems = [
    ...alertmanagerProblems(settings, "settings", cluster.zones),
    ...missingSecrets(uses, secrets),
  ];
  if (problems.length > 0) throw new InvalidInputError("Alertmanager", problems);
  return Object.fromEntries(
    uses.map(({ name }) => [name, pulumi.secret(secrets[name] as pulumi.Input<string>)]),
  );
}
