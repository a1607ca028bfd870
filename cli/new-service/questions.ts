import { z } from "zod";
import { shown } from "../../components/core/problems.ts";
import { SERVICE_TIERS, serviceSchema } from "../../components/service/model.ts";

/** One thing that a definition needs to say. */
export interface Question {
  /** The flag that answers it: `owner`, or `set port=` for a field of the kind. */
  readonly field: string;
  readonly text: string;
  /** The answers that there are, where they can be listed. */
  readonly choices?: readonly string[];
  /** What is taken where nothing is answered. */
  readonly fallback?: string;
  /** What is allowed, where the answer is not. */
  readonly mistake: (answer: string) => string | undefined;
}

/** What a service can be measured as: the fields of a definition that describe one way of being scraped or probed each. */
export const KINDS: readonly string[] = Object.entries(serviceSchema.shape)
  .filter(([, schema]) => schema instanceof z.ZodOptional && objectIn(schema) !== undefined)
  .map(([kind]) => kind);

/** What every definition says. */
export function commonQuestions(teams: readonly string[], taken: readonly string[]): readonly Question[] {
  const { name, owner, tier, description, namespace } = serviceSchema.shape;
  return [
    {
      field: "name",
      text: "Name of the service, the value of its label `service`",
      mistake: (answer) =>
        taken.includes(answer)
          ? `a name that no other service has: ${shown(answer)} is taken`
          : mistakeOf(name, answer),
    },
    {
      field: "owner",
      text: "Team that owns it and is told",
      ...(teams.length > 0 && { choices: teams }),
      mistake: (answer) =>
        teams.length > 0 && !teams.includes(answer)
          ? `one of the teams ${teams.join(", ")}`
          : mistakeOf(owner, answer),
    },
    {
      field: "tier",
      text: "How much its failure matters",
      choices: SERVICE_TIERS,
      fallback: "standard",
      mistake: (answer) => mistakeOf(tier, answer),
    },
    {
      field: "description",
      text: "What it does, in one line",
      mistake: (answer) => mistakeOf(description, answer),
    },
    {
      field: "namespace",
      text: "Namespace that it runs in",
      mistake: (answer) => mistakeOf(namespace, answer),
    },
    {
      field: "kind",
      text: "What it is measured as",
      choices: KINDS,
      fallback: KINDS[0] ?? "http",
      mistake: (answer) => (KINDS.includes(answer) ? undefined : `one of ${KINDS.join(", ")}`),
    },
  ];
}

/** What a kind has to say and has no default for. */
export function kindQuestions(kind: string): readonly Question[] {
  const schema = (serviceSchema.shape as Readonly<Record<string, z.ZodType>>)[kind];
  const shape = schema === undefined ? {} : (objectIn(schema)?.shape ?? {});
  return Object.entries(shape as Readonly<Record<string, z.ZodType>>)
    .filter(([, field]) => !field.safeParse(undefined).success)
    .map(([field, fieldSchema]) => {
      const choices = fieldSchema instanceof z.ZodEnum ? fieldSchema.options.map(String) : undefined;
      return {
        field,
        text: firstSentence(fieldSchema.meta()?.description ?? field),
        ...(choices && { choices }),
        mistake: (answer: string) => mistakeOf(fieldSchema, answer),
      };
    });
}

function objectIn(schema: z.ZodType): z.ZodObject | undefined {
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  return inner instanceof z.ZodObject ? inner : undefined;
}

function mistakeOf(schema: z.ZodType, answer: string): string | undefined {
  return schema.safeParse(answer).error?.issues[0]?.message;
}

function firstSentence(text: string): string {
  return text.split(/\.\s/)[0]?.replace(/\.$/, "") ?? text;
}
