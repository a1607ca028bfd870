import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import type { AlertDefinition } from "../definition.ts";
import { kubeStateMetrics } from "../exporters.ts";
import { fires, silent, steady } from "../situations.ts";
import { LOST_NODES } from "./nodes.ts";

const SHOP = { namespace: "shop" };

function autoscaler(min: number, max: number, current: number) {
  const labels = { ...SHOP, horizontalpodautoscaler: "web" };
  return [
    steady(kubeStateMetrics("kube_horizontalpodautoscaler_spec_min_replicas", labels), min),
    steady(kubeStateMetrics("kube_horizontalpodautoscaler_spec_max_replicas", labels), max),
    steady(kubeStateMetrics("kube_horizontalpodautoscaler_status_current_replicas", labels), current),
  ];
}

function budget(desired: number, healthy: number) {
  const labels = { ...SHOP, poddisruptionbudget: "web" };
  return [
    steady(kubeStateMetrics("kube_poddisruptionbudget_status_desired_healthy", labels), desired),
    steady(kubeStateMetrics("kube_poddisruptionbudget_status_current_healthy", labels), healthy),
  ];
}

/** Alerts about jobs, autoscalers and disruption budgets. */
export const WORKLOAD_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeJobFailed",
    summary: "Job {{ $labels.namespace }}/{{ $labels.job_name }} failed",
    description: () =>
      "The job {{ $labels.namespace }}/{{ $labels.job_name }} has used up its tries and has given up.",
    impact: "Its work was not done. A cron job tries again at its next time, a plain job never.",
    expr: () => `${CLUSTER_SIGNALS.jobsFailed.query("")} == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.jobsFailed,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("a job has given up", () => ({
        series: ["true", "false", "unknown"].map((condition) =>
          steady(
            kubeStateMetrics("kube_job_failed", { ...SHOP, job_name: "nightly-29011", condition }),
            condition === "true" ? 1 : 0,
          ),
        ),
        alerts: [{ labels: { ...SHOP, job_name: "nightly-29011" } }],
      })),
      silent("the job is complete, and has not failed", () => ({
        series: [
          ...["true", "false", "unknown"].map((condition) =>
            steady(
              kubeStateMetrics("kube_job_failed", { ...SHOP, job_name: "nightly-29011", condition }),
              condition === "false" ? 1 : 0,
            ),
          ),
          steady(
            kubeStateMetrics("kube_job_complete", { ...SHOP, job_name: "nightly-29011", condition: "true" }),
            1,
          ),
        ],
      })),
    ],
  },
  {
    name: "KubeHpaMaxedOut",
    summary: "Autoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} is at its limit",
    description: ({ for: held }) =>
      `The autoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} has run at its maximum of replicas for ${held}.`,
    impact: "If load grows further nothing will be added, and each replica gets more than it was meant for.",
    expr: () => `${CLUSTER_SIGNALS.hpaHeadroom.query("")} >= 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.hpaHeadroom,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("all replicas that are allowed exist", () => ({
        series: autoscaler(2, 10, 10),
        alerts: [{ labels: { ...SHOP, horizontalpodautoscaler: "web" } }],
      })),
      silent("one more replica is allowed", () => ({ series: autoscaler(2, 10, 9) })),
      silent("the autoscaler has a single size", () => ({ series: autoscaler(3, 3, 3) })),
    ],
  },
  {
    name: "KubePdbNotEnoughHealthyPods",
    summary: "Disruption budget {{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} is not met",
    description: ({ for: held }) =>
      `The disruption budget {{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} has missed {{ $value }} healthy pods for ${held}.`,
    impact:
      "Drains of nodes, and with them upgrades, wait until the pods are healthy; the service is under strength.",
    expr: () => `${CLUSTER_SIGNALS.disruptionBudgets.query("")} > 0`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.disruptionBudgets,
    jobs: [JOBS.kubeStateMetrics],
    mutedBy: [LOST_NODES],
    cases: [
      fires("one healthy pod of four is missing", () => ({
        series: budget(4, 3),
        alerts: [{ labels: { ...SHOP, poddisruptionbudget: "web" }, value: "1" }],
      })),
      silent("just enough pods are healthy", () => ({ series: budget(4, 4) })),
    ],
  },
];
