import { z } from "zod";
import {
  AREAS,
  type Area,
  GATES,
  type Gate,
  type GroupedChange,
  gateOf,
  KINDS,
  type Kind,
} from "./change.ts";
import { withoutSecretForms } from "./hidden.ts";
import { type Replay, replaySchema } from "./replay/result.ts";

const location = z
  .strictObject({
    file: z.string().meta({ description: "From the root of the repository." }),
    line: z.number().int().min(1),
  })
  .meta({ description: "The line that the change most likely comes from." });

const change = z.strictObject({
  kind: z.enum(Object.keys(KINDS) as [Kind, ...Kind[]]),
  area: z.enum(Object.keys(AREAS) as [Area, ...Area[]]),
  risk: z.number().int().min(0).max(100).meta({ description: "Orders changes; the riskiest has the most." }),
  gate: z.enum(GATES).nullable().meta({ description: "The value of --fail-on that this change fails." }),
  about: z.array(z.string()).min(1).meta({ description: "Everything that changes in this way." }),
  what: z.string().meta({ description: "What happens to it, as the rest of a sentence." }),
  environments: z.array(z.string()).min(1),
  details: z.array(
    z.strictObject({
      label: z.string(),
      before: z.string().nullable().meta({ description: "Null: there was none." }),
      after: z.string().nullable().meta({ description: "Null: there is none any more." }),
    }),
  ),
  location: location.nullable(),
});

const reminder = z.strictObject({
  policy: z.string(),
  resource: z.string().nullable().meta({ description: "Null: the stack." }),
  environment: z.string(),
  owner: z.string(),
  expires: z.string().meta({ description: "The last day, as YYYY-MM-DD." }),
  task: z.enum(["ends", "expired", "unused"]).meta({
    description:
      "ends: within two weeks; expired: what it allowed stops the deployment; unused: it is about no finding.",
  }),
  location: location.nullable().meta({ description: "The line of the waiver." }),
});

/** What `review.json` says: published as docs/reference/review.schema.json. */
const reviewSchema = z.strictObject({
  format: z.literal(1).meta({ description: "Rises if a field changes its meaning or goes." }),
  base: z.string().meta({ description: "What was compared with, as it was given." }),
  environments: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(["compared", "added", "removed", "not-comparable", "mistaken"]),
      problem: z.string().nullable().meta({ description: "Why it could not be compared." }),
    }),
  ),
  failed: z.array(z.enum(GATES)).meta({ description: "What --fail-on was given and some change fails." }),
  changes: z.array(change).meta({ description: "The riskiest first." }),
  reminders: z.array(reminder).meta({
    description: "Waivers that end within two weeks, have ended or are not used, the first day first.",
  }),
  replays: z.array(replaySchema).meta({ description: "One for each environment with --prometheus." }),
});

/** What a change means for every environment. */
export type Review = z.output<typeof reviewSchema>;
export type ReviewedChange = Review["changes"][number];

/** A waiver that somebody must do something about. */
export type Reminder = Omit<Review["reminders"][number], "location">;

/** A line in the repository; null: there is none. */
export type Location = ReviewedChange["location"];

/** A review of changes that were compared and grouped. */
export function reviewOf(
  base: string,
  compared: {
    readonly environments: Review["environments"];
    readonly changes: readonly GroupedChange[];
    readonly reminders?: readonly Reminder[];
  },
  failOn: readonly Gate[],
  locate: (change: GroupedChange) => Location,
  replays: readonly Replay[] = [],
  locateWaiver: (reminder: Reminder) => Location = () => null,
): Review {
  const reviewed = compared.changes.map((each): ReviewedChange => {
    const { kind, abouts, what, environments: where, details } = each;
    const { area, risk } = KINDS[kind];
    return {
      kind,
      area,
      risk,
      gate: gateOf(kind) ?? null,
      about: abouts.map(withoutSecretForms),
      what: withoutSecretForms(what),
      environments: [...where],
      details: details.map(({ label, before, after }) => ({
        label: withoutSecretForms(label),
        before: before === undefined ? null : withoutSecretForms(before),
        after: after === undefined ? null : withoutSecretForms(after),
      })),
      location: locate(each),
    };
  });
  const hit = new Set(reviewed.flatMap(({ gate }) => gate ?? []));
  return {
    format: 1,
    base,
    environments: compared.environments.map(({ problem, ...environment }) => ({
      ...environment,
      problem: problem === null ? null : withoutSecretForms(problem),
    })),
    failed: failOn.filter((gate) => hit.has(gate)),
    changes: reviewed,
    reminders: (compared.reminders ?? []).map((each) => ({ ...each, location: locateWaiver(each) })),
    replays: JSON.parse(JSON.stringify(replays), (_, value: unknown) =>
      typeof value === "string" ? withoutSecretForms(value) : value,
    ) as Review["replays"],
  };
}

/** The JSON Schema of `review.json`. */
export function reviewJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(reviewSchema);
  return {
    $schema,
    title: "A review of Bellwether",
    description: "Generated by `npm run generate` from cli/review/review.ts. Do not edit.",
    ...schema,
  };
}
