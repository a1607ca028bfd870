import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../core/problems.ts";
import { missingSecrets } from "../core/secrets.ts";
import { after, createObject, createObjects, generatedName } from "../kubernetes/component.ts";
import { SET_ONCE } from "../workloads/volumes.ts";
import { createCloudWatchAccess } from "./alerting/cloudwatch-access.ts";
import { alertingSecrets, reachable } from "./alerting/model.ts";
import { type AlertingArgs, renderAlerting } from "./alerting/render.ts";
import { deliverByApi } from "./api-delivery.ts";
import { type GrafanaContentArgs, renderContent } from "./content.ts";
import { createManagedWorkspace, type ManagedWorkspace } from "./managed-workspace.ts";
import {
  type ExistingGrafanaSettings,
  grafanaProblems,
  grafanaSecrets,
  grafanaUrl,
  type InClusterGrafanaSettings,
  type ManagedGrafanaSettings,
} from "./model.ts";
import { type InClusterGrafanaObjects, renderInCluster, secretData, withSecretVolumes } from "./render.ts";
import { type AccountKeys, createAccounts } from "./service-accounts.ts";
import type { WorkspacePlace } from "./workspace-place.ts";

export interface GrafanaArgs extends GrafanaContentArgs {
  /** Values of the secrets in the settings, by name. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** The namespace of a Grafana in the cluster. */
  readonly namespace: string;
  /** The day of the deployment, as YYYY-MM-DD: it determines the current token of each service account. */
  readonly today: string;
  /** Account, region and VPC of the workspace. Needed for Amazon Managed Grafana only. */
  readonly place?: WorkspacePlace;
  /** The AMP workspace of remote write, if there is one. Only Amazon Managed Grafana queries it; others have no permission. */
  readonly sampleStore?: { readonly arn: pulumi.Input<string>; readonly endpoint: pulumi.Input<string> };
  /** The alerts that Grafana evaluates. Default: none. */
  readonly alerting?: AlertingArgs;
  /** Whether the StatefulSet or workspace with Grafana's database is protected from deletion. */
  readonly protectData: boolean;
}

/** A Grafana with the environment's data sources and dashboards: in the cluster, an existing one, or Amazon Managed Grafana. */
export class Grafana extends pulumi.ComponentResource {
  /** The root URL for users, or undefined if they use a port-forward. */
  readonly url: string | pulumi.Output<string> | undefined;
  /** The current tokens of the service accounts, by account; secrets. */
  readonly tokens: Readonly<Record<string, pulumi.Output<string>>>;

  /** Throws an InvalidInputError that lists every problem of the settings and every secret without a value. */
  constructor(name: string, args: GrafanaArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const secretOf = resolveSecrets(args);
    super("bellwether:grafana:Grafana", name, {}, opts);

    const { settings } = args;
    this.url = grafanaUrl(settings);
    this.tokens = {};
    switch (settings.kind) {
      case "in-cluster":
        createInCluster(this, name, { ...args, settings }, secretOf);
        break;
      case "existing":
        this.tokens = fillExisting(this, name, { ...args, settings }, secretOf);
        break;
      case "amazon-managed":
        ({ url: this.url, keys: this.tokens } = createManaged(this, name, { ...args, settings }, secretOf));
        break;
    }
    this.registerOutputs({ url: this.url });
  }
}

function createInCluster(
  parent: pulumi.Resource,
  name: string,
  args: GrafanaArgs & { readonly settings: InClusterGrafanaSettings },
  secretOf: SecretOf,
): void {
  const objects = renderInCluster(args);
  const child = { parent };

  const before = {
    ...createObjects(name, objects.before, child),
    ...createObjects(name, objects.ingress, child),
  };
  const { adminPasswordSecret, secretKeySecret } = args.settings;
  const values = secretData(secretOf(adminPasswordSecret), secretOf(secretKeySecret));
  const admin = createSecret(`${name}-admin`, objects.adminSecret, values.admin, child);
  const key = createSecret(`${name}-secret-key`, objects.keySecret, values.key, child);
  const contacts = createContactSecret(name, objects, secretOf, child);
  const access = createCloudWatch(name, args, child);
  // After the configuration: a new checksum restarts the pod, which must mount the new files.
  const ready = [...Object.values(before), admin, key, ...contacts, ...access];
  const [contactSecret] = contacts.map(generatedName);
  const server = createObject(
    name,
    withSecretVolumes(objects.grafana, {
      secretKey: generatedName(key),
      ...(contactSecret && { contactPoints: contactSecret }),
    }),
    after({ ...child, protect: args.protectData, ignoreChanges: [...SET_ONCE.grafana] }, ...ready),
  );
  // Pulumi waits until a Service has a ready pod, so the Service is created after the StatefulSet.
  createObjects(name, objects.after, after(child, server));
  createObjects(`${name}-dashboard`, objects.dashboards, child);
}

/** The Secret of the contact points, if they have secrets. */
function createContactSecret(
  name: string,
  { contactSecret }: InClusterGrafanaObjects,
  secretOf: SecretOf,
  child: pulumi.CustomResourceOptions,
): readonly pulumi.CustomResource[] {
  if (contactSecret === undefined) return [];
  const stringData = Object.fromEntries(contactSecret.names.map((secret) => [secret, secretOf(secret)]));
  return [createSecret(`${name}-contact-points`, contactSecret.object, stringData, child)];
}

function createSecret(
  name: string,
  secret: InClusterGrafanaObjects["adminSecret"],
  stringData: Readonly<Record<string, pulumi.Output<string>>>,
  child: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const object = { ...secret, stringData };
  return createObject(name, object, child);
}

/** The AWS role with which the pod reads CloudWatch, if its alerts need one: a pod gets its credentials when it starts. */
function createCloudWatch(
  name: string,
  { alerting, place, namespace }: GrafanaArgs,
  child: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  if (alerting?.settings.cloudWatch?.kind !== "pod-identity" || place === undefined) return [];
  const { clusterName } = alerting.parameters;
  return [createCloudWatchAccess(`${name}-cloudwatch`, { ...place, clusterName, namespace }, child)];
}

/** Configures an existing Grafana. Returns the keys of its service accounts. */
function fillExisting(
  parent: pulumi.Resource,
  name: string,
  args: GrafanaArgs & { readonly settings: ExistingGrafanaSettings },
  secretOf: SecretOf,
): AccountKeys {
  const { settings, environment, today } = args;
  const { url, teams, serviceAccounts } = settings;
  const orgId = String(settings.orgId);
  const provider = deliverByApi(parent, name, {
    content: renderContent(args),
    environment,
    url,
    token: secretOf(settings.tokenSecret),
    orgId,
    teams,
    alerting: args.alerting && { content: renderAlerting(args.alerting), secretOf },
  });
  return createAccounts(name, serviceAccounts, { today, orgId }, { parent, provider });
}

/** Creates the workspace and configures it. Returns the URL from AWS and the keys of its service accounts. */
function createManaged(
  parent: pulumi.Resource,
  name: string,
  args: GrafanaArgs & { readonly settings: ManagedGrafanaSettings },
  secretOf: SecretOf,
): Pick<ManagedWorkspace, "url" | "keys"> {
  const { place, environment, sampleStore } = args;
  // stacks/rules.ts rejects such an environment earlier.
  if (place === undefined) throw new Error("Amazon Managed Grafana needs an AWS account and a region");
  const storeArn = sampleStore?.arn;
  const workspace = { ...args, place, ...(storeArn !== undefined && { storeArn }) };
  const { url, token, keys } = createManagedWorkspace(name, workspace, { parent });
  const store = sampleStore && { region: place.region };
  deliverByApi(parent, name, {
    content: renderContent({ ...args, ...(store && { store }) }),
    environment,
    url,
    token,
    orgId: ONLY_ORGANISATION,
    teams: args.settings.teams,
    ...(sampleStore && { storeUrl: sampleStore.endpoint }),
    alerting: args.alerting && { content: renderAlerting(args.alerting), secretOf },
  });
  return { url, keys };
}

/** A workspace has exactly one organisation. */
const ONLY_ORGANISATION = "1";

/** Returns the value of a secret of the settings, as a secret output. */
type SecretOf = (name: string) => pulumi.Output<string>;

function resolveSecrets({ settings, secrets, alerting }: GrafanaArgs): SecretOf {
  const named = [
    ...grafanaSecrets(settings, "settings"),
    ...(alerting ? alertingSecrets(reachable(alerting.receivers, alerting.kind), "alerting") : []),
  ];
  const missing = missingSecrets(named, secrets);
  const problems = [...grafanaProblems(settings, "settings"), ...missing];
  if (problems.length > 0) throw new InvalidInputError("Grafana", problems);
  return (name) => {
    const value = secrets[name];
    if (value === undefined) throw new Error(`grafanaSecrets does not list the secret ${name}`);
    return pulumi.secret(value);
  };
}
