import type { Panel } from "../panel.ts";
import type { Tile } from "../signal-panels.ts";

/** Alerts that fire now and that somebody is told of. */
export const TOLD = 'alertstate="firing", severity=~"critical|warning"';

/** How many alerts of a severity fire, of those that `among` selects. */
export function firingTile(severity: "critical" | "warning", among = ""): Tile {
  const words = {
    critical: { title: "Pages that are open", description: "Alerts that fire now and page a person." },
    warning: { title: "Tickets that are open", description: "Alerts that fire now and open a ticket." },
  };
  return {
    key: `firing-${severity}`,
    ...words[severity],
    expr: `count(ALERTS{alertstate="firing", severity="${severity}"${among}}) or vector(0)`,
    limit: { value: 1, bad: "above" },
  };
}

/** Which alerts fire, as rows of a table with these labels as columns. */
export function firingRows(columns: Readonly<Record<string, string>>, expr: string): Panel {
  return {
    key: "firing-alerts",
    title: "What is firing",
    description: "Every alert that fires now and that somebody is told of. Its page says what to do.",
    unit: "short",
    view: { kind: "rows", columns },
    queries: [{ expr, legend: "{{alertname}}" }],
    links: [],
  };
}
