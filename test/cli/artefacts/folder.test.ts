import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { refuseForeignFiles } from "../../../cli/artefacts/folder.ts";

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
