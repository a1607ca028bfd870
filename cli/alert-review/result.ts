import { z } from "zod";

const whole = z.number().int().min(0);
const seconds = z.number().min(0);

const counts = {
  fired: whole.meta({
    description: "Each set of labels counts by itself. One that fired when the period began is among them.",
  }),
  seconds: seconds.meta({ description: "All firings together, within the period." }),
  atNight: whole.meta({ description: "Firings that began at night." }),
  flaps: whole.meta({
    description: "Firings that began within 15 minutes after the one before of the same labels ended.",
  }),
  repeated: whole.meta({ description: "Firings that began later than that, but within 24 hours." }),
  clearedByItself: whole.meta({
    description:
      "Firings that ended within 15 minutes, that no silence was about and that no incident of the list explains.",
  }),
  silenced: whole.nullable().meta({
    description: "Firings during which a silence was about them. Null: Alertmanager was not asked.",
  }),
};

/** What the alerts of one rule did. */
const alertRow = z.strictObject({
  name: z.string(),
  about: z.string().meta({ description: "The alert with its service and objective." }),
  group: z
    .string()
    .nullable()
    .meta({ description: "The group of its rule. Null: no such rule is loaded any more." }),
  severity: z.string(),
  team: z.string().nullable(),
  service: z.string().nullable(),
  slo: z.string().nullable(),
  ...counts,
  medianSeconds: seconds.nullable().meta({ description: "Null: it never fired." }),
  lastFired: z.iso.datetime().nullable(),
  isFiring: z.boolean().meta({ description: "Whether it fired when the period ended." }),
  incidents: z.array(z.string()).meta({ description: "Incidents during which it fired for their services." }),
  before: z
    .strictObject({ fired: whole, seconds, perWeek: z.number().min(0) })
    .nullable()
    .meta({
      description: "What the last review says of it. Null: there is none, or it does not have the alert.",
    }),
  perWeek: z.number().min(0).meta({ description: "Firings in seven days." }),
});

const replayed = z.strictObject({
  firings: whole,
  atNight: whole.meta({ description: "Pages at night: severity critical alone." }),
  incidents: z.array(z.string()).meta({ description: "The incidents in which the alert fires." }),
});

const proposal = z.strictObject({
  kind: z.enum(["raise", "lower", "lengthen", "delete"]).meta({
    description:
      "raise and lower: the threshold, so that it fires less or more; lengthen: for or keep_firing_for; delete: the rule.",
  }),
  about: z.string(),
  team: z.string().nullable(),
  group: z.string(),
  what: z.string().meta({ description: "The change, as the rest of a sentence." }),
  why: z.string(),
  expr: z.string().meta({ description: "The query of the rule as it would be. Empty: no rule." }),
  for: z.string(),
  keepFiringFor: z.string(),
  replay: z
    .strictObject({
      before: replayed,
      after: replayed,
      later: seconds.meta({ description: "How many seconds later it fires in an incident, at most." }),
      agreement: z.number().min(0).max(1).nullable(),
    })
    .meta({
      description:
        "What the rule would have done over the same period as it is and as it would be; the share of evaluations at which the replay of the rule as it is agrees with what was recorded.",
    }),
});

const team = z.strictObject({
  team: z.string().nullable(),
  alerts: whole.meta({ description: "Rules of severity critical and warning." }),
  neverFired: whole,
  pages: whole.meta({ description: "Firings of severity critical." }),
  ...counts,
  before: z.strictObject({ perWeek: z.number().min(0) }).nullable(),
  perWeek: z.number().min(0),
});

/** What `alert-review.json` says: published as docs/reference/alert-review.schema.json. */
export const alertReviewSchema = z.strictObject({
  format: z.literal(1).meta({ description: "Rises if a field changes its meaning or goes." }),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  server: z.string().meta({ description: "Which Prometheus was asked." }),
  known: z.number().min(0).max(1).nullable().default(null).meta({
    description:
      "The share of the period at which the server has samples of `up`, looked at once an hour. Null: it has none, or the review is older than this field.",
  }),
  environment: z.string().nullable().meta({ description: "The external label `environment` of the server." }),
  night: z.string(),
  last: z
    .strictObject({ from: z.iso.datetime(), to: z.iso.datetime() })
    .nullable()
    .meta({ description: "The period of the review that this one is compared with." }),
  silences: z
    .strictObject({ server: z.string(), known: whole, since: z.iso.datetime().nullable() })
    .nullable()
    .meta({
      description:
        "Silences that Alertmanager still knows, and the end of the earliest. Null: it was not asked.",
    }),
  teams: z.array(team),
  alerts: z
    .array(alertRow)
    .meta({ description: "Those that fired most first, then those that never fired." }),
  incidents: z.array(
    z.strictObject({
      name: z.string(),
      start: z.iso.datetime(),
      end: z.iso.datetime(),
      first: z.strictObject({ about: z.string(), seconds }).nullable().meta({
        description:
          "The first critical or warning alert, and how long after the start; 0: it fired by then. Null: none.",
      }),
    }),
  ),
  proposals: z.array(proposal),
  notes: z.array(z.string()),
});

export type AlertReview = z.output<typeof alertReviewSchema>;
export type AlertRow = AlertReview["alerts"][number];
export type TeamRow = AlertReview["teams"][number];
export type Proposal = AlertReview["proposals"][number];

/** The JSON Schema of `alert-review.json`. */
export function alertReviewJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(alertReviewSchema);
  return {
    $schema,
    title: "A review of the alerts of a Prometheus",
    description: "Generated by `npm run generate` from cli/alert-review/result.ts. Do not edit.",
    ...schema,
  };
}
