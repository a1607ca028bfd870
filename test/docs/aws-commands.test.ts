import { describe, expect, it } from "vitest";
import { AWS_COMMANDS, AWS_GLOBAL, AWS_STRUCTURES } from "./aws-syntax.ts";
import { commandsOf, howToNames } from "./commands.ts";

// No test has an AWS account: each `aws` command of a how-to is held to the syntax that the aws CLI documents for it.

/** The words of a line of shell: what is in quotes, or in the angle brackets of a placeholder, is one word. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"[^"]*"|'[^']*'|<[^>]*>|\S+/g)].map(([word]) => word);
}

const commands = howToNames()
  .flatMap(commandsOf)
  .filter(({ program }) => program === "aws");

describe("the aws commands of the how-tos", () => {
  it("are there, those of deploy.md among them", () => {
    expect(commands.filter(({ page }) => page === "deploy").length).toBeGreaterThanOrEqual(8);
  });

  it.each(commands)("are commands of the aws CLI, in $page.md: $text", ({ text }) => {
    const [, service = "", command = "", ...rest] = wordsOf(text);
    const syntax = AWS_COMMANDS[`${service} ${command}`];
    expect(syntax, `${service} ${command}`).toBeDefined();
    const options = rest.filter((word) => word.startsWith("--"));
    for (const option of options) expect([...(syntax?.options ?? []), ...AWS_GLOBAL]).toContain(option);
    // A command that a sentence only names has no options.
    if (options.length > 0) for (const option of syntax?.required ?? []) expect(options).toContain(option);
    for (const [index, word] of rest.entries()) {
      const members = AWS_STRUCTURES[word];
      if (members === undefined) continue;
      for (const part of (rest[index + 1] ?? "").split(",")) {
        const [member = "", value = ""] = part.split(/=(.*)/);
        expect(value, part).toMatch(members[member] ?? /^no such member$/);
      }
    }
  });
});
