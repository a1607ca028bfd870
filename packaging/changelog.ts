/** One version of CHANGELOG.md. */
export interface Release {
  /** Without a "v": `0.2.0`. */
  readonly version: string;
  /** Year-month-day. */
  readonly date: string;
  /** Markdown below the heading. */
  readonly notes: string;
}

/** What has to be the same before a version is published. */
export interface Versions {
  /** The git tag: `v0.2.0`. */
  readonly tag: string;
  /** package.json's version. */
  readonly package: string;
  /** The constant RELEASE, which the package writes into what it hands over. */
  readonly code: string;
  /** The whole text of CHANGELOG.md. */
  readonly changelog: string;
}

/** The versions of a changelog in the form of "Keep a Changelog", newest first; "Unreleased" is none. */
export function releasesOf(changelog: string): Release[] {
  return changelog.split(/^## /m).flatMap((section) => {
    const heading = /^\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})\n/.exec(section);
    if (heading === null) return [];
    const [line, version = "", date = ""] = heading;
    // References to links stand at the end of the file, below the last version.
    const notes = section
      .slice(line.length)
      .replace(/^\[[^\]]+\]: .*$/gm, "")
      .trim();
    return [{ version, date, notes }];
  });
}

/** What keeps a tag from being published, a sentence each. */
export function releaseProblems(versions: Versions): string[] {
  const version = /^v(\d+\.\d+\.\d+)$/.exec(versions.tag)?.[1];
  if (version === undefined)
    return [`tag: found ${JSON.stringify(versions.tag)}; allowed: "v" and a version, such as v0.2.0`];
  const problems: string[] = [];
  if (versions.package !== version)
    problems.push(`package.json: version is ${versions.package}, the tag says ${version}; run npm version`);
  if (versions.code !== version)
    problems.push(`components/platform/model.ts: RELEASE is ${versions.code}, the tag says ${version}`);
  const releases = releasesOf(versions.changelog);
  const release = releases.find((candidate) => candidate.version === version);
  if (release === undefined)
    problems.push(
      `CHANGELOG.md: no heading "## [${version}] - YYYY-MM-DD"; move what is under "Unreleased" below one`,
    );
  else if (release !== releases[0])
    problems.push(
      `CHANGELOG.md: ${releases[0]?.version} stands above ${version}; the newest version comes first`,
    );
  else if (release.notes === "")
    problems.push(`CHANGELOG.md: nothing is said below the heading of ${version}`);
  return problems;
}
