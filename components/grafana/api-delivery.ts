import * as grafana from "@pulumi/grafana";
import * as pulumi from "@pulumi/pulumi";
import { onlyGiven } from "../providers/given.ts";
import { type AlertingDelivery, deliverAlerting } from "./alerting/component.ts";
import { type GrafanaContent, PLATFORM } from "./content.ts";
import { dashboardText } from "./dashboard-config-map.ts";
import { grantFolder } from "./folders.ts";
import type { TeamsSettings } from "./people-settings.ts";

/** Access to the API of a Grafana, and the content to create. */
export interface ApiDeliveryArgs {
  readonly content: GrafanaContent;
  readonly environment: string;
  readonly url: pulumi.Input<string>;
  readonly token: pulumi.Output<string>;
  /** The id of the organisation. */
  readonly orgId: string;
  /** Teams that may save in their own folder. */
  readonly teams: TeamsSettings;
  /** URL of the long-term storage, if the content has a data source for it. */
  readonly storeUrl?: pulumi.Input<string>;
  /** The alerts that Grafana evaluates. Default: none. */
  readonly alerting?: Omit<AlertingDelivery, "orgId"> | undefined;
}

/** Creates data sources, folders and dashboards through Grafana's API. Returns the provider that it creates for this. */
export function deliverByApi(
  parent: pulumi.Resource,
  name: string,
  { content, environment, url, token, orgId, teams, storeUrl, alerting }: ApiDeliveryArgs,
): grafana.Provider {
  const { sources, folders } = content;
  const access = { url, auth: token };
  const provider = new grafana.Provider(
    `${name}-api`,
    access,
    pulumi.mergeOptions({ parent }, onlyGiven(access)),
  );
  const child = { parent, provider };

  for (const [role, source] of Object.entries(sources)) {
    const { uid, name: title, type, jsonData } = source;
    const url = source.url ?? storeUrl;
    if (url === undefined) throw new Error(`the data source ${uid} has no URL`);
    new grafana.oss.DataSource(
      `${name}-data-source-${role}`,
      // Not the default data source: others may use this Grafana. Without a name the provider adds a random suffix.
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
      // Dashboards of other users in the folder are kept when the stack is destroyed.
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
          // Overwrites manual changes, as provisioning files do.
          overwrite: true,
          message: `Bellwether, environment ${environment}`,
        },
        child,
      );
  }
  return provider;
}
