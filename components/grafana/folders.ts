import * as grafana from "@pulumi/grafana";
import type * as pulumi from "@pulumi/pulumi";
import { type DashboardFolder, teamOf } from "./content.ts";
import type { TeamsSettings } from "./people-settings.ts";

/** A folder and the access of teams to it. */
export interface FolderAccess {
  readonly folder: DashboardFolder;
  readonly folderUid: pulumi.Output<string>;
  readonly teams: TeamsSettings;
  readonly environment: string;
  readonly orgId: string;
}

/**
 * Gives a team edit permission on its own folder, and view permission to all others, including editors of other teams. Only for teams in
 * the environment's settings; other folders keep Grafana's default permissions. The members of the team come from its groups, or are
 * added in Grafana, and are not managed here.
 */
export function grantFolder(
  name: string,
  { folder, folderUid, teams, environment, orgId }: FolderAccess,
  opts: pulumi.CustomResourceOptions,
): void {
  const owner = teamOf(folder);
  const settings = owner !== undefined && Object.hasOwn(teams, owner) ? teams[owner] : undefined;
  if (owner === undefined || settings === undefined) return;
  const team = new grafana.oss.Team(
    `${name}-team-${owner}`,
    // The name contains the environment, because team names are unique within an organisation and environments can share one.
    { name: `${owner} (${environment})`, orgId },
    { ...opts, ignoreChanges: ["members", "admins"] },
  );
  if (settings.groups.length > 0)
    new grafana.enterprise.TeamExternalGroup(
      `${name}-team-${owner}`,
      { teamId: team.id, groups: settings.groups },
      opts,
    );
  new grafana.oss.FolderPermission(
    `${name}-folder-${folder.owner}`,
    {
      folderUid,
      orgId,
      permissions: [
        { role: "Viewer", permission: "View" },
        { role: "Editor", permission: "View" },
        { teamId: team.id, permission: "Edit" },
      ],
    },
    opts,
  );
}
