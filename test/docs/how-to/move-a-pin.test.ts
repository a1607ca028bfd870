import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { pinsOf } from "../../pins/pins.ts";
import { howTo } from "../page.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const page = howTo("move-a-pin");

describe("docs/how-to/move-a-pin.md", () => {
  it("names every file that pins a version", async () => {
    const files = new Set((await pinsOf(ROOT)).flatMap((pin) => pin.files));
    expect([...files].filter((file) => !page.includes(`\`${file}\``))).toEqual([]);
  });

  it("runs scripts of package.json, projects of vitest and folders that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = [...page.matchAll(/npm (?:run )?([a-z:-]+)/g)].map(([, script = ""]) => script);
    expect(named).toContain("pins");
    expect(named.filter((script) => !(script in scripts) && script !== "packages")).toEqual([]);

    const runs = [...page.matchAll(/npx vitest run --project ([a-z-]+)([^`]*)`/g)];
    expect(runs.length).toBeGreaterThan(3);
    const config = readFileSync(join(ROOT, "vitest.config.ts"), "utf8");
    for (const [, project = "", folders = ""] of runs) {
      expect(config).toContain(`name: "${project}"`);
      for (const folder of folders.split(" ").filter(Boolean))
        expect(existsSync(join(ROOT, folder)), folder).toBe(true);
    }
  });
});
