import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readStackFile, type StackFile } from "../../cli/stack-file.ts";
import { segmentsOf } from "../../components/core/problem-path.ts";
import { joinPath, type Problem } from "../../components/core/problems.ts";
import { stackText, type Workspace, workspace } from "./sample.ts";

const opened: Workspace[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.dispose();
});

/** A workspace of the running test, which ends with it. */
function opening(stacks: Readonly<Record<string, string>>): Workspace {
  const fresh = workspace(stacks);
  opened.push(fresh);
  return fresh;
}

function read(text: string | Uint8Array): {
  readonly file?: StackFile;
  readonly problems: readonly Problem[];
} {
  const current = opening({});
  writeFileSync(join(current.stacksFolder, "Pulumi.test.yaml"), text);
  const result = readStackFile(current.stacksFolder, "test");
  return result.ok ? { file: result.value, problems: [] } : { problems: result.problems };
}

/** The only problem of a text, its path cut to what follows the folder of the test. */
function problemOf(text: string | Uint8Array): Problem {
  const { problems } = read(text);
  expect(problems).toHaveLength(1);
  const [problem] = problems;
  if (problem === undefined) throw new Error("no problem");
  return { ...problem, path: problem.path.replace(/^.*\/stacks\//, "stacks/") };
}

const ENVIRONMENT = "config:\n  bellwether:environment:\n";

describe("a stack's file that cannot be read", () => {
  it("names the stacks that exist where it is missing, and the one that was meant", () => {
    const current = opening({ staging: "", prod: "" });
    const result = readStackFile(current.stacksFolder, "stagin");
    expect(result).toMatchObject({
      ok: false,
      problems: [{ allowed: expect.stringContaining("prod, staging"), fix: "did you mean staging?" }],
    });
  });

  it.each([
    ["is empty", "", "stacks/Pulumi.test.yaml", "an empty file"],
    ["holds only a comment", "# nothing\n", "stacks/Pulumi.test.yaml", "an empty file"],
    ["is a list", "- a\n", "stacks/Pulumi.test.yaml", "a list"],
    ["is a word", "prod\n", "stacks/Pulumi.test.yaml", '"prod"'],
    ["has no config", "name: prod\n", "config", "nothing"],
    ["has a list for config", "config: [1]\n", "config", "a list"],
    ["has an empty config", "config:\n", "config", "nothing"],
    ["has no environment", "config: {}\n", 'config["bellwether:environment"]', "nothing"],
    ["has text for an environment", `${ENVIRONMENT}    prod\n`, 'config["bellwether:environment"]', '"prod"'],
    ["is cut off", "config: [1, 2\n", "stacks/Pulumi.test.yaml:2:1", "YAML that cannot be read"],
    ["is indented with tabs", "config:\n\ta: 1\n", "stacks/Pulumi.test.yaml:2:1", "YAML that cannot be read"],
    [
      "holds two documents",
      "config: {}\n---\nconfig: {}\n",
      "stacks/Pulumi.test.yaml:2:1",
      "a second YAML document",
    ],
    ["is huge", `config:\n  a: ${"x".repeat(300_000)}\n`, "stacks/Pulumi.test.yaml", "293 KiB"],
    ["is nested without end", "[".repeat(200_000), "stacks/Pulumi.test.yaml", "nested too deeply"],
    ["is a list of lists without end", "- ".repeat(100_000), "stacks/Pulumi.test.yaml", "nested too deeply"],
    ["has keys of keys without end", "? ".repeat(100_000), "stacks/Pulumi.test.yaml", "nested too deeply"],
    ["is no text", Uint8Array.of(0x63, 0xff, 0xfe), "stacks/Pulumi.test.yaml", "no UTF-8"],
  ])("says so where it %s", (_, text, path, found) => {
    const problem = problemOf(text);
    expect(problem.path).toBe(path);
    expect(problem.found).toContain(found);
    expect(problem.fix).not.toBe("");
  });

  it("is refused before aliases unfold to a gigabyte", () => {
    const level = (n: number) =>
      `  l${n}: &l${n} [${Array(10)
        .fill(`*l${n - 1}`)
        .join(", ")}]`;
    const bomb = [
      "config:",
      "  l0: &l0 [x, x, x, x, x, x, x, x, x, x]",
      ...[1, 2, 3, 4, 5, 6, 7, 8].map(level),
    ].join("\n");
    const start = performance.now();
    expect(problemOf(bomb).found).toContain("aliases");
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it("is refused where it is a folder", () => {
    const current = opening({});
    mkdirSync(join(current.stacksFolder, "Pulumi.test.yaml"));
    expect(readStackFile(current.stacksFolder, "test")).toMatchObject({
      ok: false,
      problems: [{ found: "something that is no file" }],
    });
  });

  it("names a key that stands twice by its path and the place of the second", () => {
    const problem = problemOf(
      `${ENVIRONMENT}    name: a\n    cluster:\n      kind: eks\n      kind: existing\n`,
    );
    expect(problem.path).toBe("environment.cluster.kind");
    expect(problem.found).toContain("Pulumi.test.yaml:6:7");
  });

  it("names every key that stands twice, not only the first", () => {
    expect(read("config: {}\nconfig: {}\na: 1\na: 2\n").problems.map(({ path }) => path)).toEqual([
      "config",
      "a",
    ]);
  });

  it("tells of the key that was meant where the environment's is misspelt", () => {
    expect(problemOf("config:\n  bellwether:enviroment:\n    name: a\n").fix).toBe(
      "rename bellwether:enviroment to bellwether:environment",
    );
  });
});

describe("a stack's file", () => {
  it("gives a program the config that Pulumi would: maps as JSON, and no encrypted value", () => {
    const { file } = read(
      `${ENVIRONMENT}    name: test\n  aws:region: eu-central-1\n  bellwether:token:\n    secure: v1:abc\n`,
    );
    expect(file?.config).toEqual({
      "bellwether:environment": '{"name":"test"}',
      "aws:region": "eu-central-1",
    });
    expect([...(file?.encrypted ?? [])]).toEqual(["bellwether:token"]);
  });

  it("places a problem in its line", () => {
    const { file } = read(stackText("prod"));
    const problem = { path: "environment.network.zones[1]", found: '"x"', allowed: "y", fix: "z" };
    expect(file?.located(problem).found).toMatch(/^"x", in line \d+$/);
  });

  it("leaves a problem of something that is not there as it is", () => {
    const { file } = read(stackText("prod"));
    const problem = { path: "environment.nothing", found: "nothing", allowed: "y", fix: "z" };
    expect(file?.located(problem)).toEqual(problem);
  });

  it("shows a version that YAML reads as a number as it is written, and how to write it", () => {
    const { file } = read(`${ENVIRONMENT}    cluster:\n      version: 1.30\n`);
    const problem = {
      path: "environment.cluster.version",
      found: "1.3",
      allowed: "a version",
      fix: "write it in quotes, as YAML reads 1.3 as a number",
    };
    expect(file?.located(problem)).toMatchObject({
      found: "1.30, in line 4",
      fix: 'write it in quotes, "1.30", as YAML reads it as the number 1.3',
    });
  });
});

describe("the segments of a path", () => {
  it.each([
    ["environment.cluster.logs[0]", ["environment", "cluster", "logs", 0]],
    ['config["bellwether:environment"]', ["config", "bellwether:environment"]],
    ["environment.receivers.on-call", ["environment", "receivers", "on-call"]],
  ])("of %s are what it was joined from", (path, segments) => {
    expect(segmentsOf(path)).toEqual(segments);
    expect(joinPath("", segments)).toBe(path);
  });

  it("are none where it is the place of a file", () => {
    expect(segmentsOf("stacks/Pulumi.prod.yaml:3:1")).toBeUndefined();
  });
});
