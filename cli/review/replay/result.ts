import { z } from "zod";

const counted = z.strictObject({ name: z.string(), firings: z.number().int().min(0) });

const totals = z.strictObject({
  firings: z.number().int().min(0).meta({ description: "Of all severities but none." }),
  bySeverity: z.array(counted),
  byReceiver: z.array(counted).meta({
    description: "One firing counts for each receiver of its alert; several may be one notification.",
  }),
  pagesAtNight: z
    .number()
    .int()
    .min(0)
    .meta({ description: "Firings of severity critical with a receiver that begin at night." }),
  incidentsUntold: z.array(z.string()).meta({
    description: "Incidents during which no alert with a receiver would have fired for their services.",
  }),
});

const told = z
  .strictObject({
    alert: z.string(),
    seconds: z
      .number()
      .min(0)
      .meta({ description: "From the start of the incident; 0 if the alert was firing by then." }),
  })
  .nullable();

/** What the alerts of an environment would have done over a stretch of its history, before and after a change. */
export const replaySchema = z.strictObject({
  environment: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  evaluatedBy: z
    .string()
    .meta({ description: "Which Prometheus evaluated the rules, and where the samples are from." }),
  night: z.string().meta({ description: "What counts as night." }),
  before: totals,
  after: totals,
  alerts: z
    .array(
      z.strictObject({
        about: z.string(),
        severity: z.string(),
        receivers: z.array(z.string()),
        before: z.number().int().min(0).nullable().meta({ description: "Null: there was no such alert." }),
        after: z.number().int().min(0).nullable().meta({ description: "Null: it is removed." }),
        isChanged: z
          .boolean()
          .meta({ description: "Whether it would have fired at other times, or not as often." }),
      }),
    )
    .meta({
      description: "Alerts that fired on one side, or that changed; those with the largest difference first.",
    }),
  incidents: z.array(
    z.strictObject({
      name: z.string(),
      start: z.iso.datetime(),
      end: z.iso.datetime(),
      before: told,
      after: told,
    }),
  ),
  agreement: z
    .strictObject({
      share: z.number().min(0).max(1).meta({
        description: "Evaluations at which both have an alert firing, of those at which one of them has.",
      }),
      evaluations: z.number().int().min(0),
      since: z.iso.datetime(),
      least: z.array(z.strictObject({ about: z.string(), share: z.number() })),
    })
    .nullable()
    .meta({
      description:
        "The replay of the base beside the recorded series ALERTS; null if neither has a firing alert.",
    }),
  computed: z
    .array(z.string())
    .meta({ description: "Records that the history lacks, and that were computed." }),
  notReplayed: z.array(z.strictObject({ about: z.string(), why: z.string() })),
});

/** What the alerts of one environment would have done. */
export type Replay = z.output<typeof replaySchema>;
