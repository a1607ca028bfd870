import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isEnvironment } from "../../../cli/command-line/checks.ts";
import { flagsIn, isIn, type Place, type Subcommand } from "../../../cli/command-line/subcommand.ts";
import { COMMANDS } from "../../../cli/commands/index.ts";
import { bellwether, STACK_TRACE } from "../command-line.ts";
import { runHere, type Where } from "../surroundings.ts";

// Every subcommand in every place that has it: help, an unknown flag, an unknown environment, a missing and a surplus argument, and a
// flag without its value. A new subcommand is in the table as soon as it is in the registry.

const PLACES: readonly Place[] = ["repository", "package"];

/** A project of a team with two stacks, for the package. */
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "bellwether-table-"));
  writeFileSync(join(project, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(join(project, "index.ts"), "");
  for (const stack of ["prod", "staging"]) writeFileSync(join(project, `Pulumi.${stack}.yaml`), "");
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

function at(place: Place): Where {
  return place === "package" ? { place, folder: project } : { place };
}

const CASES = PLACES.flatMap((place) =>
  COMMANDS.filter((command) => isIn(command, place)).map((command) => ({
    place,
    name: command.name,
    command,
  })),
);

/** The fixes of a message, a line for each problem. */
function fixesIn(message: string): readonly string[] {
  return [...message.matchAll(/^ {4}fix {6}(\S.*)$/gm)].map(([, fix = ""]) => fix);
}

/** A service and an environment that exist, else a folder that does. */
function sampleOf(argument: string, command = ""): string {
  const action = { incident: "start", silences: "apply" }[command] ?? ".";
  const workload = "shop/deployment/checkout";
  return { service: "storefront", environment: "prod", node: "node-1", workload, action }[argument] ?? ".";
}

/** What a command line needs so that nothing but the mistake under test is wrong with it. */
function valid({ name, arguments: words, flags }: Subcommand, place: Place): readonly string[] {
  const required = Object.entries(flags).filter(([, { required: must }]) => must === true);
  return [
    name,
    ...words
      .filter(({ count = "one" }) => count === "one" || count === "some")
      .map(({ name: word }) => (word === "service" && place === "package" ? "." : sampleOf(word, name))),
    ...required.flatMap(([flag]) => [
      `--${flag}`,
      {
        format: "sloth",
        platform: "acme/bellwether/prod",
        prometheus: "http://127.0.0.1:1",
        alertmanager: "http://127.0.0.1:1",
      }[flag] ?? "value",
    ]),
  ];
}

describe.each(CASES)("$name in the $place", ({ name, place, command }) => {
  const where = () => at(place);

  it("prints its usage, flags, examples and exit codes for --help, and exits with 0", async () => {
    for (const line of [
      [name, "--help"],
      ["--help", name],
      ["help", name],
      [name, "--no-such-flag", "--help"],
    ]) {
      const { code, out, error } = await runHere(line, where());
      expect({ code, error }, line.join(" ")).toEqual({ code: 0, error: "" });
      expect(out).toContain(`Usage: npx bellwether ${name}`);
      for (const flag of Object.keys(flagsIn(command, place))) expect(out).toContain(`  --${flag}`);
      for (const { name: word } of command.arguments) expect(out).toContain(`<${word}>`);
      expect(out).toMatch(/^Examples:\n {2}npx bellwether /m);
      expect(out).toMatch(/^Exit codes:\n {2}0 {2}\S.*$[\s\S]*^ {2}2 {2}\S.*$[\s\S]*^ {2}3 {2}\S/m);
    }
  });

  it("refuses a flag that it does not have with 2, and lists those that it has", async () => {
    const { code, out, error } = await runHere([...valid(command, place), "--no-such-flag=1"], where());
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toMatch(/^bellwether \S+: 1 problem\n {2}--no-such-flag\n {4}found {4}an unknown flag\n/);
    expect(error).toMatch(/^ {4}allowed {2}.*--help$/m);
    expect(error).toContain(`Help: npx bellwether ${name} --help`);
    expect(error).not.toMatch(STACK_TRACE);
  });

  const misspelt = Object.keys(flagsIn(command, place))[0];
  if (misspelt !== undefined)
    it("says which flag a misspelt one is near to", async () => {
      const { code, error } = await runHere([...valid(command, place), `--${misspelt}x=1`], where());
      expect(code).toBe(2);
      expect(error).toContain(`did you mean --${misspelt}?`);
    });

  const environmentIn = (at: string): readonly string[] | undefined => {
    if (flagsIn(command, place)["environment"] !== undefined)
      return [
        ...valid(command, place).filter((word) => name !== "rules" || word !== "."),
        "--environment",
        at,
      ];
    if (!command.arguments.some((word) => word.name === "environment")) return undefined;
    const words = valid(command, place);
    const index = words.indexOf(sampleOf("environment"));
    return index === -1 ? [...words, at] : words.with(index, at);
  };
  if (environmentIn("") !== undefined)
    it("refuses an environment that does not exist with 2, and names those that do", async () => {
      for (const [given, fix] of [
        ["stagin", "did you mean staging?"],
        ["nosuch", "name one of them"],
        ["../prod", ""],
      ] as const) {
        const { code, out, error } = await runHere(environmentIn(given) ?? [], where());
        expect({ code, out }, given).toEqual({ code: 2, out: "" });
        expect(error).toContain(`found    ${JSON.stringify(given)}`);
        expect(error).toMatch(/allowed {2}one of the environments .*prod.*staging/);
        expect(error).toContain(fix);
        expect(error).not.toMatch(STACK_TRACE);
      }
    });

  const missing = command.arguments.filter(({ count = "one" }) => count === "one" || count === "some");
  if (missing.length > 0)
    it("refuses a missing argument with 2, and names it", async () => {
      const { code, out, error } = await runHere([name], where());
      expect({ code, out }).toEqual({ code: 2, out: "" });
      for (const { name: word } of missing) expect(error).toContain(`  <${word}>\n    found    nothing\n`);
      expect(error).toContain(`fix      add <${missing[0]?.name}>`);
    });

  const isOpen = command.arguments.some(({ count }) => count === "any" || count === "some");
  if (!isOpen)
    it("refuses a surplus argument with 2, and says to remove it", async () => {
      const words = command.arguments.map(({ name: word }) => sampleOf(word, name));
      const flags = valid(command, place).slice(1 + missing.length);
      const { code, out, error } = await runHere([name, ...words, "surplus", ...flags], where());
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(error).toMatch(/: 1 problem\n {2}arguments\n {4}found {4}"surplus"\n/);
      expect(fixesIn(error)).toEqual(["remove it"]);
      expect(error).not.toMatch(STACK_TRACE);
    });

  const valued = Object.entries(flagsIn(command, place)).filter(([, { type }]) => type !== "switch");
  it.each(valued)("refuses --%s without a value with 2, and shows how it is written", async (flag) => {
    const all = valid(command, place);
    const line = all.includes(`--${flag}`) ? all.toSpliced(all.indexOf(`--${flag}`), 2) : all;
    const { code, out, error } = await runHere([...line, `--${flag}`], where());
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toContain(`  --${flag}\n    found    no value\n    allowed  a value: --${flag} <`);
    expect(fixesIn(error)).toContain("add the value");
    expect(error).not.toMatch(STACK_TRACE);
  });

  it("lists every mistake of a command line in one message", async () => {
    const environment = environmentIn("nosuch");
    const mistakes = [...(environment ?? valid(command, place)), "--no-such-flag", "--nor-this"];
    const { code, error } = await runHere(mistakes, where());
    expect(code).toBe(2);
    expect(error).toContain(`${environment === undefined ? 2 : 3} problems`);
    expect(error).toContain("--no-such-flag\n");
    expect(error).toContain("--nor-this\n");
    expect(fixesIn(error)).toHaveLength(environment === undefined ? 2 : 3);
  });
});

describe.each(PLACES)("bellwether in the %s", (place) => {
  it("lists its subcommands for --help and exits with 0", async () => {
    for (const line of [["--help"], ["-h"], ["help"]]) {
      const { code, out, error } = await runHere(line, at(place));
      expect({ code, error }).toEqual({ code: 0, error: "" });
      for (const { name, summary } of COMMANDS) {
        expect(out).toContain(`  ${name} `);
        expect(out.replaceAll(/\s+/g, " ")).toContain(summary.replaceAll(/\s+/g, " "));
      }
    }
  });

  it.each([
    [["report", "--help"], '"report"'],
    [["--help", "report"], '"report"'],
    [["help", "report"], '"report"'],
    [["preveiw"], "did you mean preview?"],
    [[], "nothing"],
    [["--fast"], "--fast"],
  ])("refuses a subcommand that does not exist with 2: %j", async (line, said) => {
    const { code, out, error } = await runHere(line, at(place));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toContain(said);
    expect(error).toMatch(/allowed {2}one of preview, explain, .*help/);
    expect(error).not.toMatch(STACK_TRACE);
  });
});

describe("the process", () => {
  it.each(COMMANDS.filter((command) => isIn(command, "repository")).map(({ name }) => [name]))(
    "exits with 0 for %s --help, and with 2 for an unknown flag",
    (name) => {
      const help = bellwether(name, "--help");
      expect(help).toMatchObject({ code: 0, error: "" });
      expect(help.out).toContain(`Usage: npx bellwether ${name}`);
      expect(bellwether(name, "--no-such-flag")).toMatchObject({ code: 2, out: "" });
    },
  );
});

describe("a subcommand that only the repository has", () => {
  it("is named as such by the package", async () => {
    const { code, error } = await runHere(["schema", "--help"], at("package"));
    expect(code).toBe(2);
    expect(error).toContain('"schema", which is only in the platform\'s repository');
    expect(error).not.toMatch(/allowed.*schema/);
  });
});

describe("the registry", () => {
  it("has every subcommand that has a file in cli/commands", async () => {
    const folder = new URL("../../../cli/commands/", import.meta.url);
    const files = readdirSync(folder).filter((file) => file !== "index.ts");
    const exported = await Promise.all(
      files.map(async (file) => Object.values((await import(new URL(file, folder).href)) as object)),
    );
    expect(new Set(exported.flat())).toEqual(new Set(COMMANDS));
    expect(files.sort()).toEqual(COMMANDS.map(({ name }) => `${name}.ts`).sort());
  });

  it("checks every environment that a subcommand takes, whatever the flag is called", () => {
    const takesEnvironment = ({ value }: { readonly value?: string }) =>
      /environment|stack>/.test(value ?? "");
    for (const { name, flags, arguments: words } of COMMANDS) {
      for (const [flag, declared] of Object.entries(flags))
        if (flag === "environment" || takesEnvironment(declared))
          expect(declared.check, `${name} --${flag}`).toBe(isEnvironment);
      for (const word of words)
        if (word.name === "environment" || word.name === "stack")
          expect(word.check, `${name} <${word.name}>`).toBe(isEnvironment);
    }
  });

  it("has each name once, and a flag of one name is one type everywhere", () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const types = new Map<string, string>();
    for (const { name, flags } of COMMANDS)
      for (const [flag, { type }] of Object.entries(flags)) {
        expect(types.get(flag) ?? type, `${name} --${flag}`).toBe(type);
        types.set(flag, type);
      }
  });

  it("has an example for every subcommand in every place, with flags that exist", async () => {
    for (const { command, place, name } of CASES) {
      const examples = command.examples.filter(({ where }) => (where ?? place) === place);
      expect(examples.length, `${name} in the ${place}`).toBeGreaterThan(0);
      for (const { line } of examples) {
        expect(line.split(" ")[0]).toBe(name);
        for (const [, flag = ""] of line.matchAll(/ --([\w-]+)/g))
          expect(Object.keys(flagsIn(command, place)), `${line}`).toContain(flag);
      }
    }
  });
});
