import { z } from "zod";
import { joinPath, type Problem } from "../core/problems.ts";
import { choice, dnsLabel, integer, list, named, text } from "../core/schema.ts";

// Teams and service accounts of a Grafana that is managed through its API. A Grafana in the cluster reads provisioning files, which have no
// permissions: all users may view dashboards, and no user can save provisioned ones.

const team = z.strictObject({
  groups: list(text(/^[\w .:,=@/+-]{1,256}$/, "the id or name of a group of the identity provider"), 0, 20)
    .default([])
    .meta({
      description:
        "Groups of the identity provider whose members are members of the team. Empty: add members to the team in Grafana.",
    }),
});

/** Teams with edit permission on their own folder. */
export const teamsSettings = () =>
  named(dnsLabel(), team).default({}).meta({
    description:
      "Teams that may save dashboards in their own folder, by name. Other folders have the default permissions of Grafana.",
  });

const account = z.strictObject({
  role: choice(["viewer", "editor"]).meta({ description: "Role of the service account." }),
  tokenGeneration: integer(1, 1000).default(1).meta({
    description:
      "Increase it when a token was deleted or leaked: the next `pulumi up` replaces both tokens of the account.",
  }),
});

/** Service accounts for programs, such as one that renders images of dashboards. */
export const accountsSettings = () =>
  named(dnsLabel(), account).default({}).meta({
    description: "Service accounts for programs, by name. The stack output grafanaTokens has their tokens.",
  });

export type TeamsSettings = z.output<ReturnType<typeof teamsSettings>>;
export type AccountsSettings = z.output<ReturnType<typeof accountsSettings>>;

/** The name of Bellwether's own service account in Amazon Managed Grafana. */
export const AUTOMATION = "bellwether";

/** Groups in a Grafana edition that does not support them. */
export function groupsProblems(teams: TeamsSettings, path: string): Problem[] {
  return Object.entries(teams)
    .filter(([, { groups }]) => groups.length > 0)
    .map(([name]) => ({
      path: joinPath(path, ["teams", name, "groups"]),
      found: "groups, and edition is oss",
      allowed: "no groups: in Grafana OSS the members of teams cannot come from groups",
      fix: "remove them, or set edition to enterprise if it is Grafana Enterprise or Cloud",
    }));
}

/** A service account with the name of Bellwether's own. */
export function accountsProblems(accounts: AccountsSettings, path: string): Problem[] {
  if (!Object.hasOwn(accounts, AUTOMATION)) return [];
  return [
    {
      path: joinPath(path, ["serviceAccounts", AUTOMATION]),
      found: "the name of Bellwether's own service account",
      allowed: "any other name",
      fix: "rename the account",
    },
  ];
}
