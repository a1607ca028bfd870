import { JOBS } from "../../signals/jobs.ts";
import { GATED, KSM } from "../../signals/selectors.ts";
import { ALERTS, RECORDS } from "../../slo/conventions.ts";
import type { Dashboard, Section } from "../dashboard.ts";
import type { Panel } from "../panel.ts";
import { type Tile, tiles } from "../signal-panels.ts";
import { firingRows, firingTile, NOTIFIED } from "./firing-alerts.ts";
import { BUDGET_LEFT, objectiveRows } from "./objective-panels.ts";

/** Firing alerts and current problems: the dashboard to open first. */
export function overview(environment: string): Dashboard {
  return {
    ref: "overview",
    title: "Overview",
    description: "Firing alerts by environment, objectives, and the state of the cluster and of monitoring.",
    tags: ["overview"],
    sections: [
      now(environment),
      {
        title: "Objectives",
        lines: [
          { height: 7, things: [objectiveRows({ left: 10 })] },
          { height: 8, things: [BUDGET_LEFT, firingByEnvironment(environment)] },
        ],
      },
      CLUSTER,
      MONITORING,
    ],
    variables: [],
    links: [
      { title: "Services", tag: "service" },
      { title: "Objectives", to: "objectives" },
      { title: "Cluster", to: "cluster" },
      { title: "Alert quality", to: "alertQuality" },
      { title: "All dashboards", tag: "bellwether" },
    ],
  };
}

/** Adds the label `environment`: an external label, which Prometheus adds to alerts and remote write and not to its own series. */
function named(expr: string, environment: string): string {
  return `label_replace(${expr}, "environment", "${environment}", "environment", "")`;
}

function firingByEnvironment(environment: string): Panel {
  return {
    key: "firing-by-environment",
    title: "Firing alerts by environment",
    description: "Number of firing critical and warning alerts, by environment and severity.",
    unit: "short",
    view: { kind: "lines" },
    queries: [
      {
        expr: named(`count by (environment, severity) (ALERTS{${NOTIFIED}})`, environment),
        legend: "{{environment}} {{severity}}",
      },
    ],
    links: [{ title: "Alert quality", to: "alertQuality" }],
  };
}

function now(environment: string): Section {
  return {
    title: "Now",
    lines: [
      tiles(firingTile("critical"), firingTile("warning"), HEARTBEAT, OBJECTIVES_BURNING),
      {
        height: 8,
        things: [
          {
            ...firingRows(
              {
                environment: "Environment",
                severity: "Severity",
                alertname: "Alert",
                team: "Team",
                service: "Service",
                namespace: "Namespace",
                node: "Node",
              },
              named(
                `max by (environment, severity, alertname, team, service, namespace, node) (ALERTS{${NOTIFIED}})`,
                environment,
              ),
            ),
          },
        ],
      },
    ],
  };
}

/** Whether rules are evaluated at all. Without rule evaluation no alert can fire. */
export const HEARTBEAT: Tile = {
  key: "heartbeat",
  title: "Heartbeat",
  description: "1 while the alert Watchdog fires. At 0 Prometheus evaluates no rules and no alert can fire.",
  expr: 'count(count by (alertname) (ALERTS{alertname="Watchdog", alertstate="firing"})) or vector(0)',
  limit: { value: 1, bad: "below" },
};

const OBJECTIVES_BURNING: Tile = {
  key: "objectives-burning",
  title: "Objectives with a burn rate alert",
  description: "Objectives for which a fast or slow burn alert fires.",
  expr: `count(count by (service, slo) (ALERTS{alertname=~"${ALERTS.fastBurn}|${ALERTS.slowBurn}", alertstate="firing"})) or vector(0)`,
  limit: { value: 1, bad: "above" },
};

const CLUSTER: Section = {
  title: "Cluster",
  lines: [
    tiles(
      {
        key: "nodes",
        title: "Nodes",
        description: "Number of nodes in the cluster.",
        expr: `count(max by (node) (kube_node_info{${KSM}}))`,
      },
      {
        key: "nodes-not-ready",
        title: "Nodes not ready",
        description: "Nodes that are not ready or whose kubelet sends no status.",
        expr: `count(max by (node) (kube_node_status_condition{${KSM}, condition="Ready", status=~"false|unknown"}) == 1) or vector(0)`,
        limit: { value: 1, bad: "above" },
      },
      {
        key: "pods-running",
        title: "Running pods",
        description: "Pods in the phase Running.",
        expr: `sum(max by (namespace, pod) (kube_pod_status_phase{${KSM}, phase="Running"}))`,
      },
      {
        key: "pods-waiting",
        title: "Pending pods",
        description:
          "Pods in the phase Pending: not scheduled to a node, or with containers that have not started. Pods with scheduling gates are left out.",
        expr: `sum(max by (namespace, pod) (kube_pod_status_phase{${KSM}, phase="Pending"}) unless on (namespace, pod) (${GATED})) or vector(0)`,
      },
    ),
  ],
};

const MONITORING: Section = {
  title: "Monitoring",
  lines: [
    tiles(
      {
        key: "prometheus-up",
        title: "Prometheus servers",
        description: "Prometheus servers whose last scrape succeeded.",
        expr: `sum(up{job="${JOBS.prometheus}"})`,
        limit: { value: 1, bad: "below" },
      },
      {
        key: "alertmanager-up",
        title: "Alertmanagers",
        description: "Alertmanagers whose last scrape succeeded.",
        expr: `sum(up{job="${JOBS.alertmanager}"})`,
        limit: { value: 1, bad: "below" },
      },
      {
        key: "targets-down",
        title: "Targets down",
        description: "Targets whose last scrape failed.",
        expr: "count(up == 0) or vector(0)",
        limit: { value: 1, bad: "above" },
      },
      {
        key: "objectives-known",
        title: "Objectives",
        description: "Number of objectives with recording rules.",
        expr: `count(count by (service, slo) (${RECORDS.objective}))`,
      },
    ),
  ],
};
