import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../components/core/problems.ts";
import { defineService } from "../../components/service/model.ts";
import { WRONG_DEFINITIONS } from "../components/service/wrong-definitions.ts";
import { referencePages } from "../generated/reference-pages.ts";

describe("the reference", () => {
  const rows = (page: string) =>
    (referencePages()[page] ?? "")
      .split("\n")
      .flatMap((line) => (/^\| `/.test(line) ? [line.split(/(?<!\\)\|/).map((text) => text.trim())] : []));

  it.each(["docs/reference/service.md", "docs/reference/environment.md", "docs/reference/platform.md"])(
    "%s says of every field what is allowed, in no words of the schema's library",
    (page) => {
      expect(rows(page).length).toBeGreaterThan(10);
      for (const [, path = "", allowed = ""] of rows(page))
        expect(allowed, path).not.toMatch(/^$|Invalid|expected|received|several maps/);
    },
  );

  it("lists the kinds of a union with the fields of each", () => {
    const allowed = new Map(
      rows("docs/reference/environment.md").map(([, path, text]) => [path, text] as const),
    );
    expect(allowed.get("`cluster.endpoint`")).toBe(
      "`access: private` with `networks`, or `access: public` with `networks`, `allowedCidrs`",
    );
    expect(allowed.get("`cluster`")).toMatch(
      /^`kind: eks` with `version`, .*, or `kind: existing` with `name`, /,
    );
  });

  it("writes an angle bracket as it is inside of a code span, and escapes it outside", () => {
    for (const [path, text] of Object.entries(referencePages())) {
      const tables = text.replaceAll(/^```.*?^```/gms, "");
      const spans = [...tables.matchAll(/`[^`\n]*`/g)].map(([span]) => span);
      expect(
        spans.filter((span) => span.includes("&lt;")),
        path,
      ).toEqual([]);
      expect(tables.replaceAll(/`[^`\n]*`/g, "").match(/<(?!!--)/g), path).toBeNull();
    }
    expect(rows("docs/reference/environment.md").map(([, path]) => path)).toContain(
      "`alertmanager.teams.<name>.critical`",
    );
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
