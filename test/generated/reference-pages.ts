import { z } from "zod";
import { InvalidInputError } from "../../components/core/problems.ts";
import { platformHandover } from "../../components/platform/model.ts";
import { defineService, serviceSchema } from "../../components/service/model.ts";
import { environmentSchema } from "../../stacks/environment.ts";
import { WRONG_DEFINITIONS } from "../components/service/wrong-definitions.ts";

// The pages of docs/reference, from the schemas.

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
      "The argument of `defineService`. A field without a default is required.",
      table(fieldsOf(serviceSchema, "")),
    ),
    "docs/reference/environment.md": page(
      "An environment",
      "The value of `bellwether:environment` in `stacks/Pulumi.<environment>.yaml`. If a field has no default here, its default is that of the tier (`stacks/tiers.ts`), or the field is required.",
      table(fieldsOf(environmentSchema, "")),
    ),
    "docs/reference/platform.md": page(
      "The output of a platform",
      "The stack output `bellwether` of a platform. `Platform.fromStack` reads and checks it.",
      table(fieldsOf(platformHandover, "")),
    ),
    "docs/reference/mistakes.md": page(
      "Error messages for mistakes in a definition",
      "One error lists all mistakes of a definition, each with the path of the field, the value that was found, what is allowed and the fix.",
      WRONG_DEFINITIONS.map(({ mistake, definition }) =>
        [
          `## ${mistake[0]?.toUpperCase()}${mistake.slice(1)}`,
          "",
          "```text",
          refusalOf(definition),
          "```",
        ].join("\n"),
      ).join("\n\n"),
    ),
  };
}

/** The error message for a definition; empty if the definition is valid. */
function refusalOf(definition: unknown): string {
  try {
    defineService(definition as never);
    return "";
  } catch (error) {
    if (error instanceof InvalidInputError)
      return error.message.replace(
        /^defineService in \S+(?=: )/,
        "defineService in stacks/services/shop.ts:4:27",
      );
    throw error;
  }
}

function page(title: string, introduction: string, body: string): string {
  return `# ${title}\n\n<!-- Generated from the schemas by npm run generate. -->\n\n${introduction}\n\n${body}\n`;
}

function table(fields: readonly Field[]): string {
  const rows = fields.map(({ path, allowed, fallback, description }) =>
    `| ${[`\`${path}\``, allowed, fallback, description].map(cell).join(" | ")} |`.replace(/ {2}\|/g, " |"),
  );
  return ["| field | allowed | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** A bar ends a cell everywhere, and an angle bracket begins a tag outside of code spans. */
function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll("\n", " ")
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replaceAll("<", "&lt;")))
    .join("");
}

/** The fields of a schema, each followed by the fields inside it. */
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
        const either = (name: "allowed" | "fallback") => {
          const so = before?.[name] ?? "";
          return so.includes(field[name]) ? so : [so, field[name]].filter(Boolean).join(", or ");
        };
        seen.set(field.path, {
          ...field,
          ...before,
          allowed: either("allowed"),
          fallback: either("fallback"),
        });
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

/** The schema inside optional, default and similar wrappers, with the default and the description of these. */
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

/** In the words of an error message. */
function allowedBy(schema: z.ZodType): string {
  if (schema instanceof z.ZodObject) return "a map of its fields";
  if (schema instanceof z.ZodDiscriminatedUnion) return kindsOf(schema);
  if (schema instanceof z.ZodLiteral)
    return [...schema.values].map((value) => `\`${String(value)}\``).join(", ");
  if (schema instanceof z.ZodRecord && schema.valueType instanceof z.ZodDiscriminatedUnion)
    return `a map from a name to ${kindsOf(schema.valueType)}`;
  const issue = schema.safeParse(Symbol("no valid value")).error?.issues[0];
  if (schema instanceof z.ZodArray)
    return `${issue?.message}, each ${allowedBy(schema.element as z.ZodType)}`;
  if (schema instanceof z.ZodUnion && issue?.message.startsWith("Invalid"))
    throw new Error("a union has neither a discriminator nor a message that says what is allowed");
  return issue?.message ?? "anything";
}

/** The kinds of a union, each with its other fields: "`kind: eks` with `version`, `logs`, or `kind: existing` with …". */
function kindsOf(union: z.ZodDiscriminatedUnion): string {
  const { discriminator } = union.def;
  return (union.options as readonly z.ZodObject[])
    .map(({ shape }) => {
      const kinds = [...(shape[discriminator] as z.ZodLiteral).values].map(
        (value) => `\`${discriminator}: ${value}\``,
      );
      const fields = Object.keys(shape).filter((name) => name !== discriminator);
      const others = fields.length === 0 ? "" : ` with ${fields.map((name) => `\`${name}\``).join(", ")}`;
      return `${kinds.join(" or ")}${others}`;
    })
    .join(", or ");
}
