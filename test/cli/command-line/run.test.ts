import { describe, expect, it } from "vitest";
import { both, type Subcommand, subcommand } from "../../../cli/command-line/subcommand.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { STACK_TRACE } from "../command-line.ts";
import { runHere } from "../surroundings.ts";

/** A subcommand that prints what it was given, or throws. */
function sample(fails?: Error): Subcommand {
  return subcommand({
    name: "sample",
    summary: "print what was given",
    arguments: [{ name: "one", summary: "a word", check: (word) => (word === "bad" ? REFUSAL : undefined) }],
    flags: {
      text: {
        type: "text",
        summary: "a text",
        variable: "SAMPLE_TEXT",
        check: (text) => (text === "bad" ? REFUSAL : undefined),
      },
      list: { type: "list", summary: "texts", check: (text) => (text === "bad" ? REFUSAL : undefined) },
      switch: { type: "switch", summary: "on or off" },
      here: { type: "switch", summary: "of the repository", where: "repository" },
      detail: { type: "text", summary: "of a text or of texts", of: { flags: ["text", "list"] } },
      only: { type: "switch", summary: "of one word", of: { words: ["first", "second"] } },
      other: { type: "switch", summary: "of another word", of: { words: ["third"] } },
    },
    examples: [],
    exits: { 0: "printed" },
    run: both(async (words, flags, { stdout }) => {
      if (fails !== undefined) throw fails;
      stdout.write(JSON.stringify({ words, flags }));
      return 0;
    }),
  });
}

const REFUSAL = { allowed: "anything but bad", fix: "write good" };

async function given(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runHere(["sample", ...args], { commands: [sample()], env });
}

async function problems(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, out, error } = await given(args, env);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  return error
    .split("\n")
    .filter((line) => /^ {2}\S/.test(line))
    .map((line) => line.trim());
}

describe("a command line", () => {
  it("hands words and flags to the subcommand, wherever the flags stand", async () => {
    const line = ["--text", "a", "word", "--list", "x=1", "--list=--y", "--switch"];
    const { code, out } = await given(line);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      words: ["word"],
      flags: { text: "a", list: ["x=1", "--y"], switch: true },
    });
    const before = await runHere(["--text", "a", "sample", "word"], { commands: [sample()] });
    expect(JSON.parse(before.out)).toEqual({ words: ["word"], flags: { text: "a" } });
    const same = await given(["sample"]);
    expect(JSON.parse(same.out)).toEqual({ words: ["sample"], flags: {} });
  });

  it("takes what follows two hyphens for words", async () => {
    expect(JSON.parse((await given(["--", "--switch"])).out)).toEqual({ words: ["--switch"], flags: {} });
  });

  it("reads a variable where the flag is not given, and names the variable if its value is wrong", async () => {
    expect(JSON.parse((await given(["word"], { SAMPLE_TEXT: "set" })).out).flags).toEqual({ text: "set" });
    const both = await given(["word", "--text", "given"], { SAMPLE_TEXT: "bad" });
    expect(JSON.parse(both.out).flags).toEqual({ text: "given" });
    expect(await problems(["word"], { SAMPLE_TEXT: "bad" })).toEqual(["SAMPLE_TEXT"]);
  });

  it.each([
    [
      ["word", "more", "most"],
      ["arguments", "arguments"],
    ],
    [[], ["<one>"]],
    [["bad"], ["<one>"]],
    [["word", "--text"], ["--text"]],
    [["word", "--text="], ["--text"]],
    [["word", "--text", "--switch"], ["--text"]],
    [["word", "--text", "a", "--text", "b"], ["--text"]],
    [["word", "--switch=yes"], ["--switch"]],
    [
      ["word", "--list", "bad", "--list", "good", "--list", "bad"],
      ["--list", "--list"],
    ],
    [["word", "-x"], ["-x"]],
    [["word", "--detail", "a"], ["--detail"]],
    [
      ["third", "--only", "--detail", "a"],
      ["--detail", "--only"],
    ],
    [
      ["bad", "--text", "bad", "--unknown", "value", "--text2"],
      ["--unknown", "--text2", "--text", "<one>"],
    ],
  ])("is refused with every mistake in it: %j", async (args, paths) => {
    expect(await problems(args)).toEqual(paths);
  });

  it.each([
    ["--text", "a", "--detail", "b", "first", "--only"],
    ["--list", "a", "--detail", "b", "third", "--other"],
    ["another", "--only"],
  ])("takes a flag beside what it says something of: %j %j %j %j %j %j", async (...args) => {
    expect((await given(args)).code).toBe(0);
  });

  it("says of a flag what it needs", async () => {
    const { error } = await given(["third", "--detail", "a", "--only"]);
    expect(error).toContain(
      "found    the flag without --text or --list\n    allowed  the flag beside --text or --list",
    );
    expect(error).toContain("found    the flag with third\n    allowed  the flag with first and second");
  });

  it("has the flags of its place alone", async () => {
    expect((await given(["word", "--here"])).code).toBe(0);
    const elsewhere = await runHere(["sample", "word", "--here"], {
      commands: [sample()],
      place: "package",
    });
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.error).toContain("an unknown flag");
  });

  it("prints help where the flag stands in place of a value", async () => {
    expect((await given(["word", "--text", "--help"])).out).toContain("Usage: npx bellwether sample");
    expect((await given(["--", "--help"])).out).toBe('{"words":["--help"],"flags":{}}');
  });
});

describe("what a subcommand throws", () => {
  it("is a message and 2 where it lists mistakes", async () => {
    const problem = { path: "file", found: "x", allowed: "y", fix: "z" };
    const commands = [sample(new InvalidInputError("sample", [problem]))];
    const { code, error } = await runHere(["sample", "word"], { commands });
    expect(code).toBe(2);
    expect(error).toBe("sample: 1 problem\n  file\n    found    x\n    allowed  y\n    fix      z\n");
  });

  it("is a defect and 3 otherwise, with the stack trace", async () => {
    const { code, error } = await runHere(["sample", "word"], { commands: [sample(new Error("broken"))] });
    expect(code).toBe(3);
    expect(error).toContain("defect of Bellwether");
    expect(error).toMatch(STACK_TRACE);
  });
});
