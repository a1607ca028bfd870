import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../components/core/problems.ts";
import { defineService } from "../../components/service/model.ts";
import { WRONG_DEFINITIONS } from "../components/service/wrong-definitions.ts";
import { referencePages } from "./reference.ts";

describe("the reference", () => {
  it.each(Object.entries(referencePages()))(
    "%s is what the schemas say: npm run reference writes it",
    (path, text) => {
      expect(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).toBe(text);
    },
  );

  it("says of every field of a definition what is allowed and what it means", () => {
    const rows = (referencePages()["docs/reference/service.md"] ?? "")
      .split("\n")
      .filter((line) => /^\| `/.test(line));
    expect(rows.length).toBeGreaterThan(25);
    for (const row of rows) {
      const [, path = "", allowed = ""] = row.split(/(?<!\\)\|/).map((text) => text.trim());
      expect(allowed, path).not.toMatch(/^$|Invalid|expected/);
    }
  });
});

describe("a wrong definition", () => {
  it("is one of twenty and more", () => {
    expect(WRONG_DEFINITIONS.length).toBeGreaterThanOrEqual(20);
  });

  it.each(WRONG_DEFINITIONS)(
    "with $mistake gets one message, at the field, with a fix",
    ({ definition, path }) => {
      let problems: InvalidInputError["problems"] = [];
      try {
        defineService(definition as never);
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        problems = error.problems;
      }
      expect(problems.map((problem) => problem.path)).toEqual([path]);
      const [problem] = problems;
      for (const part of [problem?.found, problem?.allowed, problem?.fix]) expect(part).toMatch(/^\S/);
      // Words of the schema's library, of YAML or of a programmer are no words for a service team.
      expect(JSON.stringify(problem)).not.toMatch(/invalid_|expected|received|undefined|NaN|YAML|Zod|regex/i);
    },
  );
});
