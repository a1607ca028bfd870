import * as grafana from "@pulumi/grafana";
import type * as pulumi from "@pulumi/pulumi";
import { type DashboardFolder, teamOf } from "./content.ts";
import type { TeamsSettings } from "./people-settings.ts";

/** Whose folder it is, and what that team may do in it. */
export interface FolderAccess {
  readonly folder: DashboardFolder;
  readonly folderUid: pulumi.Output<string>;
  readonly teams: TeamsSettings;
  readonly environment: string;
  readonly orgId: string;
}

/**
 * Lets a team save in its own folder, and everybody else look: editors of other teams, too. Only for a team that the environment names;
 * any other folder keeps Grafana's own permissions. Who is in the team is said by its groups, or by people in Grafana, and never here.
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
    // With the environment, as several may share an organisation, and the names of teams are the organisation's.
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
