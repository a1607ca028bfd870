import { describe, expect, it } from "vitest";
import { z } from "zod";
import { formatProblems, InvalidInputError, joinPath, shown } from "../../../components/core/problems.ts";
import {
  choice,
  cidrBlock,
  dnsLabel,
  durationBetween,
  integer,
  list,
  named,
  secretName,
  text,
} from "../../../components/core/schema.ts";
import { nearest, validate } from "../../../components/core/validation.ts";

const schema = z.strictObject({
  name: dnsLabel(),
  replicas: integer(1, 4),
  wait: durationBetween("30s", "1h"),
  block: cidrBlock(),
  level: choice(["low", "high"]),
  version: text(/^1\.\d{2}$/, "a minor version in quotes"),
  zones: list(dnsLabel(), 1, 2),
  token: secretName(),
  target: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("new"), size: integer(1, 9) }),
    z.strictObject({ kind: z.literal("old"), address: dnsLabel() }),
  ]),
  byName: named(dnsLabel(), z.strictObject({ level: choice(["low", "high"]) })),
});

const right = {
  name: "a",
  replicas: 1,
  wait: "5m",
  block: "10.0.0.0/16",
  level: "low",
  version: "1.35",
  zones: ["a"],
  token: "someToken",
  target: { kind: "new", size: 3 },
  byName: { one: { level: "high" } },
};

function problemsWith(change: Record<string, unknown>) {
  const result = validate(schema, { ...right, ...change }, "input");
  return result.ok ? [] : result.problems;
}

describe("validate", () => {
  it("returns what is right", () => {
    expect(validate(schema, right, "input")).toEqual({ ok: true, value: right });
  });

  it("reports every problem at once, each with its path", () => {
    expect(problemsWith({ name: "Ä", replicas: 9, zones: [] }).map(({ path }) => path)).toEqual([
      "input.name",
      "input.replicas",
      "input.zones",
    ]);
  });

  it("says which number would do", () => {
    expect(problemsWith({ replicas: 9 })).toEqual([
      {
        path: "input.replicas",
        found: "9",
        allowed: "a whole number from 1 to 4",
        fix: "lower it to 4 or less",
      },
    ]);
    expect(problemsWith({ replicas: 0 })[0]?.fix).toBe("raise it to 1 or more");
  });

  it("names the field that a misspelt one was meant to be", () => {
    const [problem] = problemsWith({ replcas: 2 });
    expect(problem).toMatchObject({ path: "input.replcas", fix: "rename it to replicas" });
    expect(problem?.allowed).toContain("the fields name, replicas, wait");
  });

  it("finds a misspelt field within the branch of a union and within a map", () => {
    expect(problemsWith({ target: { kind: "new", size: 1, adress: "a" } })[0]).toMatchObject({
      path: "input.target.adress",
      allowed: "the fields kind, size",
    });
    expect(problemsWith({ byName: { one: { levl: "low", level: "low" } } })[0]).toMatchObject({
      path: "input.byName.one.levl",
      fix: "rename it to level",
    });
  });

  it("lists a union's kinds when the kind is missing or wrong", () => {
    expect(problemsWith({ target: {} })[0]).toMatchObject({
      path: "input.target.kind",
      found: "nothing",
      allowed: "one of new, old",
    });
    expect(problemsWith({ target: { kind: "nwe" } })[0]).toMatchObject({ fix: "write new" });
  });

  it("explains why an unquoted version is no version", () => {
    expect(problemsWith({ version: 1.3 })[0]).toMatchObject({ path: "input.version", found: "1.3" });
    expect(problemsWith({ version: 1.3 })[0]?.fix).toContain("write it in quotes");
  });

  it("asks for a map by that word", () => {
    expect(validate(schema, "text", "input")).toMatchObject({
      problems: [{ path: "input", allowed: "a map of its fields" }],
    });
    expect(problemsWith({ target: "new" })[0]?.allowed).toBe("a map of its fields");
  });

  it("never shows what stands where a secret's name belongs", () => {
    const [problem] = problemsWith({ token: "xoxb-very-secret" });
    expect(JSON.stringify(problem)).not.toContain("very-secret");
    expect(problem?.path).toBe("input.token");
  });

  it("counts one mistake once", () => {
    expect(problemsWith({ zones: "abc" })).toHaveLength(1);
    const { replicas, ...rest } = right;
    expect(validate(schema, { ...rest, replcas: replicas }, "input")).toMatchObject({
      problems: [{ path: "input.replcas", fix: "rename it to replicas" }],
    });
  });
});

describe("the building blocks of schemas", () => {
  it.each(["29s", "61m", "2h", "5", ""])("durationBetween refuses %j", (wait) => {
    expect(problemsWith({ wait })[0]?.allowed).toBe("a duration from 30s to 1h, such as 30s");
  });

  it.each(["10.0.0.1/16", "10.0.0.0", "256.0.0.0/8", "10.0.0.0/33", "fd00::/8"])(
    "cidrBlock refuses %j",
    (block) => {
      expect(problemsWith({ block })).toHaveLength(1);
    },
  );

  it.each(["A", "-a", "a-", "a".repeat(41), "a_b", ""])("dnsLabel refuses %j", (name) => {
    expect(problemsWith({ name })).toHaveLength(1);
  });
});

describe("a problem in print", () => {
  it("stands with its path, what was found, what is allowed and the fix", () => {
    const problems = [{ path: "a.b", found: "1", allowed: "2", fix: "write 2" }];
    expect(formatProblems("stack.yaml", problems)).toBe(
      "stack.yaml: 1 problem\n  a.b\n    found    1\n    allowed  2\n    fix      write 2",
    );
    expect(new InvalidInputError("stack.yaml", problems).message).toBe(
      formatProblems("stack.yaml", problems),
    );
  });

  it("cuts long values and names what is not there", () => {
    expect(shown("x".repeat(500))).toHaveLength(80);
    expect(shown(undefined)).toBe("nothing");
  });

  it("quotes names that are no identifiers in a path", () => {
    expect(joinPath("root", ["a", 0, "b c"])).toBe('root.a[0]["b c"]');
  });

  it("suggests only what is near", () => {
    expect(nearest("retentoin", ["retention", "replicas"])).toBe("retention");
    expect(nearest("banana", ["retention", "replicas"])).toBeUndefined();
  });
});
