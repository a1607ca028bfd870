import { describe, expect, it } from "vitest";
import type { Pin, Source } from "./pins.ts";
import { recorded } from "./recorded.ts";
import { report } from "./table.ts";

function pin(name: string, version: string, source: Source, files = ["package.json"]): Pin {
  return { name, version, line: "major", source, files };
}

const npm = (name: string, version: string) => pin(name, version, { kind: "npm", name });
const image = (repository: string) =>
  pin(repository, "1.0.0", { kind: "image", host: "registry.example", repository }, [
    "versions.ts",
    "go.mod",
  ]);
const aws = (name: string) => pin(name, "v1.2.3-eksbuild.1", { kind: "aws", command: "aws eks list" });

/** The cells of a pin's row. */
function row(text: string, name: string): string[] | undefined {
  return text
    .split("\n")
    .map((line) => line.split(/ {2,}/))
    .find(([first]) => first === name);
}

describe("npm run pins", () => {
  it("says of each pin what is newer on its line, what is newest, and where it is pinned", async () => {
    const text = await report(
      [npm("a", "1.0.0"), npm("b", "2.0.0")],
      [],
      recorded(
        {},
        {
          "npm view a versions --json": '["1.0.0","1.3.0","2.1.0"]',
          "npm view b versions --json": '["1.9.0","2.0.0"]',
        },
      ),
    );
    expect(row(text, "pin")).toEqual(["pin", "ours", "same line", "newest", "where"]);
    expect(row(text, "a")).toEqual(["a", "1.0.0", "1.3.0", "2.1.0", "package.json"]);
    expect(row(text, "b")).toEqual(["b", "2.0.0", "-", "-", "package.json"]);
    expect(text).toContain("1 of 2 pins have something newer; 0 are not known.");
    expect(text).not.toContain("?");
  });

  it("says in one line which registry does not answer, and goes on", async () => {
    const text = await report(
      [image("a/b"), image("c/d"), npm("e", "1.0.0"), aws("vpc-cni"), aws("coredns")],
      [],
      recorded({}, { "npm view e versions --json": '["1.0.1"]' }),
    );
    expect(row(text, "a/b")).toEqual(["a/b", "1.0.0", "?", "?", "versions.ts, go.mod"]);
    expect(row(text, "e")?.slice(2, 4)).toEqual(["1.0.1", "1.0.1"]);
    expect(text.split("\n").filter((line) => line.startsWith("? "))).toEqual([
      "? registry.example: getaddrinfo ENOTFOUND registry.example (a/b, c/d)",
      "? AWS: run: aws eks list (vpc-cni, coredns)",
    ]);
    expect(text).toContain("1 of 1 pins have something newer; 4 are not known.");
  });

  it("marks what Dependabot leaves alone, by name and by the beginning of names", async () => {
    const text = await report(
      [npm("typescript", "6.0.3"), npm("@kubernetes-models/base", "5.0.1"), npm("zod", "4.0.0")],
      ["typescript", "@kubernetes-models/*"],
      recorded(
        {},
        {
          "npm view typescript versions --json": '["7.0.2"]',
          "npm view @kubernetes-models/base versions --json": '["6.0.1"]',
          "npm view zod versions --json": '["4.1.0"]',
        },
      ),
    );
    expect(row(text, "typescript")?.[3]).toBe("7.0.2 *");
    expect(row(text, "@kubernetes-models/base")?.[3]).toBe("6.0.1 *");
    expect(row(text, "zod")?.[3]).toBe("4.1.0");
    expect(text).toContain("* held back in .github/dependabot.yml");
  });

  it("says how far a list reaches that ends before what is pinned: it says nothing of what is newer", async () => {
    const answers = { "npm view a versions --json": '["0.84.0","0.85.0"]' };
    const text = await report([npm("a", "0.94.1")], [], recorded({}, answers));
    expect(row(text, "a")?.slice(2, 4)).toEqual(["-", "lists up to 0.85.0"]);
  });
});
