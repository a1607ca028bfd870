import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { callSiteOf, isIn, placesIn, shownPath, shownPlace } from "../../../components/core/call-site.ts";

describe("the places of a stack", () => {
  it("are those of frames with a file, as paths and as URLs, from the innermost call on", () => {
    const stack = [
      "ReferenceError: STANDARD is not defined",
      "    at <anonymous> (/srv/stacks/services/shop.ts:29:9)",
      "    at file:///srv/a%20b/index.mjs:1:14",
      "    at async ModuleJob.run (node:internal/modules/esm/module_job:325:25)",
      "    at Array.map (<anonymous>)",
      "    at new Service (/srv/components/service (old)/model.ts:3:1)",
    ].join("\n");
    expect(placesIn({ stack })).toEqual([
      { file: "/srv/stacks/services/shop.ts", line: 29, column: 9 },
      { file: "/srv/a b/index.mjs", line: 1, column: 14 },
      { file: "/srv/components/service (old)/model.ts", line: 3, column: 1 },
    ]);
  });

  it("are none where there is no stack", () => {
    expect(placesIn({})).toEqual([]);
  });

  it("begin with the call of the function that is named, however deep it looks", () => {
    function defined() {
      return inner();
    }
    const inner = () => callSiteOf(defined);
    const lines = readFileSync(import.meta.filename, "utf8").split("\n");
    const line = lines.findIndex((text) => text.endsWith("// the call")) + 1;
    const [place] = placesIn(defined()); // the call
    expect(place).toEqual({ file: import.meta.filename, line, column: 30 });
  });
});

describe("a path in a message", () => {
  it("is relative below the working directory, and absolute elsewhere", () => {
    expect(shownPath(resolve("stacks/services/shop.ts"))).toBe("stacks/services/shop.ts");
    expect(shownPath("/elsewhere/shop.ts")).toBe("/elsewhere/shop.ts");
    expect(shownPath(resolve("..", "shop.ts"))).toBe(resolve("..", "shop.ts"));
    expect(shownPlace({ file: resolve("index.ts"), line: 4, column: 27 })).toBe("index.ts:4:27");
  });

  it("is in a folder only below it, whatever its name begins with", () => {
    expect(isIn("/srv/stacks/shop.ts", "/srv/stacks")).toBe(true);
    expect(isIn("/srv/stacks/..shop.ts", "/srv/stacks")).toBe(true);
    expect(isIn("/srv/stacks", "/srv/stacks")).toBe(false);
    expect(isIn("/srv/stacks-old/shop.ts", "/srv/stacks")).toBe(false);
  });
});
