import { seconds } from "../core/duration.ts";
import { cronJobSuccess, lastSuccess } from "../signals/batch.ts";
import { customSignal } from "../signals/custom.ts";
import { jobExamples, jobSuccess } from "../signals/job-server.ts";
import { probeDuration, probeSuccess } from "../signals/probe.ts";
import { equal, metric } from "../signals/promql.ts";
import type { ExampleSeries, RatioSignal } from "../signals/ratio.ts";
import { availability, availabilityExamples, latency, latencyExamples } from "../signals/request-server.ts";
import { type SampledSignal, sampledExamples } from "../signals/sampled-signal.ts";
import { backlog, oldestMessage, workerExamples, workerSuccess } from "../signals/worker.ts";
import { DEFAULT_MINIMUM_ERRORS, DEFAULT_PERIOD, MINIMUM_BAD_CHECKS, type Slo } from "../slo/model.ts";
import type { Service, ServiceTier } from "./definition.ts";
import type { CustomObjective, Objectives } from "./objectives.ts";
import { queueGauges, servedRequests } from "./served-requests.ts";

// From what a service is to what its objectives are measured by.

/** An objective without its service, and what a good and a bad event of it are counted by, where anybody can say it. */
export interface MeasuredObjective extends Omit<Slo, "service" | "team"> {
  readonly examples: () => ExampleSeries | undefined;
}

/** An objective that a definition has a field for. */
export type ObjectiveKind = Exclude<keyof Objectives, "custom">;

/** Percent of events that must go well, where a service does not say it itself. */
const DEFAULT_PERCENT: Readonly<Record<ObjectiveKind, Readonly<Record<ServiceTier, string>>>> = {
  availability: { critical: "99.9", standard: "99.5", "best-effort": "99" },
  // Of a hundred requests one may wait for a cold cache or a collector of garbage.
  latency: { critical: "99", standard: "98", "best-effort": "95" },
  success: { critical: "99.9", standard: "99.5", "best-effort": "99" },
  // Seven hours in thirty days: one failed run of a daily job that is noticed in the morning.
  freshness: { critical: "99", standard: "98", "best-effort": "95" },
  backlog: { critical: "99", standard: "98", "best-effort": "95" },
  probes: { critical: "99.9", standard: "99.5", "best-effort": "99" },
};

/** What the objectives of a service are measured by. Objectives that cannot be measured are left out. */
export function measuredObjectives(service: Service): readonly MeasuredObjective[] {
  const measured = new Measured(service);
  return [
    ...measured.requests(),
    ...measured.jobs(),
    ...measured.queue(),
    ...measured.batch(),
    ...measured.probes(),
    ...Object.entries(service.objectives.custom).map(([name, settings]) =>
      customObjective(name, settings, service.page ?? true),
    ),
  ];
}

class Measured {
  private readonly service: Service;
  private readonly promised: Objectives;
  private readonly target: ReturnType<typeof targetLabels>;
  /** All labels of a series that the service exposes itself. */
  private readonly exported: Readonly<Record<string, string>>;

  constructor(service: Service) {
    this.service = service;
    this.promised = service.objectives;
    this.target = targetLabels(service);
    this.exported = { ...this.target, service: service.name, team: service.owner, pod: "a" };
  }

  requests(): MeasuredObjective[] {
    const served = servedRequests(this.service);
    if (served === undefined) return [];
    const { server, form, succeeds, timed } = served;
    const { target, exported } = this;
    const { threshold } = this.promised.latency ?? {};
    return [
      "ended" in server
        ? this.objective(succeeds, jobSuccess(server, target, form), () => jobExamples(server, exported))
        : this.objective(succeeds, availability(server, target, form), () =>
            availabilityExamples(server, exported, form),
          ),
      ...(threshold === undefined || timed === undefined
        ? []
        : [
            this.objective("latency", latency(timed, target, form, threshold), () =>
              latencyExamples(timed, exported, form, threshold),
            ),
          ]),
    ];
  }

  jobs(): MeasuredObjective[] {
    const { metrics } = this.service.worker ?? {};
    if (metrics === undefined || typeof metrics === "string") return [];
    return [
      this.objective("success", workerSuccess(metrics, this.target), () =>
        workerExamples(metrics, this.exported),
      ),
    ];
  }

  queue(): MeasuredObjective[] {
    const { oldestMessage: oldest, backlog: queue } = queueGauges(this.service);
    const { freshness, backlog: waiting } = this.promised;
    const objectives: MeasuredObjective[] = [];
    if (oldest !== undefined && freshness !== undefined)
      objectives.push(
        this.sampled("freshness", oldestMessage(oldest, this.target, seconds(freshness.maxAge)), {
          ...this.exported,
          ...oldest.labels,
        }),
      );
    if (queue !== undefined && waiting !== undefined)
      objectives.push(
        this.sampled("backlog", backlog(queue, this.target, waiting.max), {
          ...this.exported,
          ...queue.labels,
        }),
      );
    return objectives;
  }

  batch(): MeasuredObjective[] {
    const { batch, namespace } = this.service;
    const { freshness } = this.promised;
    if (batch === undefined || freshness === undefined) return [];
    const timestamp =
      "cronJob" in batch
        ? cronJobSuccess(namespace, batch.cronJob)
        : metric(batch.lastSuccess, ...equal(this.target));
    const labels = "cronJob" in batch ? { pod: "a" } : this.exported;
    return [this.sampled("freshness", lastSuccess(timestamp, freshness.maxAge), labels)];
  }

  probes(): MeasuredObjective[] {
    const { probe, name, owner } = this.service;
    if (probe === undefined) return [];
    const target = { job: probeJob(this.service) };
    const labels = { ...target, service: name, team: owner };
    const { latency: quick } = this.promised;
    const isTimed = quick !== undefined && servedRequests(this.service)?.timed === undefined;
    return [
      this.sampled("probes", probeSuccess(target, probe.targets.length), labels),
      ...(isTimed
        ? [this.sampled("latency", probeDuration(target, probe.targets.length, quick.threshold), labels)]
        : []),
    ];
  }

  private sampled(
    kind: ObjectiveKind,
    signal: SampledSignal,
    labels: Readonly<Record<string, string>>,
  ): MeasuredObjective {
    return this.objective(kind, signal, () => sampledExamples(signal, labels));
  }

  private objective(
    kind: ObjectiveKind,
    signal: RatioSignal,
    examples: () => ExampleSeries,
  ): MeasuredObjective {
    const settings = this.promised[kind];
    const said = typeof settings === "string" ? { percent: settings } : (settings ?? {});
    const isSampled = "kind" in signal.total && signal.total.kind === "checks";
    return {
      name: kind,
      objective: said.percent ?? DEFAULT_PERCENT[kind][this.service.tier],
      period: ("period" in said ? said.period : undefined) ?? DEFAULT_PERIOD,
      minimumErrors:
        ("minimumErrors" in said ? said.minimumErrors : undefined) ??
        (isSampled ? MINIMUM_BAD_CHECKS : DEFAULT_MINIMUM_ERRORS),
      ...quiet(("page" in said ? said.page : undefined) ?? this.service.page ?? true),
      ...(this.service.scrape?.kind === "push" && !isSampled && { arrival: "pushed" as const }),
      signal,
      examples,
    };
  }
}

/** Said only where it is not as usual. */
function quiet(page: boolean): { readonly page?: false } {
  return page ? {} : { page: false };
}

function customObjective(name: string, settings: CustomObjective, pages: boolean): MeasuredObjective {
  const { percent, period, minimumErrors, page, unit, description = "", examples, ...events } = settings;
  return {
    name,
    objective: percent,
    period,
    minimumErrors,
    ...quiet(page ?? pages),
    signal: customSignal({ name, unit, description, events }),
    examples: () => examples,
  };
}

/** The labels that tell the series of a service from all others; its monitor sets them, or its definition says what something else sets. */
export function targetLabels({ name, namespace, scrape }: Pick<Service, "name" | "namespace" | "scrape">): {
  readonly job: string;
  readonly [label: string]: string;
} {
  if (scrape?.kind === "elsewhere") return { job: scrape.job ?? name, ...(scrape.labels ?? { namespace }) };
  // The OTLP receiver sets job and instance alone.
  if (scrape?.kind === "push") return { job: scrape.job ?? name };
  return { job: name, namespace: scrape?.namespace ?? namespace };
}

/** The job of a service's probes. No service's own, whose names have no slash. */
export function probeJob({ name }: Pick<Service, "name">): string {
  return `probe/${name}`;
}
