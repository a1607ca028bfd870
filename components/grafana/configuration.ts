import { stringify } from "yaml";
import type { DataSource } from "./data-sources.ts";

/** The mount paths in Grafana's container. */
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

/** grafana.ini; `externalUrl` is Grafana's URL for users. Without it they use a port-forward. */
export function grafanaIni(externalUrl: string | undefined): string {
  return ini({
    paths: { data: PATHS.data, provisioning: PATHS.provisioning, plugins: `${PATHS.data}/plugins` },
    server: externalUrl === undefined ? {} : { root_url: `${externalUrl}/` },
    security: {
      admin_user: "admin",
      // Grafana reads it only when it creates the database. Later the password is changed in Grafana.
      admin_password: `$__file{${PATHS.secrets}/${ADMIN_PASSWORD_FILE}}`,
      // Grafana encrypts secrets in its database with it, such as passwords of data sources. The default key is public.
      secret_key: `$__file{${PATHS.secrets}/${SECRET_KEY_FILE}}`,
      // Browsers send a secure cookie to http://localhost as well, so a port-forward still works.
      cookie_secure: true,
      // Not strict: browsers do not send a strict cookie after a click on a link in a notification, so users would have to log in again.
      cookie_samesite: "lax",
      disable_gravatar: true,
      strict_transport_security: externalUrl !== undefined,
      content_security_policy: true,
    },
    users: { allow_sign_up: false, allow_org_create: false },
    "auth.anonymous": { enabled: false },
    // No requests to grafana.com.
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    news: { news_feed_enabled: false },
    snapshots: { external_enabled: false },
    // Since Grafana 13 the Prometheus data source is a plugin in the image. An update at start would replace it, from the
    // internet, by an unpinned version; if the download fails, the data source does not work.
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

/** The provisioning file of dashboards: all files of the sidecar. Changes in the UI cannot be saved. */
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
