import { describe, expect, it } from "vitest";
import { type Line, newest } from "./versions.ts";

describe("what is newer than a pinned version", () => {
  it.each<[string, string, Line, string[], string | undefined, string | undefined]>([
    ["a patch", "3.13.1", "minor", ["3.13.0", "3.13.5", "3.13.2"], "3.13.5", "3.13.5"],
    ["another line", "3.13.5", "minor", ["3.13.5", "3.16.0", "3.14.0"], undefined, "3.16.0"],
    ["both", "0.33.1", "minor", ["0.33.2", "0.35.0"], "0.33.2", "0.35.0"],
    ["numbers and not letters", "3.9.2", "minor", ["3.10.0", "3.9.10"], "3.9.10", "3.10.0"],
    ["of a package, by major version", "4.5.3", "major", ["4.11.0", "5.0.0"], "4.11.0", "5.0.0"],
    [
      "of a package below 1.0.0, by minor version",
      "0.28.2",
      "major",
      ["0.28.3", "0.29.0"],
      "0.28.3",
      "0.29.0",
    ],
    ["no pre-release", "3.13.5", "minor", ["3.13.6-rc.0", "4.0.0-beta.1"], undefined, undefined],
    ["no tag that moves", "13.1.4", "minor", ["latest", "14", "13.2", "13.1.5-ubuntu"], undefined, undefined],
    ["without the v of a tag", "0.28.0", "minor", ["v0.28.0", "v0.29.1"], undefined, "0.29.1"],
    ["nothing", "1.2.3", "minor", ["1.2.3", "1.2.2"], undefined, undefined],
  ])("%s", (_, pinned, line, listed, ofLine, ofAll) => {
    expect(newest(pinned, listed, line)).toEqual({ ofLine, ofAll });
  });
});
