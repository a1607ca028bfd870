import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../core/problems.ts";
import { missingSecrets } from "../core/secrets.ts";
import { after, createObject, createObjects } from "../kubernetes/component.ts";
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
import { adminSecretData, type InClusterGrafanaObjects, renderInCluster } from "./render.ts";
import { type AccountKeys, createAccounts } from "./service-accounts.ts";
import type { WorkspacePlace } from "./workspace-place.ts";

export interface GrafanaArgs extends GrafanaContentArgs {
  /** Values of the secrets that the settings name, by name. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** The namespace of a Grafana on the cluster. */
  readonly namespace: string;
  /** The day of the deployment, as YYYY-MM-DD: tokens of Amazon Managed Grafana take turns by it. */
  readonly today: string;
  /** Where in AWS a workspace of Amazon Managed Grafana is made. Needed for that kind, and for no other. */
  readonly place?: WorkspacePlace;
  /** Where in AWS samples are sent on to, if they are. Amazon's Grafana reads it; others have no rights there. */
  readonly sampleStore?: { readonly arn: pulumi.Input<string>; readonly endpoint: pulumi.Input<string> };
  /** What Grafana alerts of by itself. Default: nothing. */
  readonly alerting?: AlertingArgs;
  /** Whether what holds Grafana's database is protected from deletion. */
  readonly protectData: boolean;
}

/** A Grafana with the environment's data sources and dashboards: one on the cluster, one that exists, or Amazon's. */
export class Grafana extends pulumi.ComponentResource {
  /** The root URL at which people open it, or undefined where they come through a port-forward. */
  readonly url: string | pulumi.Output<string> | undefined;
  /** The tokens of programs' accounts that are in use today, by account; secrets. */
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
  const secrets = adminSecretData(secretOf(adminPasswordSecret), secretOf(secretKeySecret));
  const admin = { ...objects.adminSecret, stringData: secrets };
  const adminSecret = createObject(`${name}-admin`, admin, child);
  const needs = createAlertingNeeds(name, { ...args, ...objects }, secretOf, child);
  // After the configuration: the checksum restarts the pod, and it must find the new files.
  const ready = [...Object.values(before), adminSecret, ...needs];
  const server = createObject(
    name,
    objects.grafana,
    after({ ...child, protect: args.protectData }, ...ready),
  );
  // A Service counts as made when a ready pod answers behind it: before the pod it would wait for ever.
  createObjects(name, objects.after, after(child, server));
  createObjects(`${name}-dashboard`, objects.dashboards, child);
}

/** What the pod of a Grafana that alerts must find when it starts: the secrets of its contact points, and its identity in AWS. */
function createAlertingNeeds(
  name: string,
  { contactSecret, alerting, place, namespace }: GrafanaArgs & InClusterGrafanaObjects,
  secretOf: SecretOf,
  child: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const needs: pulumi.Resource[] = [];
  if (contactSecret !== undefined) {
    const stringData = Object.fromEntries(contactSecret.names.map((secret) => [secret, secretOf(secret)]));
    const object = { ...contactSecret.object, stringData };
    needs.push(createObject(`${name}-contact-points`, object, child));
  }
  if (alerting?.settings.cloudWatch?.kind === "pod-identity" && place !== undefined) {
    const { clusterName } = alerting.parameters;
    needs.push(createCloudWatchAccess(`${name}-cloudwatch`, { ...place, clusterName, namespace }, child));
  }
  return needs;
}

/** Fills a Grafana that exists; returns the keys of programs' accounts. */
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

/** Makes the workspace and fills it; returns the URL that AWS gave it, and the keys of programs' accounts. */
function createManaged(
  parent: pulumi.Resource,
  name: string,
  args: GrafanaArgs & { readonly settings: ManagedGrafanaSettings },
  secretOf: SecretOf,
): Pick<ManagedWorkspace, "url" | "keys"> {
  const { place, environment, sampleStore } = args;
  // stacks/rules.ts refuses this long before: a workspace needs an account.
  if (place === undefined) throw new Error("an Amazon Managed Grafana, and no place to make it in");
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

/** A workspace has one organisation. */
const ONLY_ORGANISATION = "1";

/** The value of a secret that the settings name, as a secret whatever it came as. */
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
    if (value === undefined) throw new Error(`grafanaSecrets does not list ${name}, which is read`);
    return pulumi.secret(value);
  };
}
