import * as grafana from "@pulumi/grafana";
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../core/problems.ts";
import { missingSecrets } from "../core/secrets.ts";
import { after, createObject, createObjects } from "../kubernetes/component.ts";
import { type GrafanaContentArgs, PLATFORM, renderContent } from "./content.ts";
import { dashboardText } from "./dashboard-config-map.ts";
import {
  type ExistingGrafanaSettings,
  grafanaProblems,
  grafanaSecrets,
  grafanaUrl,
  type InClusterGrafanaSettings,
} from "./model.ts";
import { adminSecretData, renderInCluster } from "./render.ts";

export interface GrafanaArgs extends GrafanaContentArgs {
  /** Values of the secrets that the settings name, by name. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** The namespace of a Grafana on the cluster. */
  readonly namespace: string;
  /** Whether what holds Grafana's database is protected from deletion. */
  readonly protectData: boolean;
}

/** A Grafana with the environment's data sources and dashboards: one on the cluster, or one that exists. */
export class Grafana extends pulumi.ComponentResource {
  /** The root URL at which people open it, or undefined where they come through a port-forward. */
  readonly url: string | undefined;

  /** Throws an InvalidInputError that lists every problem of the settings and every secret without a value. */
  constructor(name: string, args: GrafanaArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const secretOf = resolveSecrets(args);
    super("bellwether:grafana:Grafana", name, {}, opts);

    const { settings } = args;
    switch (settings.kind) {
      case "in-cluster":
        createInCluster(this, name, { ...args, settings }, secretOf);
        break;
      case "existing":
        fillExisting(this, name, { ...args, settings }, secretOf(settings.tokenSecret));
        break;
    }
    this.url = grafanaUrl(settings);
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
    ...createObjects(name, objects.entrance, child),
  };
  const { adminPasswordSecret, secretKeySecret } = args.settings;
  const secrets = adminSecretData(secretOf(adminPasswordSecret), secretOf(secretKeySecret));
  const admin = { ...objects.adminSecret, stringData: secrets };
  const adminSecret = createObject(`${name}-admin`, admin, child);
  // After the configuration: the checksum restarts the pod, and it must find the new files.
  const ready = [...Object.values(before), adminSecret];
  const server = createObject(
    name,
    objects.grafana,
    after({ ...child, protect: args.protectData }, ...ready),
  );
  // A Service counts as made when a ready pod answers behind it: before the pod it would wait for ever.
  createObjects(name, objects.after, after(child, server));
  createObjects(`${name}-dashboard`, objects.dashboards, child);
}

function fillExisting(
  parent: pulumi.Resource,
  name: string,
  args: GrafanaArgs & { readonly settings: ExistingGrafanaSettings },
  token: pulumi.Output<string>,
): void {
  const { settings, environment } = args;
  const { sources, folders } = renderContent(args);
  const orgId = String(settings.orgId);
  const provider = new grafana.Provider(`${name}-api`, { url: settings.url, auth: token }, { parent });
  const child = { parent, provider };

  for (const [role, source] of Object.entries(sources)) {
    const { uid, name: title, type, url, jsonData } = source;
    new grafana.oss.DataSource(
      `${name}-data-source-${role}`,
      // Not the default: the Grafana is not ours alone. Its name is set, or the provider adds a random suffix.
      {
        uid,
        name: title,
        type,
        url,
        accessMode: "proxy",
        isDefault: false,
        orgId,
        jsonDataEncoded: JSON.stringify(jsonData),
      },
      child,
    );
  }
  for (const { owner, uid, title, dashboards } of folders) {
    const folder = new grafana.oss.Folder(
      owner === PLATFORM ? name : `${name}-folder-${owner}`,
      // Other people's dashboards in the folder outlive this stack.
      { uid, title, orgId, preventDestroyIfNotEmpty: true },
      child,
    );
    for (const { name: dashboard, json } of dashboards)
      new grafana.oss.Dashboard(
        `${name}-dashboard-${dashboard}`,
        {
          configJson: dashboardText(json),
          folder: folder.uid,
          orgId,
          // What somebody changed by hand is overwritten, as provisioning does on the cluster.
          overwrite: true,
          message: `Bellwether, environment ${environment}`,
        },
        child,
      );
  }
}

/** The value of a secret that the settings name, as a secret whatever it came as. */
type SecretOf = (name: string) => pulumi.Output<string>;

function resolveSecrets({ settings, secrets }: GrafanaArgs): SecretOf {
  const missing = missingSecrets(grafanaSecrets(settings, "settings"), secrets);
  const problems = [...grafanaProblems(settings, "settings"), ...missing];
  if (problems.length > 0) throw new InvalidInputError("Grafana", problems);
  return (name) => {
    const value = secrets[name];
    if (value === undefined) throw new Error(`grafanaSecrets does not list ${name}, which is read`);
    return pulumi.secret(value);
  };
}
