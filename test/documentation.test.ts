import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { filesIn, read } from "./support/repository.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const readme = read("README.md");

/** The shell commands of a page, one a line, comments off. */
function commandsOf(markdown: string): string[] {
  return [...markdown.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = ""]) => block.replaceAll("\\\n", " ").split("\n"))
    .flatMap((line) => line.replace(/\s+#.*$/, "").split("&&"))
    .map((command) => command.trim())
    .filter((command) => command !== "");
}

describe("the README", () => {
  it("is under 150 lines", () => {
    expect(readme.split("\n").length).toBeLessThan(150);
  });

  it("gives npm commands that exist, and of Pulumi only those that the guide to deploying gives, whose test asks the CLI", () => {
    const { scripts } = JSON.parse(read("package.json")) as {
      scripts: Record<string, string>;
    };
    const guide = commandsOf(read("docs/how-to/deploy.md")).map((text) => text.replace(/\s+/g, " "));
    for (const command of commandsOf(readme)) {
      if (command === "npm ci") continue;
      const script = /^npm (?:run )?([a-z:-]+)$/.exec(command)?.[1];
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
      else expect(guide).toContain(command.replace(/\s+/g, " "));
    }
  });

  it("shows the service that is there, in ten lines", () => {
    const [, example = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
    expect(read("stacks/services/shop.ts")).toContain(example);
    expect(example.trim().split("\n").length).toBeLessThanOrEqual(10);
  });

  it("counts the service's records as the preview writes them", () => {
    const rules = readFileSync(
      join(inject("previews"), "prod/prometheus/rules/service-storefront.availability.yaml"),
      "utf8",
    );
    expect(readme).toContain(`${rules.match(/^\s+record: /gm)?.length} records`);
  });
});

describe("every page", () => {
  const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", ...filesIn("docs", ".md")];

  it.each(pages)("%s links to files that are there", (page) => {
    const text = read(page);
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      ([, to = ""]) => to,
    );
    const missing = links.filter((to) => !existsSync(join(ROOT, dirname(page), to)));
    expect(missing.map((to) => relative(ROOT, join(ROOT, dirname(page), to)))).toEqual([]);
  });
});
