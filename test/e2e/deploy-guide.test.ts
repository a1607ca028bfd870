import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { commandsOf, howToNames } from "../docs/commands.ts";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import { ROOT } from "./project.ts";

const all = howToNames()
  .flatMap(commandsOf)
  .filter(({ program }) => program === "pulumi");
const commands = [...new Map(all.map(({ bare }) => [bare, read(bare)])).values()];

/** The help of `pulumi up` has `--plan` only with this variable; the flag works without it. */
const EXPERIMENTAL = { ...process.env, PULUMI_EXPERIMENTAL: "true" };

describe("the how-tos' commands of pulumi", () => {
  let pulumi: string;
  const helps = new Map<string, ReturnType<typeof run>>();

  beforeAll(async () => {
    pulumi = await tool("pulumi");
  });

  /** What the CLI prints as the help of a command; asked for once. */
  function helpOf(words: readonly string[]): ReturnType<typeof run> {
    const key = words.join(" ");
    const help = helps.get(key) ?? run(pulumi, [...words, "--help"], { env: EXPERIMENTAL });
    helps.set(key, help);
    return help;
  }

  it("are there, those of deploy.md among them", () => {
    expect(commands.length).toBeGreaterThan(20);
    expect(all.filter(({ page, isBlock }) => page === "deploy" && isBlock).length).toBeGreaterThan(10);
  });

  it.each(commands)("are commands that the CLI has: $text", async ({ words, flags }) => {
    // A word that is no command is a value; help for the longest path of commands is what the CLI answers with.
    const { code, stdout } = await helpOf(words);
    expect(code).toBe(0);
    const usage = /^Usage:\n\s+pulumi ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)/m.exec(stdout)?.[1] ?? "";
    const [group, action] = words;
    expect(usage.split(" ")[0]).toBe(group);
    if (["stack", "config", "state"].includes(group ?? "") && action !== undefined) {
      const aliases = /^Aliases:\n\s+(.*)$/m.exec(stdout)?.[1]?.split(", ") ?? [];
      expect([usage.split(" ")[1], ...aliases]).toContain(action);
    }
    for (const flag of flags) expect(stdout, flag).toMatch(new RegExp(`\\s--${flag}\\b`));
  });

  it("name the policy pack's real files", async () => {
    for (const { text } of commands)
      for (const [path] of text.matchAll(/policies\/[\w./-]+\.json/g))
        expect(JSON.parse(await readFile(join(ROOT, path), "utf8"))).toBeTypeOf("object");
  });
});

/** The words of a command up to the first flag or value, and the names of its flags. */
function read(text: string) {
  const [, ...all] = text.split(" ");
  const firstOther = all.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
  const words = firstOther === -1 ? all : all.slice(0, firstOther);
  return { text, words, flags: [...text.matchAll(/ --([a-z-]+)/g)].map(([, flag = ""]) => flag) };
}
