// Versions as registries list them. Pre-releases are never newer than what is pinned.

/** The parts of a release, `[3, 13, 5]`; undefined for a pre-release and for what is no version. */
export function partsOf(version: string): readonly number[] | undefined {
  return /^v?\d+\.\d+\.\d+$/.test(version) ? version.replace(/^v/, "").split(".").map(Number) : undefined;
}

/** Negative if a is older than b. Both are releases. */
export function compare(a: string, b: string): number {
  const [left, right] = [partsOf(a) ?? [], partsOf(b) ?? []];
  const at = [0, 1, 2].find((index) => left[index] !== right[index]);
  return at === undefined ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

/** What of a version stays the same on its line: servers are maintained by minor version, packages by major version. */
export type Line = "minor" | "major";

export interface Newest {
  /** The newest release of the same line; undefined if it is what is pinned. */
  readonly ofLine: string | undefined;
  /** The newest release; undefined if it is what is pinned. */
  readonly ofAll: string | undefined;
}

/** What a registry lists that is newer than a pinned version. */
export function newest(pinned: string, listed: readonly string[], line: Line): Newest {
  const releases = listed
    .filter((version) => partsOf(version) !== undefined && compare(version, pinned) > 0)
    .map((version) => version.replace(/^v/, ""))
    .sort(compare);
  return {
    ofLine: releases.filter((version) => lineOf(version, line) === lineOf(pinned, line)).at(-1),
    ofAll: releases.at(-1),
  };
}

/** `3.13` of 3.13.5 by minor version. By major version 0.28.2 is on `0.28`: below 1.0.0 a minor version may change everything. */
function lineOf(version: string, line: Line): string {
  const [major = 0, minor = 0] = partsOf(version) ?? [];
  return line === "minor" || major === 0 ? `${major}.${minor}` : `${major}`;
}
