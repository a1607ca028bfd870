import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";
import { ROOT } from "./project.ts";

/** A command of the guide: its words up to the first flag or value, and the names of its flags. */
interface Command {
  readonly text: string;
  readonly words: readonly string[];
  readonly flags: readonly string[];
}

const FOLDER = join(ROOT, "docs", "how-to");

describe("the how-tos' commands of pulumi", async () => {
  const pages = (await readdir(FOLDER)).filter((file) => file.endsWith(".md"));
  const texts = await Promise.all(pages.map((file) => readFile(join(FOLDER, file), "utf8")));
  const commands = [...new Map(texts.flatMap(commandsIn).map((command) => [command.text, command])).values()];
  let pulumi: string;

  beforeAll(async () => {
    pulumi = await tool("pulumi");
  });

  it("are there, those of deploy.md among them", () => {
    expect(commands.length).toBeGreaterThan(20);
    const guide = commandsIn(texts[pages.indexOf("deploy.md")] ?? "");
    expect(guide.length).toBeGreaterThan(10);
    for (const { text } of guide) expect(commands.map((command) => command.text)).toContain(text);
  });

  it.each(commands)("are commands that the CLI has: $text", async ({ words, flags }) => {
    // A word that is no command is a value; help for the longest path of commands is what the CLI answers with.
    const { code, stdout } = await run(pulumi, [...words, "--help"]);
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

/** The commands of the `sh` blocks of a page, and of the steps of a workflow that it shows. */
function commandsIn(markdown: string): Command[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|yaml)\n(.*?)```/gms)].map(([, block = ""]) => block);
  const lines = blocks.flatMap((block) => block.replaceAll("\\\n", " ").split("\n"));
  return (
    lines
      // Both sides of a pipe, without the variables that are set for one run.
      .flatMap((line) => line.split(" | "))
      .map((line) =>
        line
          .replace(/\s+/g, " ")
          .trim()
          .replace(/^([A-Z][A-Z0-9_]*=\S+ )+/, ""),
      )
      .filter((line) => line.startsWith("pulumi "))
      .map((text) => {
        const [, ...all] = text.split(" ");
        const firstOther = all.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
        const words = firstOther === -1 ? all : all.slice(0, firstOther);
        return { text, words, flags: [...text.matchAll(/ --([a-z-]+)/g)].map(([, flag = ""]) => flag) };
      })
  );
}
