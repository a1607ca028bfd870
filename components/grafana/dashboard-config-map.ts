import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import { labelsOf, WORKLOADS } from "../workloads/model.ts";
import type { DashboardJson } from "./json.ts";

/** By this label the sidecar finds dashboards. */
export const DASHBOARD_LABEL = { name: "grafana_dashboard", value: "1" } as const;
/** By this annotation it learns the title of the folder. */
export const FOLDER_ANNOTATION = "grafana_folder";

/** What the API server takes of data in one ConfigMap: 1 MiB. */
const LARGEST_CONFIG_MAP = 1_048_576;

/** A dashboard as text, the same for a ConfigMap and the API. Reviewers read it with one field a line, in what a preview writes. */
export function dashboardText(dashboard: DashboardJson): string {
  return JSON.stringify(dashboard);
}

/**
 * A dashboard as the ConfigMap that brings it into the Grafana of this namespace. A team's own program may render its own.
 *
 * Throws an Error for a dashboard of more than 1 MiB, which no ConfigMap holds.
 */
export function renderDashboardConfigMap(
  dashboard: DashboardJson,
  namespace: string,
  folder: string,
): IConfigMap {
  const { uid } = dashboard;
  const file = `${uid}.json`;
  const text = dashboardText(dashboard);
  const size = Buffer.byteLength(file) + Buffer.byteLength(text);
  if (size > LARGEST_CONFIG_MAP)
    throw new Error(
      `dashboard ${uid} has ${size} bytes and a ConfigMap holds ${LARGEST_CONFIG_MAP}: split it`,
    );
  const { name } = WORKLOADS.grafana;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      // Kubernetes takes neither capitals nor underscores in a name; Grafana takes both in a uid.
      name: `${name}-dashboard-${uid.toLowerCase().replaceAll("_", "-")}`,
      namespace,
      labels: { ...labelsOf(WORKLOADS.grafana), [DASHBOARD_LABEL.name]: DASHBOARD_LABEL.value },
      annotations: { [FOLDER_ANNOTATION]: folder },
    },
    data: { [file]: text },
  };
}
