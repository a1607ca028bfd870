import { z } from "zod";
import { joinPath, type Problem } from "../core/problems.ts";
import { choice, dnsLabel, integer, list, named, text } from "../core/schema.ts";

// What people and programs may do in a Grafana that is filled through its API. A Grafana on the cluster is filled by files, which
// carry no permissions: everybody who signs in may look, and nobody saves what a file holds.

const team = z.strictObject({
  groups: list(text(/^[\w .:,=@/+-]{1,256}$/, "the id or name of a group of the identity provider"), 0, 20)
    .default([])
    .meta({
      description:
        "Groups of the identity provider whose members are members of the team. Empty: add members to the team in Grafana.",
    }),
});

/** Teams that may save what they like in their own folder, where everybody else looks. */
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

/** Accounts for programs, such as one that takes pictures of dashboards. */
export const accountsSettings = () =>
  named(dnsLabel(), account).default({}).meta({
    description: "Service accounts for programs, by name. The stack output grafanaTokens has their tokens.",
  });

export type TeamsSettings = z.output<ReturnType<typeof teamsSettings>>;
export type AccountsSettings = z.output<ReturnType<typeof accountsSettings>>;

/** The name of the account that the program itself uses in Amazon Managed Grafana. */
export const AUTOMATION = "bellwether";

/** Groups of a Grafana that takes nobody's. */
export function groupsProblems(teams: TeamsSettings, path: string): Problem[] {
  return Object.entries(teams)
    .filter(([, { groups }]) => groups.length > 0)
    .map(([name]) => ({
      path: joinPath(path, ["teams", name, "groups"]),
      found: "groups, and edition is oss",
      allowed: "none: Grafana's open edition does not take the members of its teams from groups",
      fix: "remove them, or set edition to enterprise if that Grafana is",
    }));
}

/** An account whose name is the program's own. */
export function accountsProblems(accounts: AccountsSettings, path: string): Problem[] {
  if (!Object.hasOwn(accounts, AUTOMATION)) return [];
  return [
    {
      path: joinPath(path, ["serviceAccounts", AUTOMATION]),
      found: "the name of the account that the program itself uses",
      allowed: "any other name",
      fix: "rename the account",
    },
  ];
}
