import { type Duration, duration, seconds } from "../core/duration.ts";
import type { PromtoolAlert, PromtoolCase, PromtoolSeries } from "../core/promtool.ts";
import { JOBS } from "../signals/jobs.ts";
import type { RunbookLinks } from "../slo/annotations.ts";
import { DEFAULT_NAMESPACES } from "../workloads/model.ts";
import {
  AVAILABLE_PODS_RECORDS,
  availablePodsAnnotations,
  availablePodsLabels,
  scrapePoolKind,
  type Urgency,
} from "./available-pods.ts";
import { targetLabels } from "./measures.ts";
import type { Service } from "./model.ts";
import { NO_AVAILABLE_PODS, objectName } from "./names.ts";

/** What the cases need to know of where the service runs. */
export interface PodsCaseContext extends RunbookLinks {
  readonly environment: string;
  readonly scrapeInterval: Duration;
  /** The namespace of the service's monitor. Default: monitoring. */
  readonly namespace?: string;
}

/** A value for so many scrapes; `_` is no sample. */
export type Phase = readonly [value: number | "_", scrapes: number];
type Labels = Readonly<Record<string, string>>;

export interface Kind {
  readonly label: string;
  readonly wanted: string;
  readonly available: string;
  /** The owner that kube-state-metrics reports of a pod. */
  readonly owner: (workload: string) => Labels;
}

export const DEPLOYMENT: Kind = {
  label: "deployment",
  wanted: "kube_deployment_spec_replicas",
  available: "kube_deployment_status_replicas_available",
  owner: (workload) => ({ owner_kind: "ReplicaSet", owner_name: `${workload}-7d4b9c6f5` }),
};
export const STATEFUL_SET: Kind = {
  label: "statefulset",
  wanted: "kube_statefulset_replicas",
  available: "kube_statefulset_status_replicas_ready",
  owner: (workload) => ({ owner_kind: "StatefulSet", owner_name: workload }),
};
const DAEMON_SET: Kind = {
  label: "daemonset",
  wanted: "kube_daemonset_status_desired_number_scheduled",
  available: "kube_daemonset_status_number_available",
  owner: (workload) => ({ owner_kind: "DaemonSet", owner_name: workload }),
};

/** The kinds of workload that kube-state-metrics reports replicas of. */
export const KINDS = [DEPLOYMENT, STATEFUL_SET, DAEMON_SET];

const STATE_METRICS: Labels = { job: JOBS.kubeStateMetrics, instance: "10.40.11.7:8080" };
/** Scrapes for which all is well at first. */
export const WELL = 6;

/** Writes cases about the pods of a service, from series as kube-state-metrics and Prometheus report them. */
export abstract class PodsCaseWriter {
  protected readonly service: Service;
  protected readonly context: PodsCaseContext;
  protected readonly urgency: Urgency;
  protected readonly step: number;
  /** A workload's name that is not the service's. */
  protected readonly other: string;
  /** Scrapes from the first without an available pod to the alert. */
  protected readonly held: number;
  /** Scrapes for which an outage lasts: longer than anything but a record that refers to itself remembers. */
  protected readonly long: number;
  /** When a case ends that proves that nothing fires: well after the alert would. */
  protected readonly end: number;

  private readonly surroundings: readonly PromtoolSeries[];

  /** `around`: how many pods of each workload that is not the service's are available. */
  constructor(service: Service, context: PodsCaseContext, urgency: Urgency, around: number) {
    this.service = service;
    this.context = context;
    this.step = seconds(context.scrapeInterval);
    this.urgency = urgency;
    this.other = `${service.name}-web`;
    this.held = Math.ceil(seconds(urgency.for) / this.step);
    this.long = Math.ceil(seconds("70m") / this.step);
    this.end = WELL + 2 * this.held + 4;
    this.surroundings = this.around(around);
  }

  protected case(
    title: string,
    {
      series: input,
      expected,
    }: {
      readonly series: readonly PromtoolSeries[];
      readonly expected: readonly (readonly [scrape: number, readonly PromtoolAlert[]])[];
    },
  ): PromtoolCase {
    return {
      name: `${NO_AVAILABLE_PODS} of ${this.service.name} ${title}`,
      interval: this.context.scrapeInterval,
      input_series: [...input, ...this.surroundings],
      alert_rule_test: expected.map(([scrape, alerts]) => ({
        eval_time: duration(scrape * this.step),
        alertname: NO_AVAILABLE_PODS,
        exp_alerts: alerts,
      })),
    };
  }

  /** A value for as long as all is well, and another from then on. */
  protected turning(before: Phase[0], after: Phase[0]): readonly Phase[] {
    return [
      [before, WELL],
      [after, this.long],
    ];
  }

  protected always(value: number): readonly Phase[] {
    return this.turning(value, value);
  }

  /** That no alert fires at any evaluation. */
  protected quiet(when: string, input: readonly PromtoolSeries[]): PromtoolCase {
    const evaluations = Array.from({ length: this.end + 1 }, (_, index) => WELL + index);
    return this.case(`does not fire when ${when}`, {
      series: input,
      expected: evaluations.map((scrape) => [scrape, []]),
    });
  }

  protected alert(text: string): PromtoolAlert {
    const { service, context, urgency } = this;
    return {
      exp_labels: availablePodsLabels(service, urgency),
      exp_annotations: availablePodsAnnotations(service, context, {
        wanted: () => text,
      }),
    };
  }

  /**
   * What is about other services, other namespaces or from another kube-state-metrics, and would change the outcome of a case if it were
   * taken for the service's: all workloads have so many available pods of three.
   */
  private around(available: number): readonly PromtoolSeries[] {
    const { name, namespace } = this.service;
    const own = KINDS.map((kind) => [kind, this.other, kind.owner(this.other)] as const);
    const elsewhere = { namespace: `${namespace}-other` };
    const another = DEPLOYMENT.owner("another");
    const pod = (labels: Labels) => `${labels["owner_name"]}-2xkq8`;
    const steady = (metric: string, labels: Labels, value: number) => ({
      series: series(metric, labels),
      values: values(this.always(value)),
    });
    const workload = (kind: Kind, labels: Labels) => [
      steady(kind.wanted, labels, 3),
      steady(kind.available, labels, available),
    ];
    return [
      ...own.flatMap(([kind, other, owner]) =>
        [elsewhere, { namespace, job: "another" }].flatMap((labels) => [
          ...workload(kind, { ...STATE_METRICS, ...labels, [kind.label]: other }),
          steady("kube_pod_owner", { ...STATE_METRICS, ...labels, pod: pod(owner), ...another }, 1),
        ]),
      ),
      ...workload(DEPLOYMENT, { ...STATE_METRICS, namespace, deployment: "another" }),
      steady("kube_pod_owner", { ...STATE_METRICS, namespace, pod: pod(another), ...another }, 1),
      steady("up", { job: "another", namespace, pod: pod(another) }, 1),
      steady("up", { job: name, ...elsewhere, pod: pod(another) }, 1),
      // A pod of a Job that the monitor selects, too.
      steady(
        "kube_pod_owner",
        { ...STATE_METRICS, namespace, pod: "migration-2xkq8", owner_kind: "Job", owner_name: "migration" },
        1,
      ),
      steady("up", { ...targetLabels(this.service), pod: "migration-2xkq8" }, 0),
      this.targets(this.always(1), objectName(this.service), "another"),
      steady(AVAILABLE_PODS_RECORDS.workloads, { service: "another", workload: "another" }, 1),
      steady(AVAILABLE_PODS_RECORDS.available, { service: "another" }, 0),
    ];
  }

  /** What kube-state-metrics says of a workload. */
  protected replicas(
    { label, wanted, available }: Kind,
    workload: string,
    availablePods: readonly Phase[],
    wantedPods: readonly Phase[],
    namespace: string = this.service.namespace,
  ): readonly PromtoolSeries[] {
    const labels = { ...STATE_METRICS, namespace, [label]: workload };
    return [
      { series: series(wanted, labels), values: values(wantedPods) },
      { series: series(available, labels), values: values(availablePods) },
    ];
  }

  /** A pod: what scraping it says, and its owner for as long as kube-state-metrics knows it. */
  protected pod(
    owner: Labels,
    scraped: readonly Phase[],
    reported: readonly Phase[] = scraped.map(([value, scrapes]) => [value === "_" ? "_" : 1, scrapes]),
    target: Labels = targetLabels(this.service),
  ): readonly PromtoolSeries[] {
    const { namespace } = this.service;
    const pod = `${owner["owner_name"]}-2xkq8`;
    return [
      { series: series("up", { ...target, namespace, pod }), values: values(scraped) },
      {
        series: series("kube_pod_owner", { ...STATE_METRICS, namespace, pod, ...owner }),
        values: values(reported),
      },
    ];
  }

  /** Whether kube-state-metrics can be scraped: its objects, or the port with its own metrics. */
  protected stateMetricsUp(phases: readonly Phase[], port: Labels = {}): PromtoolSeries {
    return { series: series("up", { ...STATE_METRICS, ...port }), values: values(phases) };
  }

  /** The targets that Prometheus selects by a monitor. */
  protected targets(
    phases: readonly Phase[],
    monitor = objectName(this.service),
    job: string = JOBS.prometheus,
  ): PromtoolSeries {
    const { namespace = DEFAULT_NAMESPACES.monitoring } = this.context;
    const scrape_job = `${scrapePoolKind(this.service)}/${namespace}/${monitor}/0`;
    return {
      series: series("prometheus_target_scrape_pool_targets", { job, scrape_job }),
      values: values(phases),
    };
  }
}

function series(metric: string, labels: Labels): string {
  return `${metric}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(", ")}}`;
}

/** In promtool's notation. Its `1x2` are three ones; a gap writes the marker by which Prometheus ends a series. */
function values(phases: readonly Phase[]): string {
  return phases
    .filter(([, scrapes]) => scrapes > 0)
    .map(([value, scrapes]) =>
      value === "_" ? `stale ${"_ ".repeat(scrapes - 1)}`.trim() : `${value}x${scrapes - 1}`,
    )
    .join(" ");
}
