import { stringify } from "yaml";
import type { DataSource } from "./data-sources.ts";

/** Where Grafana finds what is mounted into it. */
export const PATHS = {
  data: "/var/lib/grafana",
  /** Filled by the sidecar, one folder of files per folder of dashboards. */
  dashboards: "/var/lib/grafana-dashboards",
  configuration: "/etc/grafana",
  provisioning: "/etc/grafana/provisioning",
  secrets: "/etc/grafana-secrets",
} as const;

export const ADMIN_PASSWORD_FILE = "admin-password";
export const SECRET_KEY_FILE = "secret-key";

/** grafana.ini; `externalUrl` is where people reach Grafana, if they do not come through a port-forward. */
export function grafanaIni(externalUrl: string | undefined): string {
  return ini({
    paths: { data: PATHS.data, provisioning: PATHS.provisioning, plugins: `${PATHS.data}/plugins` },
    server: externalUrl === undefined ? {} : { root_url: `${externalUrl}/` },
    security: {
      admin_user: "admin",
      // Read when the database is made. Later the password is changed in Grafana, and this file no longer matters.
      admin_password: `$__file{${PATHS.secrets}/${ADMIN_PASSWORD_FILE}}`,
      // What people save as a secret, a data source's password for one, is encrypted with it. Its default is in Grafana's manual.
      secret_key: `$__file{${PATHS.secrets}/${SECRET_KEY_FILE}}`,
      // Browsers send a secure cookie to http://localhost as well, so a port-forward still works.
      cookie_secure: true,
      // Not strict: a strict cookie is missing on the click from a page or a chat, and asks on-call people to log in again.
      cookie_samesite: "lax",
      disable_gravatar: true,
      strict_transport_security: externalUrl !== undefined,
      content_security_policy: true,
    },
    users: { allow_sign_up: false, allow_org_create: false },
    "auth.anonymous": { enabled: false },
    // Nothing leaves the cluster.
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    news: { news_feed_enabled: false },
    snapshots: { external_enabled: false },
    // Since Grafana 13 the Prometheus data source is a plugin in the image. An update at start would replace it, from the
    // internet, by a version that nobody chose; where the download fails, the data source is gone.
    plugins: {
      preinstall_disabled: true,
      preinstall_auto_update: false,
      plugin_admin_enabled: false,
      public_key_retrieval_disabled: true,
    },
    metrics: { enabled: true },
    log: { mode: "console", level: "info" },
    "log.console": { format: "json" },
  });
}

/** The provisioning file of data sources. A source that is no longer listed is removed from the database. */
export function dataSourcesYaml(sources: readonly DataSource[], defaultUid: string): string {
  return stringify({
    apiVersion: 1,
    prune: true,
    datasources: sources.map(({ uid, name, type, url, jsonData }) => ({
      uid,
      name,
      type,
      access: "proxy",
      orgId: 1,
      ...(url !== undefined && { url }),
      isDefault: uid === defaultUid,
      editable: false,
      jsonData,
    })),
  });
}

/** The provisioning file of dashboards: whatever the sidecar writes, and nothing that somebody saves by hand. */
export function dashboardProvidersYaml(): string {
  return stringify({
    apiVersion: 1,
    providers: [
      {
        name: "config-maps",
        orgId: 1,
        type: "file",
        disableDeletion: false,
        allowUiUpdates: false,
        updateIntervalSeconds: 30,
        options: { path: PATHS.dashboards, foldersFromFilesStructure: true },
      },
    ],
  });
}

type IniValue = string | boolean;

function ini(sections: Readonly<Record<string, Readonly<Record<string, IniValue>>>>): string {
  return Object.entries(sections)
    .filter(([, settings]) => Object.keys(settings).length > 0)
    .map(([section, settings]) => {
      const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
      return `[${section}]\n${lines.join("")}`;
    })
    .join("\n");
}
