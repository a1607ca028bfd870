import { seconds } from "../../core/duration.ts";
import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import type { AlertDefinition, AlertParameters } from "../definition.ts";
import { kubeStateMetrics } from "../exporters.ts";
import { fires, silent, steady } from "../situations.ts";
import { LOST_NODES } from "./nodes.ts";

const SHOP = { namespace: "shop" };

/** An autoscaler; `limited`: whether it would have more replicas without its maximum. */
const ONE_JOB = { ...SHOP, job_name: "nightly-29011" };

/** The last success of a job's CronJob. */
const LAST_SUCCESS =
  `max by (namespace, job_name, cronjob) (label_replace(kube_job_owner{job="${JOBS.kubeStateMetrics}", owner_kind="CronJob"}, "cronjob", "$1", "owner_name", "(.+)"))` +
  ` * on (namespace, cronjob) group_left ()` +
  ` max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{job="${JOBS.kubeStateMetrics}"})`;

/**
 * Jobs that failed and whose CronJob has succeeded since. They exist until `failedJobsHistoryLimit` removes them. Without
 * kube_job_created (a list of allowed metrics may leave it out) the success must be younger than the failure, of which at most 6 hours
 * are counted.
 */
function succeededLater({ scrapeInterval }: AlertParameters): string {
  const failed = `kube_job_failed{job="${JOBS.kubeStateMetrics}", condition="true"}`;
  return (
    `(${LAST_SUCCESS} > on (namespace, job_name) group_left ()` +
    ` (max by (namespace, job_name) (kube_job_created{job="${JOBS.kubeStateMetrics}"})` +
    ` or time() - ${seconds(scrapeInterval)} * max by (namespace, job_name) (sum_over_time(${failed}[6h]))))`
  );
}

/**
 * A job that failed, created at a time and owned by a CronJob that succeeded at another; in seconds since 1970. Without `created`,
 * kube-state-metrics does not report it.
 */
function failedRun(created: number | undefined, succeeded: number, cronjob = "nightly") {
  return [
    steady(kubeStateMetrics("kube_job_failed", { ...ONE_JOB, condition: "true" }), 1),
    ...(created === undefined ? [] : [steady(kubeStateMetrics("kube_job_created", ONE_JOB), created)]),
    steady(
      kubeStateMetrics("kube_job_owner", {
        ...ONE_JOB,
        owner_kind: "CronJob",
        owner_name: "nightly",
        owner_is_controller: "true",
      }),
      1,
    ),
    steady(kubeStateMetrics("kube_cronjob_status_last_successful_time", { ...SHOP, cronjob }), succeeded),
  ];
}

function autoscaler(min: number, max: number, current: number, limited = current >= max) {
  const labels = { ...SHOP, horizontalpodautoscaler: "web" };
  return [
    ...["true", "false"].map((status) =>
      steady(
        kubeStateMetrics("kube_horizontalpodautoscaler_status_condition", {
          ...labels,
          condition: "ScalingLimited",
          status,
        }),
        (status === "true") === limited ? 1 : 0,
      ),
    ),
    steady(kubeStateMetrics("kube_horizontalpodautoscaler_spec_min_replicas", labels), min),
    steady(kubeStateMetrics("kube_horizontalpodautoscaler_spec_max_replicas", labels), max),
    steady(kubeStateMetrics("kube_horizontalpodautoscaler_status_current_replicas", labels), current),
  ];
}

/** A budget that requires `desired` healthy pods of the `expected` ones that its workload asks for. */
function budget(desired: number, healthy: number, expected = desired) {
  const labels = { ...SHOP, poddisruptionbudget: "web" };
  return [
    steady(kubeStateMetrics("kube_poddisruptionbudget_status_desired_healthy", labels), desired),
    steady(kubeStateMetrics("kube_poddisruptionbudget_status_current_healthy", labels), healthy),
    steady(kubeStateMetrics("kube_poddisruptionbudget_status_expected_pods", labels), expected),
  ];
}

/** Alerts about jobs, autoscalers and disruption budgets. */
export const WORKLOAD_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeJobFailed",
    summary: "Job {{ $labels.namespace }}/{{ $labels.job_name }} failed",
    description: () =>
      "The job {{ $labels.namespace }}/{{ $labels.job_name }} has failed and is not retried: it reached its number of retries or its deadline. If a CronJob created it, no later job of the CronJob has succeeded.",
    impact:
      "Its work is not done. A CronJob starts a new job at its next scheduled time; any other job does not run again.",
    expr: (parameters) =>
      `${CLUSTER_SIGNALS.jobsFailed.query("")} == 1 unless on (namespace, job_name) ${succeededLater(parameters)}`,
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
      fires("a run of a CronJob has failed, and the CronJob last succeeded before it", () => ({
        series: failedRun(7200, 3600),
        alerts: [{ labels: ONE_JOB }],
      })),
      fires("a run of a CronJob has failed, and only another CronJob succeeded later", () => ({
        series: failedRun(7200, 10_800, "hourly"),
        alerts: [{ labels: ONE_JOB }],
      })),
      silent("a later run of the same CronJob has succeeded", () => ({ series: failedRun(7200, 10_800) })),
      fires("a run has failed since the last success of its CronJob, and its age is not known", () => ({
        series: failedRun(undefined, -3600),
        alerts: [{ labels: ONE_JOB }],
      })),
      silent(
        "a run failed before the last success of its CronJob, and its age is not known",
        (parameters) => ({
          series: failedRun(undefined, seconds(parameters.for)),
        }),
      ),
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
      "Autoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} needs more than its maximum of replicas",
    description: ({ for: held }) =>
      `The HorizontalPodAutoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} has run at its maximum number of replicas for at least ${held}, and its metrics ask for more (condition ScalingLimited).`,
    impact: "If the load grows, no replicas are added, and each replica gets more load than intended.",
    // An autoscaler whose metrics ask for just its maximum is not limited.
    expr: () =>
      `${CLUSTER_SIGNALS.hpaHeadroom.query("")} >= 1 unless on (namespace, horizontalpodautoscaler)` +
      ` max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_condition{job="${JOBS.kubeStateMetrics}", condition="ScalingLimited", status="false"}) == 1`,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.hpaHeadroom,
    jobs: [JOBS.kubeStateMetrics],
    // The pods that are left carry the load of those that are lost.
    mutedBy: [LOST_NODES],
    cases: [
      fires("the number of replicas equals the maximum", () => ({
        series: autoscaler(2, 10, 10),
        alerts: [{ labels: { ...SHOP, horizontalpodautoscaler: "web" } }],
      })),
      silent("the number of replicas is one below the maximum", () => ({ series: autoscaler(2, 10, 9) })),
      silent(
        "the number of replicas is one below the maximum, and a policy limits how fast it grows",
        () => ({
          series: autoscaler(2, 10, 9, true),
        }),
      ),
      silent("the minimum and the maximum are the same", () => ({ series: autoscaler(3, 3, 3) })),
      silent("the number of replicas equals the maximum, and no more are needed", () => ({
        series: autoscaler(2, 10, 10, false),
      })),
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
    expr: () => `(${CLUSTER_SIGNALS.disruptionBudgets.query("")}) > 0`,
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
      fires("the only pod is not healthy", () => ({
        series: budget(1, 0),
        alerts: [{ labels: { ...SHOP, poddisruptionbudget: "web" }, value: "1" }],
      })),
      silent("as many pods are healthy as required", () => ({ series: budget(4, 4) })),
      silent("the workload is scaled to 0 and the budget still requires one pod", () => ({
        series: budget(1, 0, 0),
      })),
    ],
  },
];
