import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

// docs/architecture.md names the folders that exist and the import rules that are enforced.

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/architecture.md"), "utf8");

function section(title: string): string {
  const [, text = ""] = page.split(`\n## ${title}\n`);
  return text.split("\n## ")[0] ?? "";
}

function folders(path: string): readonly string[] {
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
}

describe("the architecture page", () => {
  const tree = section("Folders");

  it("names every module of components/, and no module that does not exist", () => {
    const [, block = ""] = /^components\/(.*?)^stacks\//ms.exec(tree) ?? [];
    const named = block
      .split("\n")
      .flatMap((line) =>
        /^ {2}\w/.test(line) ? [...line.slice(0, 21).matchAll(/([\w-]+)\//g)].map(([, name]) => name) : [],
      );
    expect(named.toSorted()).toEqual(folders("components").toSorted());
  });

  it("names folders and files that exist at the top", () => {
    const named = [...tree.matchAll(/^([a-z]+)\/ /gm)].map(([, name = ""]) => name);
    expect(named).toEqual(
      expect.arrayContaining(["infra", "components", "stacks", "cli", "packaging", "docs"]),
    );
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  it("names in its import table each rule that dependency-cruiser enforces, and no other", () => {
    const { forbidden } = createRequire(import.meta.url)(join(root, ".dependency-cruiser.cjs")) as {
      forbidden: readonly { readonly name: string }[];
    };
    const cells = section("Imports")
      .split("\n")
      .flatMap((line) => (line.startsWith("|") ? [line.split("|")[3] ?? ""] : [line]));
    const named = [...cells.join("\n").matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, name]) => name);
    const tool = "dependency-cruiser";
    expect([...new Set(named)].filter((name) => name !== tool).toSorted()).toEqual(
      forbidden.map(({ name }) => name).toSorted(),
    );
  });
});
