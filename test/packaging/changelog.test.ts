import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { releaseProblems, releasesOf } from "../../packaging/changelog.ts";

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- A thing to come.

## [0.2.0] - 2026-12-01

### Changed

- Two things.

## [0.1.0] - 2026-11-23

### Added

- One thing.

[0.2.0]: https://example.com/0.2.0
`;
const GOOD = { tag: "v0.2.0", package: "0.2.0", code: "0.2.0", changelog: CHANGELOG };

describe("the changelog", () => {
  it("is read version by version, without what is unreleased and without the links at its end", () => {
    expect(releasesOf(CHANGELOG)).toEqual([
      { version: "0.2.0", date: "2026-12-01", notes: "### Changed\n\n- Two things." },
      { version: "0.1.0", date: "2026-11-23", notes: "### Added\n\n- One thing." },
    ]);
  });

  it("of this repository has unreleased changes first, then versions in descending order, each dated", () => {
    const own = readFileSync(new URL("../../CHANGELOG.md", import.meta.url), "utf8");
    const releases = releasesOf(own);
    const headings = own.match(/^## .*$/gm) ?? [];
    expect(headings[0]).toBe("## [Unreleased]");
    expect(headings.slice(1)).toEqual(releases.map(({ version, date }) => `## [${version}] - ${date}`));
    const numbers = releases.map(({ version }) =>
      version
        .split(".")
        .map((part) => part.padStart(6, "0"))
        .join("."),
    );
    expect(numbers).toEqual(numbers.toSorted().toReversed());
    for (const { date } of releases) {
      expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
    }
    const kinds = new Set((own.match(/^### .*$/gm) ?? []).map((line) => line.slice(4)));
    expect(["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]).toEqual(
      expect.arrayContaining([...kinds]),
    );
  });
});

describe("a release", () => {
  it("is fine when tag, package.json, code and changelog say the same", () => {
    expect(releaseProblems(GOOD)).toEqual([]);
  });

  it.each([
    ["a tag that is no version", { tag: "0.2.0" }, [/^tag: found "0\.2\.0"/]],
    ["package.json that lags behind", { package: "0.1.0" }, [/^package\.json: version is 0\.1\.0/]],
    ["code that lags behind", { code: "0.1.0" }, [/RELEASE is 0\.1\.0/]],
    [
      "a version that the changelog does not have, with every other difference",
      { tag: "v0.3.0" },
      [/^package\.json/, /RELEASE/, /no heading "## \[0\.3\.0\] - YYYY-MM-DD"/],
    ],
    [
      "a version that is not the newest of the changelog",
      { tag: "v0.1.0", package: "0.1.0", code: "0.1.0" },
      [/0\.2\.0 stands above 0\.1\.0/],
    ],
    [
      "a version of which the changelog says nothing",
      { changelog: "## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n[0.2.0]: https://example.com\n" },
      [/nothing is said/],
    ],
  ])("is stopped by %s", (_what, change, problems) => {
    expect(releaseProblems({ ...GOOD, ...change })).toEqual(
      problems.map((problem) => expect.stringMatching(problem)),
    );
  });
});
