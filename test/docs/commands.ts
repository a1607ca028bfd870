import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { blocksOf, howTo } from "./page.ts";

const FOLDER = fileURLToPath(new URL("../../docs/how-to", import.meta.url));

/** A command that a how-to tells its reader to run. */
export interface PageCommand {
  /** The page, without its ending: `deploy`. */
  readonly page: string;
  /** On one line, without a comment, and with one space between words. Both sides of a pipe are a command each. */
  readonly text: string;
  /** The same with what it is piped to, or from. */
  readonly line: string;
  /** The same without the variables that are set for this run alone. */
  readonly bare: string;
  /** The first word of `bare`: `pulumi`. */
  readonly program: string;
  /** Whether it stands in a block of its own; a sentence may also only name a command. */
  readonly isBlock: boolean;
}

/** The names of all how-tos. */
export function howToNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.replace(/\.md$/, ""));
}

/** The commands of a how-to: of its `sh` blocks, of the steps of the workflows that it shows, and of its sentences. */
export function commandsOf(page: string): readonly PageCommand[] {
  const markdown = howTo(page);
  const blocks = blocksOf(markdown);
  const shell = blocks.filter(({ language }) => language === "sh").flatMap(({ text }) => linesOf(text));
  const steps = blocks.filter(({ language }) => language === "yaml").flatMap(({ text }) => stepsOf(text));
  const block = [...shell, ...steps].flatMap((line) => commandsIn(page, line, true));
  const programs = new Set([...PROGRAMS, ...block.map(({ program }) => program)]);
  const sentences = [...markdown.replaceAll(/^```.*?^```/gms, "").matchAll(/`([^`\n]+)`/g)]
    .flatMap(([, text = ""]) => commandsIn(page, text, false))
    .filter(({ program, bare }) => programs.has(program) && bare.includes(" "));
  return [...block, ...sentences];
}

/** What a sentence names with an argument is a command, if it begins with one of these or with a program of a block. */
const PROGRAMS = ["aws", "bellwether", "curl", "kill", "kind", "kubectl", "npm", "npx", "pulumi"];

/** The lines of a block that are commands, without comments. */
function linesOf(block: string): readonly string[] {
  return block
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.replace(/\s+# .*$/, ""))
    .filter((line) => line.trim() !== "");
}

/** The commands of the steps of a workflow, in one line or in several below `run: |`. */
function stepsOf(workflow: string): readonly string[] {
  const runs = workflow.matchAll(/^( *)(?:- )?run: (?:\|\n((?:\1 +.*\n|\n)+)|(?!\|)(.+)$)/gm);
  return [...runs].flatMap(([, , lines, line]) => linesOf(lines ?? line ?? ""));
}

/** The commands of a line, one each; a pipe within quotes is none. */
function commandsIn(page: string, source: string, isBlock: boolean): readonly PageCommand[] {
  const line = source.replaceAll(/\s+/g, " ").trim();
  return line.split(/ \| (?=(?:[^']*'[^']*')*[^']*$)/).map((text) => {
    const bare = text.replace(/^([A-Z][A-Z0-9_]*=\S+ )+/, "");
    return { page, text, line, bare, program: bare.split(" ")[0] ?? "", isBlock };
  });
}
