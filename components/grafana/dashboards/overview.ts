import { JOBS } from "../../signals/jobs.ts";
import { KSM } from "../../signals/selectors.ts";
import { ALERTS, RECORDS } from "../../slo/conventions.ts";
import type { Dashboard, Section } from "../dashboard.ts";
import type { Panel } from "../panel.ts";
import { type Tile, tiles } from "../signal-panels.ts";
import { firingRows, firingTile, TOLD } from "./firing-alerts.ts";
import { BUDGET_LEFT, objectiveRows } from "./objective-panels.ts";

/** What is broken now, by environment: the page to open first. */
export function overview(environment: string): Dashboard {
  return {
    ref: "overview",
    title: "Overview",
    description:
      "What is broken now, by environment; then the objectives, the cluster and monitoring itself.",
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

/** A Prometheus puts its environment on what it sends elsewhere, and on none of its own series. */
function named(expr: string, environment: string): string {
  return `label_replace(${expr}, "environment", "${environment}", "environment", "")`;
}

function firingByEnvironment(environment: string): Panel {
  return {
    key: "firing-by-environment",
    title: "Alerts that fire, by environment",
    description: "How many alerts that somebody is told of fire, by environment and severity.",
    unit: "short",
    view: { kind: "lines" },
    queries: [
      {
        expr: named(`count by (environment, severity) (ALERTS{${TOLD}})`, environment),
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
                `max by (environment, severity, alertname, team, service, namespace, node) (ALERTS{${TOLD}})`,
                environment,
              ),
            ),
          },
        ],
      },
    ],
  };
}

/** Whether rules are evaluated at all; shown wherever somebody trusts that no alert is good news. */
export const HEARTBEAT: Tile = {
  key: "heartbeat",
  title: "Heartbeat",
  description: "1 while the Watchdog fires, as it always should: then rules are evaluated.",
  expr: 'count(count by (alertname) (ALERTS{alertname="Watchdog", alertstate="firing"})) or vector(0)',
  limit: { value: 1, bad: "below" },
};

const OBJECTIVES_BURNING: Tile = {
  key: "objectives-burning",
  title: "Budgets that burn too fast",
  description: "Objectives whose error budget burns so fast that somebody was told.",
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
        description: "Nodes that are registered with the cluster.",
        expr: `count(max by (node) (kube_node_info{${KSM}}))`,
      },
      {
        key: "nodes-not-ready",
        title: "Nodes that are not ready",
        description: "Nodes whose kubelet is silent or reports trouble.",
        expr: `count(max by (node) (kube_node_status_condition{${KSM}, condition="Ready", status=~"false|unknown"}) == 1) or vector(0)`,
        limit: { value: 1, bad: "above" },
      },
      {
        key: "pods-running",
        title: "Running pods",
        description: "Pods whose containers have started and not all ended.",
        expr: `sum(max by (namespace, pod) (kube_pod_status_phase{${KSM}, phase="Running"}))`,
      },
      {
        key: "pods-waiting",
        title: "Pods that wait",
        description: "Pods that have no node yet or whose containers cannot start.",
        expr: `sum(max by (namespace, pod) (kube_pod_status_phase{${KSM}, phase="Pending"})) or vector(0)`,
      },
    ),
  ],
};

const MONITORING: Section = {
  title: "Monitoring itself",
  lines: [
    tiles(
      {
        key: "prometheus-up",
        title: "Prometheus servers",
        description: "Prometheus servers that answer their own scrape.",
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
        description: "Objectives that are recorded.",
        expr: `count(count by (service, slo) (${RECORDS.objective}))`,
      },
    ),
  ],
};
