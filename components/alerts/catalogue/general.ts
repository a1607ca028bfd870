import { percent } from "../../core/share.ts";
import { MONITORING_SIGNALS } from "../../signals/platform.ts";
import { type AlertDefinition, shownThreshold, type Threshold } from "../definition.ts";
import { nodeExporter } from "../exporters.ts";
import { fires, silent, steady, tolerated } from "../situations.ts";
import { LOST_NODES } from "./nodes.ts";

const TARGETS_DOWN: Threshold = {
  default: 0.1,
  min: 0.01,
  max: 0.9,
  unit: "share",
  comparison: "above",
  means: "share of a job's targets that cannot be scraped",
};

const TARGETS = 50;

/** Fifty targets of one job, of which `down` are down: one of them is a fifth of the default limit. */
function targets(down: number) {
  return Array.from({ length: TARGETS }, (_, index) =>
    steady(nodeExporter("up", `node-${index}`), index < down ? 0 : 1),
  );
}

function otherAlert(severity: string, namespace: string, state = "firing"): string {
  return `ALERTS{alertname="SomeAlert", alertstate="${state}", severity="${severity}", namespace="${namespace}", team="payments"}`;
}

export const GENERAL_ALERTS: readonly AlertDefinition[] = [
  {
    name: "Watchdog",
    summary: "Heartbeat: this alert always fires to test that notifications are delivered",
    description: () =>
      "This alert always fires. While it is received, Prometheus evaluates rules and Alertmanager sends notifications.",
    impact: "If it is no longer received, no other alert is delivered either.",
    expr: () => "vector(1)",
    for: "0s",
    severity: "none",
    jobs: [],
    fixed: true,
    // A service outside the cluster notifies the team when it stops; there is no case in which it does not fire.
    cases: [fires("there is no problem", () => ({ series: [], alerts: [{ labels: {} }] }))],
  },
  {
    name: "InfoInhibitor",
    summary: "Only info alerts fire in namespace {{ $labels.namespace }}",
    description: () =>
      "Alerts of severity info fire in the namespace {{ $labels.namespace }}, and none of severity warning or critical.",
    impact:
      "While this alert fires, Alertmanager inhibits the info alerts of the namespace. No notification is sent for them or for this alert.",
    expr: () =>
      `max by (namespace) (ALERTS{alertstate="firing", severity="info", namespace!=""}) == 1` +
      ` unless on (namespace) max by (namespace) (ALERTS{alertstate="firing", severity=~"warning|critical"}) == 1`,
    for: "0s",
    severity: "none",
    jobs: [],
    fixed: true,
    cases: [
      fires("only info alerts fire in a namespace, and a warning is pending", () => ({
        series: [
          steady(otherAlert("info", "shop"), 1),
          steady(otherAlert("warning", "shop", "pending"), 1),
          steady(otherAlert("warning", "billing"), 1),
        ],
        alerts: [{ labels: { namespace: "shop" } }],
      })),
      silent("a warning fires in the namespace, too", () => ({
        series: [steady(otherAlert("info", "shop"), 1), steady(otherAlert("warning", "shop"), 1)],
      })),
      silent("the info alert is still pending", () => ({
        series: [steady(otherAlert("info", "shop", "pending"), 1)],
      })),
      silent("the info alert has no namespace", () => ({
        series: [steady(otherAlert("info", ""), 1)],
      })),
      silent("the alert has severity none", () => ({ series: [steady(otherAlert("none", "shop"), 1)] })),
    ],
  },
  {
    name: "TargetDown",
    summary: "Prometheus cannot scrape targets of job {{ $labels.job }}",
    description: ({ threshold, for: held }) =>
      `{{ $value | humanizePercentage }} of the targets of the job {{ $labels.job }} cannot be scraped. The limit of ${shownThreshold(threshold, "share")} has been exceeded for at least ${held}.`,
    impact: "Metrics of these targets are missing, and alerts about them cannot fire.",
    // The share that is down is counted, not taken from 1: 1 - 0.99 is a little more than 0.01.
    expr: ({ threshold }) => `avg by (namespace, job) (up == bool 0) > ${threshold}`,
    threshold: TARGETS_DOWN,
    for: "10m",
    severity: "warning",
    signal: MONITORING_SIGNALS.targetsUp,
    jobs: [],
    mutedBy: [LOST_NODES],
    cases: [
      fires("one target more is down than the limit allows", ({ threshold }) => {
        const down = tolerated(threshold, TARGETS) + 1;
        return {
          series: targets(down),
          alerts: [
            {
              labels: { namespace: "monitoring-node", job: "node-exporter" },
              value: percent(down / TARGETS),
            },
          ],
        };
      }),
      silent("as many targets are down as the limit allows", ({ threshold }) => ({
        series: targets(tolerated(threshold, TARGETS)),
      })),
    ],
  },
];
