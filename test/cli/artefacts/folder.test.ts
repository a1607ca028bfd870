import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FreshFolder, refuseForeignFiles, refuseOtherFolders } from "../../../cli/artefacts/folder.ts";
import { runHere } from "../surroundings.ts";

const root = mkdtempSync(join(tmpdir(), "bellwether-folder-"));
afterAll(() => rmSync(root, { recursive: true }));

function folderOf(name: string, files: readonly string[]): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const file of files) writeFileSync(join(folder, file), "");
  return folder;
}

const refuse = (folder: string) => () => refuseForeignFiles("slo-report", folder, ["a.html", "a.json"]);

describe("The folder of a report, whose content is replaced", () => {
  it("may be missing, empty or have an earlier report", () => {
    expect(refuse(join(root, "missing"))).not.toThrow();
    expect(refuse(folderOf("empty", []))).not.toThrow();
    expect(refuse(folderOf("earlier", ["a.html", "a.json"]))).not.toThrow();
  });

  it("is refused where it has a file of another kind, which would be deleted", () => {
    const folder = folderOf("mine", ["a.html", "notes.txt"]);
    expect(refuse(folder)).toThrow(`${folder}, which has notes.txt\n`);
  });

  it("names three of many files", () => {
    expect(refuse(folderOf("many", ["5", "4", "3", "2", "1"]))).toThrow("which has 1, 2, 3 and 2 more");
  });
});

describe("A file that is written in parts", () => {
  it("has them one after the other, and is there with the others when all are written", () => {
    const folder = join(root, "parts");
    const fresh = new FreshFolder(folder);
    const parts = Array.from({ length: 50 }, (_, index) => `${index} ä\n`.repeat(index));
    fresh.write("a/large.txt", parts);
    fresh.write("small.txt", "small");
    expect(existsSync(folder)).toBe(false);
    fresh.finish();
    expect(readFileSync(join(folder, "a/large.txt"), "utf8")).toBe(parts.join(""));
    expect(readFileSync(join(folder, "small.txt"), "utf8")).toBe("small");
  });
});

describe("The folder of an environment's preview, whose content is replaced", () => {
  const out = mkdtempSync(join(root, "out-"));
  const below = (name: string, files: readonly string[]) => {
    mkdirSync(join(out, name));
    for (const file of files) writeFileSync(join(out, name, file), "");
  };
  below("empty", []);
  below("prod", ["graph.json", "report.html"]);
  below("dev", ["notes.txt"]);
  writeFileSync(join(out, "local"), "");

  it("may be missing, empty or an earlier preview", () => {
    expect(() => refuseOtherFolders(out, ["missing", "empty", "prod"])).not.toThrow();
  });

  it("is refused where it is something else, each by name", () => {
    expect(() => refuseOtherFolders(out, ["prod", "dev", "local"])).toThrow(
      /2 problems[\s\S]*dev, which is not a preview[\s\S]*local, which is not a preview/,
    );
  });
});

describe("A command that replaces a folder", () => {
  const mine = folderOf("replaced", ["notes.txt"]);
  mkdirSync(join(root, "prod"));
  writeFileSync(join(root, "prod", "notes.txt"), "");

  it.each([
    ["preview", "prod", "--out", root],
    ["review", "prod", "--base", "HEAD", "--out", mine],
    ["alert-review", "--prometheus", "http://127.0.0.1:1", "--out", mine],
    ["slo-report", "--prometheus", "http://127.0.0.1:1", "--out", mine],
  ])("is refused before it does anything: %s", async (...line) => {
    const { code, out, error } = await runHere(line);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toMatch(/^[a-z-]+: 1 problem\n {2}--out\n/);
    expect(existsSync(join(mine, "notes.txt")) && existsSync(join(root, "prod", "notes.txt"))).toBe(true);
  });
});
