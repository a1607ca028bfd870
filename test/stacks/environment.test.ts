import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { joinPath, type Problem } from "../../components/core/problems.ts";
import { environmentSchema, type Tier } from "../../stacks/environment.ts";
import { resolveEnvironment } from "../../stacks/resolve.ts";
import { defaultsOf, withDefaults } from "../../stacks/tiers.ts";
import {
  allFields,
  changed,
  type Field,
  fieldsOf,
  misspelt,
  outOfRange,
  replacedBy,
  without,
  wrongTypes,
} from "./fields.ts";
import { STACKS, samples, stackFile } from "./samples.ts";
import { SURROUNDINGS } from "./store-samples.ts";

const TODAY = "2026-11-23";

function problems(raw: unknown, stack: string): readonly Problem[] {
  const result = resolveEnvironment(raw, { stack, today: TODAY, ...SURROUNDINGS });
  return result.ok ? [] : result.problems;
}

function complete(raw: Record<string, unknown>): unknown {
  return withDefaults(defaultsOf(raw["tier"] as Tier, raw), raw);
}

// Every field of the schema once, in the first sample that uses it, with its stack.
const fields = Object.entries(samples()).flatMap(([stack, raw]) =>
  fieldsOf(environmentSchema, complete(raw)).map((field) => ({ stack, raw, ...field })),
);
type Case = Field & { readonly stack: string; readonly raw: Record<string, unknown> };
const once: Case[] = [
  ...new Map(fields.toReversed().map((field) => [schemaPath(field), field])).values(),
].reverse();

/** The path with the user's own names and indices left out, so that one field is one case. */
function schemaPath({ path, raw }: Case): string {
  const { kind } = (complete(raw) as { readonly cluster: { readonly kind: string } }).cluster;
  return `${kind} ${path.map((key) => (typeof key === "number" ? "[]" : key)).join(".")}`;
}

function at({ path }: Field): string {
  return joinPath("environment", path);
}

/** A problem says so if it stands at the field, or names the field where it stands. */
function blames(found: readonly Problem[], field: Field, path = at(field)): boolean {
  return found.some(
    (problem) =>
      problem.path === path || problem.path.startsWith(`${path}.`) || problem.path.startsWith(`${path}[`),
  );
}

describe("the environments of this repository", () => {
  it.each(STACKS)("%s is right", (stack) => {
    expect(problems(stackFile(stack), stack)).toEqual([]);
  });

  it.each(Object.keys(samples()))("the sample %s is right", (stack) => {
    expect(problems(samples()[stack], stack)).toEqual([]);
  });

  it.each(STACKS)("%s names the JSON Schema in its first line", (stack) => {
    const text = readFileSync(new URL(`../../stacks/Pulumi.${stack}.yaml`, import.meta.url), "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./environment.schema.json");
  });
});

describe("the samples", () => {
  it("use every field of the schema", () => {
    const used = new Set(fields.map(({ schema }) => schema));
    expect(
      allFields(environmentSchema)
        .filter(({ schema }) => !used.has(schema))
        .map(({ path }) => path),
    ).toEqual([]);
  });
});

describe("a field of the schema", () => {
  it("is tested in its hundreds of ways", () => {
    expect(once.length).toBeGreaterThan(120);
  });

  it.each(once.map((field) => [at(field), field] as const))(
    "%s, when missing, takes its default or is asked for",
    (_, field) => {
      const found = problems(changed(field.raw, field.path, without), field.stack);
      const given = complete(changed(field.raw, field.path, without) as Record<string, unknown>);
      const hasDefault = environmentSchema.safeParse(given).success;
      // With its default an environment may still disagree with itself, but only about what stands beside the field.
      if (hasDefault && !field.named)
        expect(
          found.filter(({ path }) => !path.startsWith(at({ ...field, path: field.path.slice(0, -1) }))),
        ).toEqual([]);
      else if (hasDefault) expect(found.every(({ path }) => path.startsWith("environment."))).toBe(true);
      else
        expect(
          blames(found, field) || blames(found, field, at({ ...field, path: field.path.slice(0, -1) })),
        ).toBe(true);
    },
  );

  it.each(once.map((field) => [at(field), field] as const))(
    "%s refuses values of another type",
    (_, field) => {
      for (const value of wrongTypes(field)) {
        const found = problems(changed(field.raw, field.path, replacedBy(value)), field.stack);
        expect(blames(found, field), `${JSON.stringify(value)} gave ${JSON.stringify(found)}`).toBe(true);
      }
    },
  );

  it.each(once.filter((field) => outOfRange(field).length > 0).map((field) => [at(field), field] as const))(
    "%s refuses values out of range",
    (_, field) => {
      for (const value of outOfRange(field)) {
        const found = problems(changed(field.raw, field.path, replacedBy(value)), field.stack);
        expect(blames(found, field), `${JSON.stringify(value)} gave ${JSON.stringify(found)}`).toBe(true);
      }
    },
  );

  it.each(once.filter(({ named }) => !named).map((field) => [at(field), field] as const))(
    "%s, when misspelt, is named with the right spelling",
    (_, field) => {
      const tree = changed(changed(field.raw, field.path, replacedBy(field.value)), field.path, misspelt);
      const path = joinPath("environment", [...field.path.slice(0, -1), `${field.path.at(-1)}x`]);
      const problem = problems(tree, field.stack).find((candidate) => candidate.path === path);
      // Without its kind a map cannot be told what its other fields should be: then the kind itself is asked for.
      const discriminates = ["kind", "type", "access"].includes(String(field.path.at(-1)));
      if (discriminates && problem === undefined)
        expect(blames(problems(tree, field.stack), field)).toBe(true);
      else expect(problem?.fix).toBe(`rename it to ${field.path.at(-1)}`);
    },
  );
});
