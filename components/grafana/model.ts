import { z } from "zod";
import { type Problem, shown } from "../core/problems.ts";
import { bytes } from "../core/quantity.ts";
import { byteQuantity, choice, httpsUrl, integer, secretName } from "../core/schema.ts";
import type { NamedSecret } from "../core/secrets.ts";
import { alertingSettings, assumedRole, podIdentity, WHAT_GRAFANA_ALERTS_OF } from "./alerting/model.ts";
import { amazonManaged, managedGrafanaProblems } from "./managed-settings.ts";

import { accountsSettings, groupsProblems, type TeamsSettings, teamsSettings } from "./people-settings.ts";

export { alertingProblems, alertingReceivers } from "./alerting/model.ts";
export type { ManagedGrafanaSettings } from "./managed-settings.ts";

/** A Grafana in the cluster, which reads dashboards from ConfigMaps. */
const inCluster = z.strictObject({
  kind: z.literal("in-cluster"),
  volume: byteQuantity().default("10Gi").meta({
    description:
      "Size of the volume of Grafana's database. bellwether grow-volumes gives it to an existing volume.",
  }),
  adminPasswordSecret: secretName().meta({
    secret: true,
    description: "Secret: the password of the user admin.",
  }),
  secretKeySecret: secretName().default("grafanaSecretKey").meta({
    secret: true,
    description:
      "Secret: the key with which Grafana encrypts secrets in its database, 32 random bytes as text. With another key Grafana cannot decrypt what users saved.",
  }),
  externalUrl: httpsUrl().optional().meta({ description: "URL of Grafana for links in alerts." }),
  alerting: alertingSettings("policy", podIdentity).optional().meta({ description: WHAT_GRAFANA_ALERTS_OF }),
});

/** An existing Grafana: the program creates dashboards, folders and data sources through its API. */
const existing = z.strictObject({
  kind: z.literal("existing"),
  url: httpsUrl().meta({ description: "Root URL of Grafana." }),
  tokenSecret: secretName().meta({
    secret: true,
    description: "Secret: a service-account token with the Admin role.",
  }),
  orgId: integer(1, 1_000_000)
    .default(1)
    .meta({ description: "Id of the organisation for the dashboards. Each environment needs its own." }),
  edition: choice(["oss", "enterprise"])
    .default("oss")
    .meta({ description: "enterprise (also for Grafana Cloud): the members of teams can come from groups." }),
  teams: teamsSettings(),
  serviceAccounts: accountsSettings(),
  prometheusUrl: httpsUrl().meta({
    description: "URL at which that Grafana reaches Prometheus.",
  }),
  alertmanagerUrl: httpsUrl().meta({
    description: "URL at which that Grafana reaches Alertmanager.",
  }),
  alerting: alertingSettings("per-rule", assumedRole)
    .optional()
    .meta({ description: WHAT_GRAFANA_ALERTS_OF }),
});

export const grafanaSettings = z.discriminatedUnion("kind", [inCluster, existing, amazonManaged]);

export type GrafanaSettings = z.output<typeof grafanaSettings>;
export type InClusterGrafanaSettings = z.output<typeof inCluster>;
export type ExistingGrafanaSettings = z.output<typeof existing>;

/** A smaller volume would be full with the write-ahead log of the database and the search index. */
const SMALLEST_VOLUME = "1Gi";
/** The database has no samples, so a larger size is a typing error. */
const LARGEST_VOLUME = "200Gi";

/** The problems between the fields of the settings; paths start at `path`. */
export function grafanaProblems(settings: GrafanaSettings, path: string): Problem[] {
  switch (settings.kind) {
    case "in-cluster":
      return inClusterProblems(settings, path);
    case "existing":
      return existingProblems(settings, path);
    case "amazon-managed":
      return managedGrafanaProblems(settings, path);
  }
}

function inClusterProblems({ volume, externalUrl }: InClusterGrafanaSettings, path: string): Problem[] {
  const problems: Problem[] = [];
  const size = bytes(volume);
  if (size < bytes(SMALLEST_VOLUME) || size > bytes(LARGEST_VOLUME))
    problems.push({
      path: `${path}.volume`,
      found: shown(volume),
      allowed: `a volume from ${SMALLEST_VOLUME} to ${LARGEST_VOLUME}`,
      fix: "choose a size in that range; the database contains no samples",
    });
  if (externalUrl !== undefined && new URL(externalUrl).pathname !== "/")
    problems.push({
      path: `${path}.externalUrl`,
      found: shown(externalUrl),
      allowed: "a URL without a path, because this Grafana is served at the root of its host",
      fix: `give Grafana a host of its own, such as ${shown(`https://grafana.${new URL(externalUrl).host}`)}`,
    });
  return problems;
}

function existingProblems(settings: ExistingGrafanaSettings, path: string): Problem[] {
  const urls = (["url", "prometheusUrl", "alertmanagerUrl"] as const).map((field) => ({
    field,
    url: settings[field],
  }));
  const sameUrls = urls.flatMap(({ field, url }, index) => {
    const same = urls.slice(0, index).find((other) => other.url === url);
    if (same === undefined) return [];
    return [
      {
        path: `${path}.${field}`,
        found: `${shown(url)}, the same as ${path}.${same.field}`,
        allowed: "different URLs for Grafana, Prometheus and Alertmanager",
        fix: `set ${field} to its own URL`,
      },
    ];
  });
  return [...sameUrls, ...(settings.edition === "oss" ? groupsProblems(settings.teams, path) : [])];
}

/** The secrets that must be set before a deployment of Grafana. */
export function grafanaSecrets(settings: GrafanaSettings, path: string): NamedSecret[] {
  switch (settings.kind) {
    case "in-cluster":
      return [
        { name: settings.adminPasswordSecret, path: `${path}.adminPasswordSecret` },
        { name: settings.secretKeySecret, path: `${path}.secretKeySecret` },
      ];
    case "existing":
      return [{ name: settings.tokenSecret, path: `${path}.tokenSecret` }];
    case "amazon-managed":
      // The program creates its tokens.
      return [];
  }
}

/**
 * The root URL of Grafana for links in alerts, if it is known before the deployment. AWS chooses the URL of Amazon Managed Grafana at the
 * first deployment; after that it can be set in the environment.
 */
export function grafanaUrl(settings: GrafanaSettings): string | undefined {
  switch (settings.kind) {
    case "in-cluster":
      return settings.externalUrl;
    case "existing":
    case "amazon-managed":
      return settings.url;
  }
}

/** The teams with edit permission on their own folder, by name. A Grafana in the cluster has none: provisioning files have no permissions. */
export function grafanaTeams(settings: GrafanaSettings): TeamsSettings {
  return settings.kind === "in-cluster" ? {} : settings.teams;
}
