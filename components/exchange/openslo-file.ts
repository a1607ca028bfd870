import { z } from "zod";

// OpenSLO's kinds, version openslo/v1, as its specification lists their fields. Fields that it does not list pass: they are
// lost by name, which tells more than a refusal.

const filledText = (allowed: string) => z.string({ error: allowed }).min(1, { error: allowed });
const share = (allowed: string, max: number) =>
  z.number({ error: allowed }).min(0, { error: allowed }).max(max, { error: allowed });

export const OPENSLO_VERSION = "openslo/v1";

const metadata = z.looseObject({
  name: filledText("the name of the object"),
  displayName: z.string({ error: "a text" }).optional(),
  labels: z
    .record(z.string(), z.union([z.string(), z.array(z.string())], { error: "a text or a list of texts" }))
    .nullish(),
  annotations: z.record(z.string(), z.string({ error: "a text" })).nullish(),
});

const description = z.string({ error: "a text" }).optional();

const metric = z.looseObject({
  metricSource: z.looseObject({
    metricSourceRef: filledText("the name of a DataSource").optional(),
    type: filledText("a type of data source, such as Prometheus").optional(),
    spec: z.record(z.string(), z.unknown(), { error: "a map with the query" }),
  }),
});

const indicatorSpec = z.looseObject({
  description,
  thresholdMetric: metric.optional(),
  ratioMetric: z
    .looseObject({
      counter: z.boolean({ error: "true or false" }).optional(),
      good: metric.optional(),
      bad: metric.optional(),
      total: metric.optional(),
      rawType: z.enum(["success", "failure"], { error: "one of success, failure" }).optional(),
      raw: metric.optional(),
    })
    .optional(),
});

const duration = z
  .string({ error: "a duration such as 28d" })
  .regex(/^\d+[mhdwMQY]$/, { error: "a number with one of the units m, h, d, w, M, Q, Y, such as 28d" });

const indicator = z.looseObject({ metadata, spec: indicatorSpec });

const objective = z.looseObject({
  displayName: z.string({ error: "a text" }).optional(),
  target: share("a share from 0 to below 1", 1).optional(),
  targetPercent: share("a percentage from 0 to below 100", 100).optional(),
  indicator: indicator.optional(),
  indicatorRef: filledText("the name of an SLI").optional(),
});

const object = <K extends string, S extends z.ZodType>(kind: K, spec: S) =>
  z.looseObject({ apiVersion: z.literal(OPENSLO_VERSION), kind: z.literal(kind), metadata, spec });

const sloSpec = z.looseObject({
  description,
  service: filledText("the name of the service"),
  indicator: indicator.optional(),
  indicatorRef: filledText("the name of an SLI").optional(),
  budgetingMethod: z.enum(["Occurrences", "Timeslices", "RatioTimeslices"], {
    error: "one of Occurrences, Timeslices, RatioTimeslices",
  }),
  timeWindow: z
    .array(
      z.looseObject({
        duration,
        isRolling: z.boolean({ error: "true or false" }).optional(),
        calendar: z.looseObject({}).optional(),
      }),
      { error: "a list of one window" },
    )
    .max(1, { error: "exactly one window" })
    .optional(),
  objectives: z
    .array(objective, { error: "a list of objectives" })
    .min(1, { error: "at least one objective" }),
  alertPolicies: z.array(z.unknown(), { error: "a list of alert policies" }).optional(),
});

/** What is said of alerts is only named, so that its shape does not matter. */
const anything = z.looseObject({});

export const openSloObject = z.discriminatedUnion("kind", [
  object("Service", z.looseObject({ description }).nullish()),
  object("SLO", sloSpec),
  object("SLI", indicatorSpec),
  object("DataSource", z.looseObject({ type: filledText("a type such as Prometheus"), description })),
  object("AlertPolicy", anything),
  object("AlertCondition", anything),
  object("AlertNotificationTarget", anything),
]);

export type OpenSloObject = z.output<typeof openSloObject>;
export type OpenSloOf<K extends OpenSloObject["kind"]> = Extract<OpenSloObject, { readonly kind: K }>;
export type IndicatorSpec = z.output<typeof indicatorSpec>;
export type Metric = z.output<typeof metric>;
