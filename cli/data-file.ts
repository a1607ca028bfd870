import { readFileSync } from "node:fs";
import type { z } from "zod";
import { shownPath } from "../components/core/call-site.ts";
import { InvalidInputError, type Problem } from "../components/core/problems.ts";
import { validate } from "../components/core/validation.ts";
import { type KindOfFile, located, parseYaml } from "../components/core/yaml.ts";

/**
 * Reads a YAML file of data that people write. `more` finds what no schema can. Throws an InvalidInputError that lists every mistake in it,
 * with its line, or says why it cannot be read.
 */
export function readDataFile<T>(
  path: string,
  schema: z.ZodType<T>,
  kind: KindOfFile,
  more: (value: T) => readonly Problem[] = () => [],
): T {
  const name = shownPath(path);
  const parsed = parseYaml(textOf(path, name, kind), name, kind);
  if (!parsed.ok) throw new InvalidInputError(name, parsed.problems);
  const validated = validate(schema, parsed.value.value, "");
  const problems = validated.ok ? more(validated.value) : validated.problems;
  if (validated.ok && problems.length === 0) return validated.value;
  throw new InvalidInputError(
    name,
    problems.map((problem) => located(problem, parsed.value)),
  );
}

function textOf(path: string, name: string, { holds }: KindOfFile): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new InvalidInputError(name, [
      {
        path: name,
        found: `no file that can be read (${(error as NodeJS.ErrnoException).code})`,
        allowed: holds,
        fix: "correct the path",
      },
    ]);
  }
}
