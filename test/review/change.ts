/** One change of a repository, made as a commit. */
export interface RepositoryChange {
  /** The name of its golden page. */
  readonly name: string;
  /** The subject of its commit. */
  readonly subject: string;
  /** Texts of files: what stands there, and what takes its place. */
  readonly edits: readonly Edit[];
  /** What is different in the base that this change alone is made on. */
  readonly baseEdits?: readonly Edit[];
  /** Files that are new, as copies of others with texts replaced. */
  readonly copies?: readonly Copy[];
  readonly deletes?: readonly string[];
  /** The environments that are reviewed. */
  readonly environments: readonly string[];
  /** What the first line of the page must say; a page of a change without effect is one line. */
  readonly headline: RegExp | "no change";
}

export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Copy {
  readonly from: string;
  readonly to: string;
  readonly replaced: readonly (readonly [string, string])[];
}

export const PROD = "stacks/Pulumi.prod.yaml";
export const STAGING = "stacks/Pulumi.staging.yaml";
export const SHOP = "stacks/services/shop.ts";

/** A change of one text of one file, reviewed in production. */
export function edit(
  name: string,
  subject: string,
  file: string,
  [from, to]: readonly [string, string],
  headline: RepositoryChange["headline"],
  environments: readonly string[] = ["prod"],
): RepositoryChange {
  return { name, subject, edits: [{ file, from, to }], environments, headline };
}

/** Settings of production that its file does not have yet, as lines of YAML below the environment. */
export function added(lines: string): readonly [string, string] {
  return ["    owner: platform\n", `    owner: platform\n${lines}`];
}
