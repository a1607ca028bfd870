import { customSignal } from "../signals/custom.ts";
import { GRPC_SERVERS } from "../signals/grpc.ts";
import { type HistogramForm, inUnitOf } from "../signals/histogram.ts";
import { HTTP_SERVERS } from "../signals/http.ts";
import type { ExampleSeries } from "../signals/ratio.ts";
import {
  availability,
  availabilityExamples,
  latency,
  latencyExamples,
  type RequestServer,
} from "../signals/request-server.ts";
import { DEFAULT_MINIMUM_ERRORS, DEFAULT_PERIOD, type Slo } from "../slo/model.ts";
import type { Service, ServiceTier } from "./definition.ts";
import type { CustomObjective, Objectives } from "./objectives.ts";

// From what a service is to what its objectives are measured by.

/** An objective without its service, and what a good and a bad event of it are counted by, where anybody can say it. */
export interface MeasuredObjective extends Omit<Slo, "service" | "team"> {
  readonly examples: () => ExampleSeries | undefined;
}

/** The objectives that a definition has a field for, and the parts of a service that they can be measured of. */
export const MEASURED_OF = {
  availability: ["http", "grpc"],
  latency: ["http", "grpc"],
} as const satisfies Readonly<Record<string, readonly (keyof Service)[]>>;
export type ObjectiveKind = keyof typeof MEASURED_OF;

/** Percent of events that must go well, where a service does not say it itself. */
const DEFAULT_PERCENT: Readonly<Record<ObjectiveKind, Readonly<Record<ServiceTier, string>>>> = {
  availability: { critical: "99.9", standard: "99.5", "best-effort": "99" },
  // Of a hundred requests one may wait for a cold cache or a collector of garbage.
  latency: { critical: "99", standard: "98", "best-effort": "95" },
};

/** The server that a service is, and how its histogram is exposed. */
export interface ServedRequests {
  readonly preset: "http" | "grpc";
  readonly server: RequestServer;
  readonly form: HistogramForm;
  /** Where the buckets end that a threshold may lie on, in the histogram's unit; none for a native histogram. */
  readonly boundaries: readonly number[] | undefined;
}

export function servedRequests({ http, grpc }: Service): ServedRequests | undefined {
  const preset = http ?? grpc;
  if (preset === undefined) return undefined;
  const server = http ? HTTP_SERVERS[http.metrics] : grpc ? GRPC_SERVERS[grpc.metrics] : undefined;
  if (server === undefined) return undefined;
  const { durations } = server;
  return {
    preset: http ? "http" : "grpc",
    server,
    form: preset.histogram,
    boundaries:
      preset.histogram === "native"
        ? undefined
        : (preset.buckets?.map((length) => inUnitOf(durations, length)).sort((a, b) => a - b) ??
          durations.boundaries),
  };
}

/** What a service with these objectives is measured by. Objectives that cannot be measured are left out. */
export function measuredObjectives(service: Service, promised: Objectives): readonly MeasuredObjective[] {
  return [
    ...requestObjectives(service, promised),
    ...Object.entries(promised.custom).map(([name, settings]) => customObjective(name, settings)),
  ];
}

function requestObjectives(service: Service, promised: Objectives): MeasuredObjective[] {
  const served = servedRequests(service);
  if (served === undefined) return [];
  const { server, form } = served;
  const target = targetLabels(service);
  const exported = { ...target, service: service.name, team: service.owner, pod: "a" };
  const objectives: MeasuredObjective[] = [
    {
      name: "availability",
      ...complete("availability", promised.availability, service),
      signal: availability(server, target, form),
      examples: () => availabilityExamples(server, exported, form),
    },
  ];
  const { threshold } = promised.latency ?? {};
  if (threshold !== undefined)
    objectives.push({
      name: "latency",
      ...complete("latency", promised.latency, service),
      signal: latency(server, target, form, threshold),
      examples: () => latencyExamples(server, exported, form, threshold),
    });
  return objectives;
}

function customObjective(name: string, settings: CustomObjective): MeasuredObjective {
  const { percent, period, minimumErrors, unit, description = "", examples, ...events } = settings;
  return {
    name,
    objective: percent,
    period,
    minimumErrors,
    signal: customSignal({ name, unit, description, events }),
    examples: () => examples,
  };
}

/** What a definition may say of an objective beside what it measures. */
type Settings =
  | string
  | (Partial<Pick<Slo, "period" | "minimumErrors">> & { readonly percent?: string | undefined });

function complete(
  kind: ObjectiveKind,
  settings: Settings | undefined,
  { tier }: Service,
): Pick<Slo, "objective" | "period" | "minimumErrors"> {
  const said = typeof settings === "string" ? { percent: settings } : (settings ?? {});
  const { percent = DEFAULT_PERCENT[kind][tier], period = DEFAULT_PERIOD } = said;
  return { objective: percent, period, minimumErrors: said.minimumErrors ?? DEFAULT_MINIMUM_ERRORS };
}

/** The labels that tell the series of a service from all others; its monitor sets them. */
export function targetLabels({ name, namespace }: Pick<Service, "name" | "namespace">): {
  readonly job: string;
  readonly namespace: string;
} {
  return { job: name, namespace };
}
