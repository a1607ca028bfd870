import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const FOLDER = resolve(import.meta.dirname, "../../docs/decisions");
const list = readFileSync(join(FOLDER, "README.md"), "utf8");
const files = readdirSync(FOLDER).filter((file) => /^\d/.test(file));

describe("the decisions", () => {
  it.each(files)("%s has a date and a status, and the list has the same title, date and status", (file) => {
    const [, number, title, date, status] =
      /^# (\d{4}) (.+)\n\nDate: (\d{4}-\d{2}-\d{2})\. Status: (accepted|replaced by \d{4})\.\n/.exec(
        readFileSync(join(FOLDER, file), "utf8"),
      ) ?? [];
    expect(file.slice(0, 4)).toBe(number);
    expect(list).toContain(`| [${number}](${file}) | ${title} | ${date} | ${status} |\n`);
  });

  it("are all in the list, and nothing else is", () => {
    expect(list.match(/^\| \[/gm)).toHaveLength(files.length);
  });
});
