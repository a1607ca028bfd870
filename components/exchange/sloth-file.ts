import { z } from "zod";

// Sloth's own format, version prometheus/v1, as its Go types read it. Fields of later versions and misspelt ones pass: they
// are lost by name, which tells more than a refusal.

/** Sloth reads any scalar as the text of a label. */
const words = () =>
  z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean()], { error: "a text" }).transform(String),
    { error: "a map from a name to a text" },
  );

const filledText = (allowed: string) => z.string({ error: allowed }).min(1, { error: allowed });

const alert = z.looseObject({
  disable: z.boolean({ error: "true or false" }).optional(),
  labels: words().nullish(),
  annotations: words().nullish(),
});

const slo = z.looseObject({
  name: filledText("the name of the objective"),
  description: z.string({ error: "a text" }).optional(),
  objective: z.number({ error: "a percentage above 0 and up to 100" }).gt(0).lte(100),
  labels: words().nullish(),
  infoLabels: words().nullish(),
  sli: z.looseObject({
    raw: z.looseObject({ error_ratio_query: filledText("a PromQL query") }).optional(),
    events: z
      .looseObject({ error_query: filledText("a PromQL query"), total_query: filledText("a PromQL query") })
      .optional(),
    plugin: z.looseObject({ id: filledText("the id of a plugin"), options: words().nullish() }).optional(),
  }),
  alerting: z
    .looseObject({
      name: z.string({ error: "the name of the alerts" }).optional(),
      labels: words().nullish(),
      annotations: words().nullish(),
      page_alert: alert.nullish(),
      ticket_alert: alert.nullish(),
    })
    .nullish(),
});

export const SLOTH_VERSION = "prometheus/v1";

/** A document of Sloth. */
export const slothFile = z.looseObject({
  version: z.literal(SLOTH_VERSION),
  service: filledText("the name of the service"),
  labels: words().nullish(),
  slos: z.array(slo, { error: "a list of objectives" }).min(1, { error: "at least one objective" }),
});

type SlothFile = z.output<typeof slothFile>;
export type SlothSlo = SlothFile["slos"][number];
