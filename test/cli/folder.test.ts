import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replaceFolder } from "../../cli/artefacts/folder.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "bellwether-folder-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe("replacing a folder", () => {
  it("leaves exactly the new files, and nothing beside the folder", () => {
    const folder = join(parent, "prod");
    replaceFolder(folder, new Map([["old.txt", "old"]]));
    replaceFolder(
      folder,
      new Map([
        ["a.txt", "a"],
        ["deep/b.txt", "b"],
      ]),
    );
    expect(readdirSync(parent)).toEqual(["prod"]);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["a.txt", "deep", "deep/b.txt"]);
  });

  it("leaves what was there where a file cannot be written", () => {
    const folder = join(parent, "prod");
    mkdirSync(folder);
    writeFileSync(join(folder, "report.html"), "before");
    // A file cannot take the place of a folder.
    const impossible = new Map([
      ["report.html", "after"],
      ["deep/b.txt", "b"],
      ["deep", "a file"],
    ]);
    expect(() => replaceFolder(folder, impossible)).toThrow();
    expect(readFileSync(join(folder, "report.html"), "utf8")).toBe("before");
    expect(readdirSync(parent)).toEqual(["prod"]);
  });
});
