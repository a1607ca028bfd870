import { JOBS } from "../../signals/jobs.ts";
import { DASHBOARDS } from "../../signals/panels.ts";
import { PLATFORM_SIGNALS } from "../../signals/platform.ts";
import type { Dashboard, Section } from "../dashboard.ts";
import type { Panel } from "../panel.ts";
import { type Presentations, sectionsOf } from "../signal-panels.ts";
import type { WatchingAlert } from "../watching-alerts.ts";

const KSM = `job="${JOBS.kubeStateMetrics}"`;

const PRESENTATIONS: Presentations = {
  "node-readiness": { states: { good: "ready", bad: "not ready" } },
  "node-pressure": { states: { good: "none", bad: "pressure" } },
  "aggregated-apis": { states: { good: "available", bad: "unavailable" } },
  "volume-phase": { states: { good: "fine", bad: "in trouble" } },
};

/** What the cluster is and what is wrong with it now: the page to open first. */
export function clusterOverview(alerts: readonly WatchingAlert[]): Dashboard {
  return {
    uid: DASHBOARDS.clusterOverview,
    title: "Cluster overview",
    description: "What is broken now, then nodes, workloads, storage and the control plane.",
    tags: ["bellwether", "cluster"],
    sections: [NOW, ...sectionsOf("clusterOverview", PLATFORM_SIGNALS, PRESENTATIONS, alerts)],
    variables: [],
    links: [{ title: "Prometheus and Alertmanager", url: `/d/${DASHBOARDS.monitoringHealth}` }],
  };
}

/** Answers, before any chart, whether somebody has to act. */
const NOW: Section = {
  title: "Now",
  lines: [
    {
      height: 4,
      things: [
        firing("critical", "Pages that are open", "Alerts that fire now and page a person."),
        firing("warning", "Tickets that are open", "Alerts that fire now and open a ticket."),
        tile(
          "nodes",
          "Nodes",
          "Nodes that are registered with the cluster.",
          `count(max by (node) (kube_node_info{${KSM}}))`,
        ),
        tile(
          "pods-running",
          "Running pods",
          "Pods whose containers have started and not all ended.",
          `sum(max by (namespace, pod) (kube_pod_status_phase{${KSM}, phase="Running"}))`,
        ),
      ],
    },
    { height: 8, things: [firingAlerts()] },
  ],
};

function firing(severity: "critical" | "warning", title: string, description: string): Panel {
  return {
    ...tile(
      `firing-${severity}`,
      title,
      description,
      `count(ALERTS{alertstate="firing", severity="${severity}"}) or vector(0)`,
    ),
    view: { kind: "number", limit: { value: 1, bad: "above" } },
  };
}

function tile(key: string, title: string, description: string, expr: string): Panel {
  return {
    key,
    title,
    description,
    unit: "short",
    view: { kind: "number" },
    queries: [{ expr, legend: title }],
    links: [],
  };
}

function firingAlerts(): Panel {
  return {
    key: "firing-alerts",
    title: "What is firing",
    description:
      "Every alert that fires now and that somebody was told of. Its runbook is linked from its panel.",
    unit: "short",
    view: {
      kind: "rows",
      columns: {
        severity: "Severity",
        alertname: "Alert",
        team: "Team",
        service: "Service",
        namespace: "Namespace",
        node: "Node",
      },
    },
    queries: [
      {
        expr: 'max by (severity, alertname, team, service, namespace, node) (ALERTS{alertstate="firing", severity=~"critical|warning"})',
        legend: "{{alertname}}",
      },
    ],
    links: [],
  };
}
