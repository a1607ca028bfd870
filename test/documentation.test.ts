import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const readme = readFileSync(join(ROOT, "README.md"), "utf8");

function markdownFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file));
}

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
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const guide = commandsOf(readFileSync(join(ROOT, "docs/how-to/deploy.md"), "utf8")).map((text) =>
      text.replace(/\s+/g, " "),
    );
    for (const command of commandsOf(readme)) {
      if (command === "npm ci") continue;
      const script = /^npm (?:run )?([a-z:-]+)$/.exec(command)?.[1];
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
      else expect(guide).toContain(command.replace(/\s+/g, " "));
    }
  });

  it("shows the service that is there, in ten lines", () => {
    const [, example = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
    expect(readFileSync(join(ROOT, "stacks/services/shop.ts"), "utf8")).toContain(example);
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
  const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", ...markdownFiles("docs")];

  it.each(pages)("%s links to files that are there", (page) => {
    const text = readFileSync(join(ROOT, page), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      ([, to = ""]) => to,
    );
    const missing = links.filter((to) => !existsSync(join(ROOT, dirname(page), to)));
    expect(missing.map((to) => relative(ROOT, join(ROOT, dirname(page), to)))).toEqual([]);
  });
});
