import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runHere } from "../surroundings.ts";

// What a game day ends with is decided before it begins.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-debrief-"));
  mkdirSync(join(folder, "there"));
  mkdirSync(join(folder, "closed"));
  chmodSync(join(folder, "closed"), 0o500);
  writeFileSync(join(folder, "earlier.md"), "the review of an earlier day\n");
  writeFileSync(join(folder, "game-day-no-pods-prod.md"), "the review of an earlier day\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

const isRoot = process.getuid?.() === 0;

it.each([
  ["there", "which is a folder"],
  ["earlier.md", "which is there already"],
  ["earlier.md/day.md", "is a file"],
  // A superuser may write anywhere.
  ...(isRoot ? [] : [["closed/day.md", "a folder without write permission"]]),
])("a debrief in %s is refused before the lab starts", async (file, why) => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("bellwether-lab"));
  const line = ["lab", "prod", "--scenario", "no-pods", "--debrief", file ?? ""];
  const { code, out, error } = await runHere(line, { folder });
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(error).toContain("--debrief");
  expect(error).toContain(why);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("bellwether-lab"))).toEqual(before);
});

it("the debrief of an earlier day under the usual name is not written over", async () => {
  const { code, error } = await runHere(["lab", "prod", "--scenario", "no-pods"], { folder });
  expect(code).toBe(2);
  expect(error).toContain('"game-day-no-pods-prod.md", which is there already');
  expect(existsSync(join(folder, "game-day-no-pods-prod.md"))).toBe(true);
});
