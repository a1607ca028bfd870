import { z } from "zod";
import { InvalidInputError } from "../../components/core/problems.ts";
import { platformHandover } from "../../components/platform/model.ts";
import { defineService, serviceSchema } from "../../components/service/model.ts";
import { environmentSchema } from "../../stacks/environment.ts";
import { WRONG_DEFINITIONS } from "../components/service/wrong-definitions.ts";

// The pages of docs/reference, from the schemas that check what people write: `node --import tsx test/docs/generate.ts` writes them, and a
// test holds them in step.

interface Field {
  readonly path: string;
  readonly allowed: string;
  readonly fallback: string;
  readonly description: string;
}

/** Every page by its path in the repository. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    "docs/reference/service.md": page(
      "The definition of a service",
      "What `defineService` takes. A field without a default must be written.",
      table(fieldsOf(serviceSchema, "")),
    ),
    "docs/reference/environment.md": page(
      "An environment",
      "What stands under `bellwether:environment` in `stacks/Pulumi.<environment>.yaml`. The tier sets what has no default here: `stacks/tiers.ts`.",
      table(fieldsOf(environmentSchema, "")),
    ),
    "docs/reference/platform.md": page(
      "What a platform hands over",
      "The output `bellwether` of a platform's stack, which `Platform.fromStack` reads and checks.",
      table(fieldsOf(platformHandover, "")),
    ),
    "docs/reference/mistakes.md": page(
      "Mistakes in a definition, and what is said of each",
      "All mistakes of a definition are told at once, each with its field, what was found, what is allowed and what to do.",
      WRONG_DEFINITIONS.map(({ mistake, definition }) =>
        [`## ${mistake[0]?.toUpperCase()}${mistake.slice(1)}`, "```text", refusalOf(definition), "```"].join(
          "\n",
        ),
      ).join("\n\n"),
    ),
  };
}

/** The message that a definition gets; empty where it is taken. */
export function refusalOf(definition: unknown): string {
  try {
    defineService(definition as never);
    return "";
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  }
}

function page(title: string, introduction: string, body: string): string {
  return `# ${title}\n\n<!-- Generated from the schemas by test/docs/generate.ts. -->\n\n${introduction}\n\n${body}\n`;
}

function table(fields: readonly Field[]): string {
  const rows = fields.map(({ path, allowed, fallback, description }) =>
    `| ${[`\`${path}\``, allowed, fallback, description].map(cell).join(" | ")} |`.replace(/ {2}\|/g, " |"),
  );
  return ["| field | allowed | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}

/** A schema's fields, those inside of it after it. */
function fieldsOf(schema: z.ZodType, path: string): Field[] {
  const { inner } = unwrapped(schema);
  if (inner instanceof z.ZodObject)
    return Object.entries(inner.shape as Readonly<Record<string, z.ZodType>>).flatMap(([name, field]) =>
      fieldAndBelow(field, path === "" ? name : `${path}.${name}`),
    );
  if (inner instanceof z.ZodRecord) return fieldsOf(inner.valueType as z.ZodType, `${path}.<name>`);
  if (inner instanceof z.ZodArray) return fieldsOf(inner.element as z.ZodType, `${path}[]`);
  if (inner instanceof z.ZodUnion) {
    const seen = new Map<string, Field>();
    for (const option of inner.options as readonly z.ZodType[])
      for (const field of fieldsOf(option, path)) {
        const before = seen.get(field.path);
        const allowed = [...new Set([before?.allowed, field.allowed].filter(Boolean))].join(", or ");
        seen.set(field.path, { ...field, ...before, allowed });
      }
    return [...seen.values()];
  }
  return [];
}

function fieldAndBelow(schema: z.ZodType, path: string): Field[] {
  const { inner, fallback, description } = unwrapped(schema);
  return [
    {
      path,
      allowed: allowedBy(inner),
      fallback: fallback ?? "",
      description: description ?? "",
    },
    ...fieldsOf(inner, path),
  ];
}

interface Unwrapped {
  readonly inner: z.ZodType;
  readonly fallback?: string;
  readonly description?: string;
}

/** What is inside of optional, default and the like, with what they say. */
function unwrapped(schema: z.ZodType, fallback?: string): Unwrapped {
  const description = schema.meta()?.description;
  const found = (inner: Unwrapped): Unwrapped => ({
    ...inner,
    ...(description === undefined ? {} : { description }),
  });
  if (schema instanceof z.ZodOptional)
    return found(unwrapped(schema.unwrap() as z.ZodType, fallback ?? "none"));
  if (schema instanceof z.ZodDefault) {
    const value = JSON.stringify(schema.def.defaultValue);
    return found(unwrapped(schema.unwrap() as z.ZodType, fallback ?? `\`${value}\``));
  }
  if (schema instanceof z.ZodPrefault)
    return found(unwrapped(schema.unwrap() as z.ZodType, fallback ?? "none"));
  if (schema instanceof z.ZodReadonly) return found(unwrapped(schema.unwrap() as z.ZodType, fallback));
  return found({ inner: schema, ...(fallback === undefined ? {} : { fallback }) });
}

/** In the words in which a mistake would be told. */
function allowedBy(schema: z.ZodType): string {
  if (schema instanceof z.ZodObject) return "a map of its fields";
  if (schema instanceof z.ZodLiteral)
    return [...schema.values].map((value) => `\`${String(value)}\``).join(", ");
  const issue = schema.safeParse(Symbol("nothing that anybody writes")).error?.issues[0];
  if (schema instanceof z.ZodArray)
    return `${issue?.message}, each ${allowedBy(schema.element as z.ZodType)}`;
  if (issue?.code === "invalid_union" && /^Invalid/.test(issue.message)) return "one of several maps";
  return issue?.message ?? "anything";
}
