import * as grafana from "@pulumi/grafana";
import type * as pulumi from "@pulumi/pulumi";
import { type AlertingDelivery, deliverAlerting } from "./alerting/component.ts";
import { type GrafanaContent, PLATFORM } from "./content.ts";
import { dashboardText } from "./dashboard-config-map.ts";
import { grantFolder } from "./folders.ts";
import type { TeamsSettings } from "./people-settings.ts";

/** How the API of a Grafana is reached, and what it is told. */
export interface ApiDeliveryArgs {
  readonly content: GrafanaContent;
  readonly environment: string;
  readonly url: pulumi.Input<string>;
  readonly token: pulumi.Output<string>;
  /** The organisation's id, as the API has it. */
  readonly orgId: string;
  /** Teams that may save in their own folder. */
  readonly teams: TeamsSettings;
  /** Where the store of samples is asked, if the content has it as a data source. */
  readonly storeUrl?: pulumi.Input<string>;
  /** What it alerts of by itself. Default: nothing. */
  readonly alerting?: Omit<AlertingDelivery, "orgId"> | undefined;
}

/** Data sources, folders and dashboards through Grafana's API, by a provider of their own, which is returned. */
export function deliverByApi(
  parent: pulumi.Resource,
  name: string,
  { content, environment, url, token, orgId, teams, storeUrl, alerting }: ApiDeliveryArgs,
): grafana.Provider {
  const { sources, folders } = content;
  const provider = new grafana.Provider(`${name}-api`, { url, auth: token }, { parent });
  const child = { parent, provider };

  for (const [role, source] of Object.entries(sources)) {
    const { uid, name: title, type, jsonData } = source;
    const url = source.url ?? storeUrl;
    if (url === undefined) throw new Error(`nobody says where the data source ${uid} asks`);
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
  if (alerting !== undefined) deliverAlerting(name, { ...alerting, orgId }, child);
  for (const rendered of folders) {
    const { owner, uid, title, dashboards } = rendered;
    const folder = new grafana.oss.Folder(
      owner === PLATFORM ? name : `${name}-folder-${owner}`,
      // Other people's dashboards in the folder outlive this stack.
      { uid, title, orgId, preventDestroyIfNotEmpty: true },
      child,
    );
    grantFolder(name, { folder: rendered, folderUid: folder.uid, teams, environment, orgId }, child);
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
  return provider;
}
