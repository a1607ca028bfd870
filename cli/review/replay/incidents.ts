import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { InvalidInputError, joinPath, type Problem, shown } from "../../../components/core/problems.ts";

/** What happened, as the file of `--incidents` lists it. */
export interface Incident {
  readonly name: string;
  /** In Unix seconds. */
  readonly start: number;
  readonly end: number;
  readonly environment: string;
  /** Empty: any alert tells of it. */
  readonly services: readonly string[];
}

const moment = z.iso.datetime({ offset: true });
const schema = z.array(
  z.strictObject({
    name: z.string().min(1),
    start: moment,
    end: moment,
    environment: z.string().min(1),
    services: z.array(z.string().min(1)).default([]),
  }),
);

const ALLOWED: Readonly<Record<string, string>> = {
  name: "a text",
  start: "a moment such as 2026-11-03T02:10:00Z",
  end: "a moment such as 2026-11-03T02:50:00Z, after start",
  environment: "the name of an environment",
  services: "names of services",
};

/** Reads a list of incidents. Throws an InvalidInputError with every mistake. */
export function readIncidents(file: string): readonly Incident[] {
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InvalidInputError(file, [
      {
        path: "--incidents",
        found: (error as Error).message.split("\n")[0] ?? "",
        allowed: "a YAML file with a list of incidents",
        fix: "correct it",
      },
    ]);
  }
  const read = schema.safeParse(content ?? []);
  const problems: Problem[] = (read.error?.issues ?? []).map(({ path, code, ...issue }) => {
    const field = String(path.findLast((part) => typeof part === "string") ?? "");
    const keys = code === "unrecognized_keys" && "keys" in issue ? (issue.keys as readonly string[]) : [];
    return {
      path: joinPath("incidents", path),
      found: keys.length > 0 ? `the fields ${keys.join(", ")}` : shown(at(content, path)),
      allowed: ALLOWED[field] ?? "a list of maps with name, start, end, environment and services",
      fix: keys.length > 0 ? "remove them" : "correct it",
    };
  });
  const incidents = (read.data ?? []).map(({ start, end, ...rest }) => ({
    ...rest,
    start: Date.parse(start) / 1000,
    end: Date.parse(end) / 1000,
  }));
  for (const [index, { start, end }] of incidents.entries())
    if (end <= start)
      problems.push({
        path: `incidents[${index}].end`,
        found: "a moment that is not after start",
        allowed: ALLOWED["end"] ?? "",
        fix: "correct one of them",
      });
  if (problems.length > 0) throw new InvalidInputError(file, problems);
  return incidents;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
}
