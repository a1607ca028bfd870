import { isJson } from "../../core/json.ts";
import type { FileFormat } from "../files.ts";

/** How the files of dashboards are read. */
export const DASHBOARD_FILES: FileFormat = {
  field: "dashboards",
  ending: /\.json$/,
  allowed: "the JSON of a dashboard, as Grafana exports it, at a path from the file of the definition",
  contentOf: (text) => {
    let dashboard: unknown;
    try {
      dashboard = JSON.parse(text);
    } catch (error) {
      return `which is no JSON: ${(error as Error).message.split("\n")[0]}`;
    }
    return isJson(dashboard) ? { dashboard } : "which holds no JSON object";
  },
};
