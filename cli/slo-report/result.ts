import { z } from "zod";

const events = z.number().min(0);
const share = z.number();

const window = z.strictObject({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  errors: events,
  spent: share.meta({ description: "The share of the month's budget that these hours spent." }),
  alerts: z.array(z.string()).meta({ description: "Alerts of the service that fired then, each once." }),
  maintenance: z.array(z.string()).meta({ description: "The reasons of maintenance in these hours." }),
});

const page = z.strictObject({
  at: z.iso.datetime().meta({ description: "When the page began to fire." }),
  began: z.iso.datetime().nullable().meta({
    description: "The first step with errors above the limit. Null: the records do not show one.",
  }),
  seconds: z.number().min(0).nullable().meta({ description: "From there to the page." }),
  errorRatio: share.nullable().meta({ description: "Errors of all events in that time." }),
  promised: z.number().min(0).nullable().meta({
    description: "Seconds in which a page is promised at that ratio. Null: at that ratio none is.",
  }),
  verdict: z.enum(["kept", "broken", "not comparable"]),
  why: z.string().nullable().meta({ description: "Why it cannot be compared." }),
});

const objective = z.strictObject({
  service: z.string(),
  slo: z.string(),
  team: z.string().nullable(),
  percent: z.number().meta({ description: "The objective at the end of the month." }),
  otherPercents: z.array(z.number()).meta({ description: "Other objectives that it had in the month." }),
  period: z.string(),
  total: events.meta({ description: "Events of the month." }),
  errors: events,
  spent: share.nullable().meta({
    description:
      "Errors as a share of those that the objective allows of the month's events, above 1 if it is missed. Null: no events.",
  }),
  isMet: z.boolean().nullable(),
  excluded: z
    .strictObject({ total: events, errors: events })
    .meta({ description: "Events in maintenance; they are in the numbers above." }),
  spentWithout: share.nullable().meta({ description: "As spent, without the events in maintenance." }),
  isMetWithout: z.boolean().nullable(),
  policy: z
    .strictObject({
      spent: share
        .nullable()
        .meta({ description: "Of the budget of the objective's own period, when the month ended." }),
      state: z.enum(["within budget", "half spent", "nearly spent", "spent", "not known"]),
      waits: z.enum(["releases", "workloads"]).nullable().meta({
        description:
          "What of the service waits, by errorBudget.freeze of the environment. Null: nothing, because the budget is not spent or the environment has no policy.",
      }),
    })
    .meta({ description: "The state that an error budget policy goes by." }),
  windows: z.array(window).meta({ description: "What spent the budget: the largest first, five at most." }),
  pages: z.array(page),
  missed: z.array(z.iso.datetime()).meta({
    description:
      "Hours whose errors were far above the limit of a page, in which none fired: when they began.",
  }),
});

const part = z.strictObject({
  service: z.string(),
  slo: z.string(),
  weight: z.number(),
  success: share.nullable(),
});

const journey = z.strictObject({
  name: z.string(),
  owner: z.string(),
  percent: z.number(),
  parts: z.enum(["series", "weighted"]),
  objectives: z.array(part),
  success: share.nullable().meta({ description: "Null: a part has no events, or is not recorded." }),
  spent: share.nullable(),
  isMet: z.boolean().nullable(),
});

const team = z.strictObject({
  team: z.string().nullable(),
  objectives: z.number().int().min(0),
  met: z.number().int().min(0).meta({ description: "Without the events in maintenance." }),
  mostSpent: share.nullable(),
  pages: z.number().int().min(0),
  kept: z.number().int().min(0),
  broken: z.number().int().min(0),
  missed: z.number().int().min(0),
});

/** What `slo-report.json` says: published as docs/reference/slo-report.schema.json. */
const sloReportSchema = z.strictObject({
  format: z.literal(1).meta({ description: "Rises if a field changes its meaning or goes." }),
  month: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  isOpen: z.boolean().meta({ description: "The month has not ended." }),
  environment: z.string().nullable(),
  server: z.string(),
  errorBudget: z
    .strictObject({ freeze: z.enum(["releases", "workloads"]), openedBy: z.array(z.string()) })
    .nullable()
    .meta({
      description:
        "The error budget policy of the environment: what waits while a budget is spent, and whose waivers let it through. Null: it has none, or its file is not there.",
    }),
  teams: z.array(team),
  objectives: z.array(objective).meta({ description: "The one that spent most first." }),
  journeys: z.array(journey),
  maintenance: z.array(
    z.strictObject({
      services: z.array(z.string()),
      start: z.iso.datetime(),
      end: z.iso.datetime(),
      owner: z.string(),
      reason: z.string(),
    }),
  ),
});

export type SloReport = z.output<typeof sloReportSchema>;
export type ObjectiveRow = SloReport["objectives"][number];
export type JourneyRow = SloReport["journeys"][number];
export type Page = ObjectiveRow["pages"][number];

/** The JSON Schema of `slo-report.json`. */
export function sloReportJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(sloReportSchema);
  return {
    $schema,
    title: "A report of service level objectives",
    description: "Generated by `npm run generate` from cli/slo-report/result.ts. Do not edit.",
    ...schema,
  };
}
