import { z } from "zod";

// prometheus-operator's PrometheusRule, version v1, as its CRD has it. Unknown fields pass: they are lost by name.

export const PROMETHEUS_RULE_VERSION = "monitoring.coreos.com/v1";
const KIND = "PrometheusRule";

const filledText = (allowed: string) => z.string({ error: allowed }).min(1, { error: allowed });
const texts = (allowed: string) =>
  z.record(z.string(), z.string({ error: "a text" }), { error: allowed }).nullish();
const duration = () =>
  z
    .string({ error: "a duration such as 5m" })
    .regex(/^(?:0|(?:\d+(?:ms|[smhdwy]))+)$/, { error: "a duration such as 5m" })
    .nullish();

const rule = z.looseObject({
  alert: filledText("the name of an alert").optional(),
  record: filledText("the name of a series").optional(),
  // The CRD takes a number, too.
  expr: z.union([filledText("a PromQL query"), z.number()], { error: "a PromQL query" }),
  for: duration(),
  keep_firing_for: duration(),
  labels: texts("a map of labels"),
  annotations: texts("a map of annotations"),
});

export const prometheusRuleFile = z.looseObject({
  apiVersion: z.literal(PROMETHEUS_RULE_VERSION),
  kind: z.literal(KIND, { error: KIND }),
  metadata: z.looseObject({
    name: filledText("the name of the object"),
    namespace: z.string({ error: "a namespace" }).optional(),
    labels: texts("a map of labels"),
    annotations: texts("a map of annotations"),
  }),
  spec: z.looseObject({
    groups: z.array(
      z.looseObject({
        name: filledText("the name of the group"),
        interval: duration(),
        labels: texts("a map of labels"),
        rules: z.array(rule, { error: "a list of rules" }).nullish(),
      }),
      { error: "a list of groups" },
    ),
  }),
});

export type FileRule = z.output<typeof rule>;
