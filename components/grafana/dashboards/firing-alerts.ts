import { FIRING_ALERTS } from "../../signals/panels.ts";
import type { Panel } from "../panel.ts";
import type { Tile } from "../signal-panels.ts";

/** Selects firing alerts of the severities with notifications. */
export const NOTIFIED = 'alertstate="firing", severity=~"critical|warning"';

/** Number of firing alerts of a severity; `among` adds matchers. */
export function firingTile(severity: "critical" | "warning", among = ""): Tile {
  const words = {
    critical: {
      title: "Firing critical alerts",
      description: "Alerts of severity critical that fire now. They page.",
    },
    warning: {
      title: "Firing warning alerts",
      description: "Alerts of severity warning that fire now. They open tickets.",
    },
  };
  return {
    key: `firing-${severity}`,
    ...words[severity],
    expr: `count(ALERTS{alertstate="firing", severity="${severity}"${among}}) or vector(0)`,
    limit: { value: 1, bad: "above" },
  };
}

/** A table of firing alerts with these labels as columns. */
export function firingRows(columns: Readonly<Record<string, string>>, expr: string): Panel {
  return {
    key: FIRING_ALERTS.panel,
    title: "Firing alerts",
    description: "Critical and warning alerts that fire now. The runbook of each alert has the first steps.",
    unit: "short",
    view: { kind: "rows", columns },
    queries: [{ expr, legend: "{{alertname}}" }],
    links: [],
  };
}
