import { JOBS } from "../../signals/jobs.ts";
import { DASHBOARDS } from "../../signals/panels.ts";
import { PLATFORM_SIGNALS } from "../../signals/platform.ts";
import type { Dashboard, Section } from "../dashboard.ts";
import type { Panel } from "../panel.ts";
import { type Presentations, sectionsOf } from "../signal-panels.ts";
import type { Limit } from "../view.ts";
import type { WatchingAlert } from "../watching-alerts.ts";

const PRESENTATIONS: Presentations = {
  "config-reload": { states: { good: "loaded", bad: "refused" } },
};

/** Whether monitoring itself can be trusted: scraping, rules, notifications, storage. */
export function monitoringHealth(alerts: readonly WatchingAlert[]): Dashboard {
  return {
    uid: DASHBOARDS.monitoringHealth,
    title: "Prometheus and Alertmanager",
    description: "Whether what watches the cluster works: scraping, rules, notifications, storage.",
    tags: ["bellwether", "monitoring"],
    sections: [NOW, ...sectionsOf("monitoringHealth", PLATFORM_SIGNALS, PRESENTATIONS, alerts)],
    variables: [],
    links: [{ title: "Cluster overview", url: `/d/${DASHBOARDS.clusterOverview}` }],
  };
}

const AT_LEAST_ONE: Limit = { value: 1, bad: "below" };

/** Whether the chain from a scrape to a notification has a gap at this moment. */
const NOW: Section = {
  title: "Now",
  lines: [
    {
      height: 4,
      things: [
        tile(
          "heartbeat",
          "Heartbeat",
          "1 while the Watchdog fires, as it always should: then rules are evaluated.",
          'count(count by (alertname) (ALERTS{alertname="Watchdog", alertstate="firing"})) or vector(0)',
          AT_LEAST_ONE,
        ),
        tile(
          "prometheus-up",
          "Prometheus servers",
          "Prometheus servers that answer their own scrape.",
          `sum(up{job="${JOBS.prometheus}"})`,
          AT_LEAST_ONE,
        ),
        tile(
          "alertmanager-up",
          "Alertmanagers",
          "Alertmanagers whose last scrape succeeded.",
          `sum(up{job="${JOBS.alertmanager}"})`,
          AT_LEAST_ONE,
        ),
        tile(
          "targets-down",
          "Targets down",
          "Targets whose last scrape failed.",
          "count(up == 0) or vector(0)",
          {
            value: 1,
            bad: "above",
          },
        ),
      ],
    },
  ],
};

function tile(key: string, title: string, description: string, expr: string, limit: Limit): Panel {
  return {
    key,
    title,
    description,
    unit: "short",
    view: { kind: "number", limit },
    queries: [{ expr, legend: title }],
    links: [],
  };
}
