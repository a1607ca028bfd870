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
      "The job {{ $labels.namespace }}/{{ $labels.job_name }} has failed and is not retried: it reached its number of retries or its deadline.",
    impact:
      "Its work is not done. A CronJob starts a new job at its next scheduled time; any other job does not run again.",
    expr: () => `${CLUSTER_SIGNALS.jobsFailed.query("")} == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.jobsFailed,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("a job has failed", () => ({
        series: ["true", "false", "unknown"].map((condition) =>
          steady(
            kubeStateMetrics("kube_job_failed", { ...SHOP, job_name: "nightly-29011", condition }),
            condition === "true" ? 1 : 0,
          ),
        ),
        alerts: [{ labels: { ...SHOP, job_name: "nightly-29011" } }],
      })),
      silent("the job is complete", () => ({
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
    summary:
      "Autoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} runs at its maximum of replicas",
    description: ({ for: held }) =>
      `The HorizontalPodAutoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} has run at its maximum number of replicas for at least ${held}.`,
    impact: "If the load grows, no replicas are added, and each replica gets more load than intended.",
    expr: () => `${CLUSTER_SIGNALS.hpaHeadroom.query("")} >= 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.hpaHeadroom,
    jobs: [JOBS.kubeStateMetrics],
    cases: [
      fires("the number of replicas equals the maximum", () => ({
        series: autoscaler(2, 10, 10),
        alerts: [{ labels: { ...SHOP, horizontalpodautoscaler: "web" } }],
      })),
      silent("the number of replicas is one below the maximum", () => ({ series: autoscaler(2, 10, 9) })),
      silent("the minimum and the maximum are the same", () => ({ series: autoscaler(3, 3, 3) })),
    ],
  },
  {
    name: "KubePdbNotEnoughHealthyPods",
    summary:
      "PodDisruptionBudget {{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} has too few healthy pods",
    description: ({ for: held }) =>
      `The PodDisruptionBudget {{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} has lacked {{ $value }} healthy pods for at least ${held}.`,
    impact:
      "Node drains and upgrades wait until the pods are healthy. The service has less capacity than intended.",
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
      silent("as many pods are healthy as required", () => ({ series: budget(4, 4) })),
    ],
  },
];
