import { defineService, examplesOf, slosOf } from "../../../components/service/model.ts";
import type { ExampleSeries } from "../../../components/signals/ratio.ts";
import type { Slo } from "../../../components/slo/model.ts";

type Definition = Omit<
  Parameters<typeof defineService>[0],
  "name" | "owner" | "tier" | "description" | "namespace"
>;

/** A kind of objective: how a service with it is defined, and the objective's name. */
export interface ObjectiveKind {
  readonly name: string;
  readonly objective: string;
  readonly definition: (service: string) => Definition;
}

const JOBS = { total: "jobs_total", failed: "jobs_failed_total" };

const ordersOf = (shop: string) => ({
  good: [`orders_total{shop="${shop}", result="ok", pod="a"}`],
  bad: [`orders_total{shop="${shop}", result="failed", pod="a"}`],
});

/** One objective of each kind that counts events, each way that a signal counts them. */
const OBJECTIVE_KINDS: readonly ObjectiveKind[] = [
  {
    name: "HTTP availability",
    objective: "availability",
    definition: () => ({
      http: { port: "http", metrics: "http_requests_total" },
      objectives: { availability: "99.9" },
    }),
  },
  {
    name: "HTTP latency",
    objective: "latency",
    definition: () => ({
      http: { port: "http", metrics: "otel" },
      objectives: { latency: { threshold: "250ms", percent: "99.9" } },
    }),
  },
  {
    name: "gRPC availability",
    objective: "availability",
    definition: () => ({
      grpc: { port: "grpc", metrics: "grpc_prometheus" },
      objectives: { availability: "99.9" },
    }),
  },
  {
    name: "a team's own queries",
    objective: "orders",
    definition: (service) => ({
      objectives: {
        custom: {
          orders: {
            percent: "99.9",
            unit: "orders",
            good: `sum(rate(orders_total{shop="${service}", result="ok"}[{{.window}}]))`,
            total: `sum(rate(orders_total{shop="${service}"}[{{.window}}]))`,
            examples: ordersOf(service),
          },
        },
      },
    }),
  },
];

/** Objectives whose events are the looks at a gauge. */
const SAMPLED_KINDS: readonly ObjectiveKind[] = [
  {
    name: "backlog",
    objective: "backlog",
    definition: () => ({
      worker: { port: "metrics", metrics: JOBS, backlog: "queue_messages" },
      objectives: { backlog: { max: 1_000, percent: "99" } },
    }),
  },
  {
    name: "freshness",
    objective: "freshness",
    definition: () => ({
      worker: { port: "metrics", metrics: JOBS, oldestMessage: "queue_oldest_message_age_seconds" },
      objectives: { freshness: { maxAge: "10m", percent: "99" } },
    }),
  },
  {
    name: "batch freshness",
    objective: "freshness",
    definition: (service) => ({
      batch: { cronJob: service },
      objectives: { freshness: { maxAge: "26h", percent: "99" } },
    }),
  },
  {
    name: "probe",
    objective: "probes",
    definition: () => ({
      probe: { targets: ["https://shop.example.com"] },
      objectives: { probes: "99.9" },
    }),
  },
];

/** Every kind of objective that there is, and one that is judged by the calendar month. */
export const KINDS: readonly ObjectiveKind[] = [
  ...OBJECTIVE_KINDS,
  {
    name: "native histogram",
    objective: "latency",
    definition: () => ({
      http: { port: "http", metrics: "otel", histogram: "native" },
      objectives: { latency: { threshold: "250ms", percent: "99.9" } },
    }),
  },
  {
    name: "worker success",
    objective: "success",
    definition: () => ({
      worker: { port: "metrics", metrics: JOBS },
      objectives: { success: "99.9" },
    }),
  },
  ...SAMPLED_KINDS,
  {
    name: "a team's own share",
    objective: "orders",
    definition: (service) => ({
      objectives: {
        custom: {
          orders: {
            percent: "99.9",
            unit: "orders",
            errorRatio: `sum(rate(orders_total{shop="${service}", result="failed"}[{{.window}}])) / sum(rate(orders_total{shop="${service}"}[{{.window}}]))`,
            examples: ordersOf(service),
          },
        },
      },
    }),
  },
  {
    name: "calendar month",
    objective: "availability",
    definition: () => ({
      http: { port: "http", metrics: "http_requests_total" },
      objectives: { availability: { percent: "99.9", period: "month" } },
    }),
  },
];

/** The objective of a service, and the series that count its good and bad events. */
export function objectiveOf(
  { objective, definition }: ObjectiveKind,
  service: string,
): { readonly slo: Slo; readonly examples: ExampleSeries } {
  const defined = defineService({
    name: service,
    owner: "shop",
    tier: "critical",
    description: "What a test needs",
    namespace: "shop",
    ...definition(service),
  });
  const slo = slosOf(defined).find(({ name }) => name === objective);
  const examples = examplesOf(defined, objective);
  if (slo === undefined || examples === undefined) throw new RangeError(`${service} has no ${objective}`);
  return { slo, examples };
}
