import { z } from "zod";
import { dnsLabel, durationBetween, integer, list, named, text } from "../core/schema.ts";
import { queryMistake } from "../signals/windowed-query.ts";
import {
  DEFAULT_MINIMUM_ERRORS,
  DEFAULT_PERIOD,
  errorFloor,
  objectivePercent,
  objectivePeriod,
} from "../slo/model.ts";
import { requestDuration } from "./presets.ts";

/** What a team's own objective counts where it does not say it. */
export const DEFAULT_UNIT = "events";

/** A percentage alone, or with what else every objective may say. */
function share(events: string) {
  return z.union([objectivePercent(), z.strictObject(settings(events))], {
    error: 'a percentage in quotes such as "99.9", or a map of percent, period and minimumErrors',
  });
}

/** What every objective may say beside what it measures. */
function settings(events: string) {
  return {
    percent: objectivePercent()
      .optional()
      .meta({ description: `Percent of ${events}. Default: by the service's tier.` }),
    period: objectivePeriod().default(DEFAULT_PERIOD).meta({ description: "Rolling period of the budget." }),
    minimumErrors: errorFloor().optional().meta({
      description:
        "Failures within an alert's window below which nobody is told. Default: 5, or 3 where each scrape is an event.",
    }),
  };
}

const latency = z.strictObject({
  threshold: requestDuration().meta({
    description: "What is quick enough. The end of a bucket where the histogram is a classic one.",
  }),
  ...settings("requests that must be quick enough"),
});

const freshness = z.strictObject({
  maxAge: durationBetween("1m", "90d").meta({
    description: "How long ago the last success may be, or how old the oldest message.",
  }),
  ...settings("checks that must find it fresh"),
});

const backlog = z.strictObject({
  max: integer(0, 1_000_000_000).meta({ description: "How many messages may wait." }),
  ...settings("checks that must find no more of them"),
});

const LONGEST_QUERY = 4_000;

/** PromQL with room for the window that a rule looks at. */
const windowedQuery = () =>
  z
    .string({ error: "a PromQL query" })
    .max(LONGEST_QUERY, { error: `a query of at most ${LONGEST_QUERY} characters` })
    .refine((query) => queryMistake(query) === undefined, {
      error: ({ input }) => queryMistake(String(input)) ?? "a PromQL query",
    });

/** A counter with its labels, as an exporter reports it. */
const exampleSeries = () =>
  list(text(/^[a-zA-Z_:][\w:]*(?:\{[^{}\n]*\})?$/, 'a series such as jobs_total{result="failed"}'), 1, 10);

function customSettings() {
  return {
    percent: objectivePercent().meta({ description: "Percent of events that must go well." }),
    period: objectivePeriod().default(DEFAULT_PERIOD).meta({ description: "Rolling period of the budget." }),
    minimumErrors: errorFloor()
      .default(DEFAULT_MINIMUM_ERRORS)
      .meta({ description: "Errors within an alert's window below which nobody is told." }),
    unit: text(/^[a-z][a-z -]{1,39}$/, "what is counted, as a plural of 2 to 40 lower-case letters")
      .default(DEFAULT_UNIT)
      .meta({ description: "What is counted, in the plural." }),
    description: text(/^\S[\s\S]{0,1049}$/, "a text of 1 to 1050 characters")
      .optional()
      .meta({ description: "What the objective promises to whom." }),
    examples: z
      .strictObject({ good: exampleSeries(), bad: exampleSeries(), always: exampleSeries().optional() })
      .optional()
      .meta({
        description:
          "Series that one good and one bad event add to. From them promtool cases are made that prove the alerts. Those under always are there before any event.",
      }),
  };
}

/** What counts as an event where a team's own queries say it, beside what every objective has. */
const customObjective = z.union(
  [
    z.strictObject({
      ...customSettings(),
      errors: windowedQuery().meta({ description: "Events that went wrong." }),
      total: windowedQuery().meta({ description: "All events." }),
    }),
    z.strictObject({
      ...customSettings(),
      good: windowedQuery().meta({ description: "Events that went well." }),
      total: windowedQuery().meta({ description: "All events." }),
    }),
    z.strictObject({
      ...customSettings(),
      errorRatio: windowedQuery().meta({
        description:
          "Share of errors from 0 to 1, where no counts are to be had. Weighs seconds and not events.",
      }),
    }),
  ],
  { error: "a map of percent and either errors and total, or good and total, or errorRatio" },
);

/** The objectives of a service, everywhere or in an environment. */
export const objectives = z.strictObject({
  availability: share("requests that must go well")
    .optional()
    .meta({ description: "Requests that are not the server's failure." }),
  latency: latency.optional().meta({ description: "Requests that are answered quickly enough." }),
  success: share("messages or jobs that must go well")
    .optional()
    .meta({ description: "Messages or jobs of a worker that do not fail." }),
  freshness: freshness.optional().meta({ description: "A batch job or a worker that is not overdue." }),
  backlog: backlog.optional().meta({ description: "A worker that keeps up." }),
  probes: share("probes that must succeed").optional().meta({ description: "Probes that succeed." }),
  custom: named(dnsLabel(), customObjective)
    .prefault({})
    .meta({ description: "Objectives that are measured by the team's own queries, by their name." }),
});

/** The objectives of a service, with every default but those by tier filled in. */
export type Objectives = Readonly<z.output<typeof objectives>>;
export type CustomObjective = Readonly<z.output<typeof customObjective>>;
