import { z } from "zod";
import { choice, decimal, durationBetween, httpsUrl, list, named, text } from "../../core/schema.ts";

// What a team writes of an alert of its own. What its examples become stands in cases.ts.

export const ALERT_NAME = /^[A-Z][A-Za-z0-9]{2,79}$/;

const alertName = () => text(ALERT_NAME, "the name of an alert in PascalCase, such as OrdersStopped");

/** A series with its labels, as an exporter reports it. */
const exampleSeries = () =>
  text(/^[a-zA-Z_:][\w:]*(?:\{[^{}\n]*\})?$/, 'a series such as orders_total{job="storefront"}');

const VALUES = "the unit is the metric's";
const amount = () => decimal(-1e15, 1e15, VALUES);

const stageLength = () =>
  durationBetween("1s", "30d").optional().meta({
    description:
      "How long the stage takes. Every stage but the last has it; the last one goes on to the end.",
  });

const stage = z.union(
  [
    z.strictObject({
      for: stageLength(),
      value: z
        .union([amount(), z.literal("none")], { error: `a number (${VALUES}), or none for no sample` })
        .meta({ description: "The same value at each scrape, or none: no sample." }),
    }),
    z.strictObject({
      for: stageLength(),
      perSecond: amount().meta({
        description: "Growth per second, from where the stage before ended; from 0 in the first stage.",
      }),
    }),
  ],
  { error: "a map of for and either value or perSecond" },
);

const course = z.union([amount(), list(stage, 1, 20)], {
  error: 'a number, or a list of 1 to 20 stages such as { for: "10m", value: 3 } or { perSecond: 2 }',
});

const situation = {
  when: text(/^\S[^\n]{3,148}\S$/, "one line of 5 to 150 characters, which continues: fires when").meta({
    description: "What happens, as words that continue the sentence that begins with fires when.",
  }),
  series: named(exampleSeries(), course).meta({
    description:
      "The series that the query reads, by name with labels: a value, or stages one after the other.",
  }),
};

const expected = z.strictObject({
  labels: named(
    text(/^[a-zA-Z_]\w{0,99}$/, "the name of a label"),
    text(/^[^\n]{0,500}$/, "the value of a label"),
  )
    .prefault({})
    .meta({ description: "The labels that the query keeps." }),
  value: text(/^[^\n]{1,100}$/, "a text such as 12.5%")
    .optional()
    .meta({
      description: "What the value in the summary or the description is printed as.",
    }),
});

/** Cases for promtool. */
const examples = z.strictObject({
  fires: list(
    z.strictObject({
      ...situation,
      holdsFrom: durationBetween("0s", "30d").default("0s").meta({
        description:
          "When the condition is first true, counted from the start. The alert must fire after for, give or take two evaluations.",
      }),
      alerts: list(expected, 1, 10)
        .default([{ labels: {} }])
        .meta({ description: "The alerts that fire, each with the labels that the query keeps." }),
      stops: z
        .strictObject({
          after: durationBetween("0s", "60d").meta({ description: "Until when it must still fire." }),
          by: durationBetween("0s", "60d").meta({ description: "When it must fire no longer." }),
        })
        .optional()
        .meta({ description: "When the alert ends, counted from the start. Default: this is not tested." }),
    }),
    1,
    20,
  ).meta({ description: "Situations in which the alert must fire." }),
  silent: list(z.strictObject(situation), 1, 20).meta({
    description: "Situations in which the alert must not fire at any time.",
  }),
});

export const LONGEST_QUERY = 4_000;

const ownAlert = z.strictObject({
  expr: z
    .string({ error: "a PromQL query" })
    .max(LONGEST_QUERY, { error: `a query of at most ${LONGEST_QUERY} characters` })
    .meta({ description: "The condition: a PromQL query, which has a result while something is wrong." }),
  for: durationBetween("0s", "2d").meta({
    description: "How long the condition must be true before the alert fires.",
  }),
  keepFiringFor: durationBetween("1s", "2d").optional().meta({
    description: "How long the alert keeps firing after its condition was last true.",
  }),
  severity: choice(["critical", "warning", "info"]).meta({
    description: "critical pages, warning opens a ticket, info is not notified.",
  }),
  summary: text(/^\S[^\n]{8,198}\S$/, "one line of 10 to 200 characters that says what is wrong").meta({
    description: "What is wrong, in one line. Can contain labels and the value of the query.",
  }),
  description: text(/^\S[^\n]{8,998}\S$/, "one line of 10 to 1000 characters")
    .optional()
    .meta({ description: "What it means for users, and what to look at first." }),
  runbook: httpsUrl().optional().meta({
    description: "URL of the runbook. Default: the page of that name below alerts.runbookBaseUrl.",
  }),
  labels: named(
    text(/^[a-zA-Z_]\w{0,99}$/, "the name of a label"),
    text(/^[^\n{}]{1,200}$/, "a text of 1 to 200 characters without braces"),
  )
    .optional()
    .meta({ description: "Further labels of the alert. severity, team and service are there already." }),
  examples: examples.optional().meta({
    description:
      "Situations in which the alert fires and does not fire, which become promtool tests. Without them the alert is marked as unproven.",
  }),
});

/** Alerts of a team by name. */
export const ownAlerts = () => named(alertName(), ownAlert);

/** The same in an environment, which can leave an alert out. */
export const ownAlertsThere = () =>
  named(
    alertName(),
    z.union([ownAlert, z.literal("off")], { error: "off, or a map of the fields of an alert" }),
  );

export type OwnAlert = Readonly<z.output<typeof ownAlert>>;
/** An alert as a person writes it. */
export type OwnAlertDraft = z.input<typeof ownAlert>;
export type OwnAlertExamples = NonNullable<OwnAlert["examples"]>;
export type FiringExample = OwnAlertExamples["fires"][number];
export type SilentExample = OwnAlertExamples["silent"][number];
/** The values of a series over time. */
export type Course = z.output<typeof course>;
