import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import { labelsOf, WORKLOADS } from "../workloads/model.ts";
import type { DashboardJson } from "./json.ts";

/** The label by which the sidecar selects ConfigMaps. */
export const DASHBOARD_LABEL = { name: "grafana_dashboard", value: "1" } as const;
/** The annotation with the title of the folder. */
export const FOLDER_ANNOTATION = "grafana_folder";

/** Maximum size of the data of a ConfigMap: 1 MiB. */
const LARGEST_CONFIG_MAP = 1_048_576;

/** A dashboard as text, for a ConfigMap and for the API. The preview writes it with one field per line for reviewers. */
export function dashboardText(dashboard: DashboardJson): string {
  return JSON.stringify(dashboard);
}

/**
 * A dashboard as a ConfigMap for the Grafana in this namespace. Programs of teams can use it for their own dashboards.
 *
 * Throws an Error for a dashboard of more than 1 MiB.
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
      `dashboard ${uid} has ${size} bytes and a ConfigMap can have ${LARGEST_CONFIG_MAP}: split the dashboard`,
    );
  const { name } = WORKLOADS.grafana;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      // Unlike a uid, the name of a Kubernetes object has no capitals and no underscores.
      name: `${name}-dashboard-${uid.toLowerCase().replaceAll("_", "-")}`,
      namespace,
      labels: { ...labelsOf(WORKLOADS.grafana), [DASHBOARD_LABEL.name]: DASHBOARD_LABEL.value },
      annotations: { [FOLDER_ANNOTATION]: folder },
    },
    data: { [file]: text },
  };
}
