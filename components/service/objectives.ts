import { z } from "zod";
import { dnsLabel, durationBetween, integer, list, named, text, toggle } from "../core/schema.ts";
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
    error: 'a percentage in quotes such as "99.9", or a map of percent, period, minimumErrors and page',
  });
}

/** Whether a person is called at night. */
const page = () =>
  toggle().optional().meta({
    description: "false: a fast burn opens a ticket and does not page. Default: page of the service.",
  });

/** What every objective may say beside what it measures. */
function settings(events: string) {
  return {
    percent: objectivePercent()
      .optional()
      .meta({ description: `Percentage of ${events}. Default: by the tier of the service.` }),
    period: objectivePeriod().default(DEFAULT_PERIOD).meta({
      description: "Period of the error budget. month: a calendar month in UTC; the others are rolling.",
    }),
    minimumErrors: errorFloor().optional().meta({
      description:
        "Minimum number of failed events in the long window of an alert. Below it no burn rate alert fires. Default: 5, or 3 if each scrape is an event.",
    }),
    page: page(),
  };
}

const latency = z.strictObject({
  threshold: requestDuration().meta({
    description:
      "Longest duration that is good. With a classic histogram it must be the upper bound of a bucket.",
  }),
  ...settings("requests that must take at most the threshold"),
});

const freshness = z.strictObject({
  maxAge: durationBetween("1m", "90d").meta({
    description: "Maximum time since the last success, or maximum age of the oldest message.",
  }),
  ...settings("scrapes in which it must not be overdue"),
});

const backlog = z.strictObject({
  max: integer(0, 1_000_000_000).meta({ description: "Maximum number of waiting messages." }),
  ...settings("scrapes in which at most max messages wait"),
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
    percent: objectivePercent().meta({ description: "Percentage of events that must succeed." }),
    period: objectivePeriod().default(DEFAULT_PERIOD).meta({
      description: "Period of the error budget. month: a calendar month in UTC; the others are rolling.",
    }),
    minimumErrors: errorFloor().default(DEFAULT_MINIMUM_ERRORS).meta({
      description:
        "Minimum number of errors in the long window of an alert. Below it no burn rate alert fires.",
    }),
    page: page(),
    unit: text(
      /^[a-z][a-z -]{1,39}$/,
      "the name of the counted events, as a plural of 2 to 40 lower-case letters",
    )
      .default(DEFAULT_UNIT)
      .meta({ description: "Name of the counted events, in the plural." }),
    description: text(/^\S[\s\S]{0,1049}$/, "a text of 1 to 1050 characters")
      .optional()
      .meta({ description: "Description of the objective." }),
    examples: z
      .strictObject({ good: exampleSeries(), bad: exampleSeries(), always: exampleSeries().optional() })
      .optional()
      .meta({
        description:
          "Series that one good and one bad event increase, for the promtool tests of the alerts. always: series that exist before the first event.",
      }),
  };
}

/** What counts as an event where a team's own queries say it, beside what every objective has. */
const customObjective = z.union(
  [
    z.strictObject({
      ...customSettings(),
      errors: windowedQuery().meta({ description: "Query for failed events." }),
      total: windowedQuery().meta({ description: "Query for all events." }),
    }),
    z.strictObject({
      ...customSettings(),
      good: windowedQuery().meta({ description: "Query for successful events." }),
      total: windowedQuery().meta({ description: "Query for all events." }),
    }),
    z.strictObject({
      ...customSettings(),
      errorRatio: windowedQuery().meta({
        description:
          "Query for the error ratio from 0 to 1, if no counts are available. It is averaged over time, not over events.",
      }),
    }),
  ],
  { error: "a map of percent and either errors and total, or good and total, or errorRatio" },
);

/** The objectives of a service, everywhere or in an environment. */
export const objectives = z.strictObject({
  availability: share("requests that must succeed")
    .optional()
    .meta({ description: "Requests that do not fail with a server error." }),
  latency: latency.optional().meta({ description: "Requests that take at most the threshold." }),
  success: share("messages or jobs that must succeed")
    .optional()
    .meta({ description: "Messages or jobs of a worker that do not fail." }),
  freshness: freshness
    .optional()
    .meta({ description: "Scrapes in which a batch job or a worker is not overdue." }),
  backlog: backlog.optional().meta({ description: "Scrapes in which at most max messages wait." }),
  probes: share("probes that must succeed").optional().meta({ description: "Probes that succeed." }),
  custom: named(dnsLabel(), customObjective)
    .prefault({})
    .meta({ description: "Objectives with your own queries, by name." }),
});

/** The objectives of a service, with every default but those by tier filled in. */
export type Objectives = Readonly<z.output<typeof objectives>>;
export type CustomObjective = Readonly<z.output<typeof customObjective>>;
