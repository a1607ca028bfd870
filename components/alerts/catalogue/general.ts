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
  means: "share of a job's targets that do not answer",
};

const TARGETS = 50;

/** `down` of fifty targets of one job: one of them is a fifth of the usual limit. */
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
    summary: "Alerting works from end to end",
    description: () =>
      "This alert always fires, and so proves that rules are evaluated and notifications leave.",
    impact: "Whoever stops receiving it has lost every other alert as well.",
    expr: () => "vector(1)",
    for: "0s",
    severity: "none",
    jobs: [],
    fixed: true,
    // Its silence is the alarm, and it is outside the cluster that this is noticed; there is no case in which it is silent.
    cases: [fires("there is nothing wrong at all", () => ({ series: [], alerts: [{ labels: {} }] }))],
  },
  {
    name: "InfoInhibitor",
    summary: "Only alerts for information fire in {{ $labels.namespace }}",
    description: () =>
      "The namespace {{ $labels.namespace }} has alerts of severity info and none that needs a person.",
    impact: "Alertmanager holds the former back while this fires; nobody is notified of either.",
    expr: () =>
      `max by (namespace) (ALERTS{alertstate="firing", severity="info", namespace!=""}) == 1` +
      ` unless on (namespace) max by (namespace) (ALERTS{alertstate="firing", severity=~"warning|critical"}) == 1`,
    for: "0s",
    severity: "none",
    jobs: [],
    fixed: true,
    cases: [
      fires("a namespace has nothing but information, though a warning may come", () => ({
        series: [
          steady(otherAlert("info", "shop"), 1),
          steady(otherAlert("warning", "shop", "pending"), 1),
          steady(otherAlert("warning", "billing"), 1),
        ],
        alerts: [{ labels: { namespace: "shop" } }],
      })),
      silent("the namespace has a warning, too", () => ({
        series: [steady(otherAlert("info", "shop"), 1), steady(otherAlert("warning", "shop"), 1)],
      })),
      silent("the information is still pending", () => ({
        series: [steady(otherAlert("info", "shop", "pending"), 1)],
      })),
      silent("the information is about no namespace", () => ({
        series: [steady(otherAlert("info", ""), 1)],
      })),
      silent("the alert is for the machinery", () => ({ series: [steady(otherAlert("none", "shop"), 1)] })),
    ],
  },
  {
    name: "TargetDown",
    summary: "Targets of the job {{ $labels.job }} do not answer",
    description: ({ threshold }) =>
      `{{ $value | humanizePercentage }} of the targets of the job {{ $labels.job }} cannot be scraped; the limit is ${shownThreshold(threshold, "share")}.`,
    impact: "What they measure is unknown, and alerts about it cannot fire.",
    // The share that is down is counted, not taken from 1: 1 - 0.99 is a little more than 0.01.
    expr: ({ threshold }) => `avg by (namespace, job) (up == bool 0) > ${threshold}`,
    threshold: TARGETS_DOWN,
    for: "10m",
    severity: "warning",
    signal: MONITORING_SIGNALS.targetsUp,
    jobs: [],
    mutedBy: [LOST_NODES],
    cases: [
      fires("one target more than tolerated is down", ({ threshold }) => {
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
      silent("just as many targets are down as are tolerated", ({ threshold }) => ({
        series: targets(tolerated(threshold, TARGETS)),
      })),
    ],
  },
];
