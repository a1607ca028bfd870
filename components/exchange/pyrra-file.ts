import { z } from "zod";

// Pyrra's ServiceLevelObjective, version v1alpha1, as its Go types read it (kubernetes/api/v1alpha1). Unknown fields pass: they are lost by
// name.

export const PYRRA_VERSION = "pyrra.dev/v1alpha1";
const KIND = "ServiceLevelObjective";

const filledText = (allowed: string) => z.string({ error: allowed }).min(1, { error: allowed });
const selector = () => z.looseObject({ metric: filledText("a selector of series") });
const grouping = () =>
  z.array(z.string({ error: "the name of a label" }), { error: "a list of labels" }).nullish();
const flag = () => z.boolean({ error: "true or false" }).nullish();

export const pyrraFile = z.looseObject({
  apiVersion: z.literal(PYRRA_VERSION),
  kind: z.literal(KIND, { error: KIND }),
  metadata: z.looseObject({
    name: filledText("the name of the objective"),
    namespace: z.string({ error: "a namespace" }).optional(),
    labels: z.record(z.string(), z.string({ error: "a text" }), { error: "a map of labels" }).nullish(),
    annotations: z
      .record(z.string(), z.string({ error: "a text" }), { error: "a map of annotations" })
      .nullish(),
  }),
  spec: z.looseObject({
    description: z.string({ error: "a text" }).nullish(),
    target: z
      .string({ error: "a percentage in quotes, such as '99.5'" })
      .regex(/^\d{1,3}(?:\.\d+)?$/, { error: "a percentage in quotes, such as '99.5'" }),
    window: z
      .string({ error: "a duration such as 4w" })
      .regex(/^\d+[mhdwy]$/, { error: "a duration such as 4w, with one unit" }),
    indicator: z.looseObject({
      ratio: z.looseObject({ errors: selector(), total: selector(), grouping: grouping() }).optional(),
      latency: z.looseObject({ success: selector(), total: selector(), grouping: grouping() }).optional(),
      latencyNative: z
        .looseObject({ total: selector(), latency: filledText("a duration"), grouping: grouping() })
        .optional(),
      bool_gauge: z
        .looseObject({ metric: filledText("a selector of series"), grouping: grouping() })
        .optional(),
    }),
    alerting: z
      .looseObject({
        disabled: flag(),
        burnrates: flag(),
        absent: flag(),
        name: z.string({ error: "a name" }).nullish(),
        absentName: z.string({ error: "a name" }).nullish(),
      })
      .nullish(),
  }),
});

export type PyrraFile = z.output<typeof pyrraFile>;
