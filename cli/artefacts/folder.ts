import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { writing } from "../writing.ts";

/** Files by their path below the folder that they go to, with `/` between its parts. */
export type Files = ReadonlyMap<string, string>;

/** The text of a file, or its parts in their order, of which each is there only until the next is asked for. */
export type FileContent = string | Iterable<string>;

/** The text of a file as one. */
export function wholeText(content: FileContent): string {
  return typeof content === "string" ? content : [...content].join("");
}

/**
 * Files that are written beside a folder and then take its place together, so that whoever reads it finds what was there before, or all of the
 * new, and never a half of it. Every method throws an InvalidInputError where the operating system does not write.
 */
export class FreshFolder {
  readonly #folder: string;
  readonly #folders = new Set<string>();
  #fresh: string | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a file, by its path below the folder, with `/` between its parts. */
  write(path: string, content: FileContent): void {
    writing(this.#folder, () => {
      const below = join(this.#place(), dirname(path));
      if (!this.#folders.has(below)) mkdirSync(below, { recursive: true });
      this.#folders.add(below);
      const file = join(this.#place(), path);
      if (typeof content === "string") writeFileSync(file, content);
      else writeParts(file, content);
    });
  }

  /** Takes the folder's place. */
  finish(): void {
    writing(this.#folder, () => {
      const fresh = this.#place();
      const stale = `${fresh}.old`;
      // A folder cannot be renamed over another one that holds files.
      const isThere = existsSync(this.#folder);
      if (isThere) renameSync(this.#folder, stale);
      try {
        renameSync(fresh, this.#folder);
      } catch (error) {
        if (isThere) renameSync(stale, this.#folder);
        throw error;
      }
      this.#fresh = undefined;
      rmSync(stale, { recursive: true, force: true });
    });
  }

  /** Removes what was written and did not take the folder's place. */
  discard(): void {
    if (this.#fresh === undefined) return;
    try {
      rmSync(this.#fresh, { recursive: true, force: true });
    } catch {
      // Whatever is in the way here is what kept the files from being written, and that was said.
    }
    this.#fresh = undefined;
  }

  #place(): string {
    if (this.#fresh !== undefined) return this.#fresh;
    mkdirSync(dirname(this.#folder), { recursive: true });
    this.#fresh = mkdtempSync(`${this.#folder}.new-`);
    return this.#fresh;
  }
}

function writeParts(file: string, parts: Iterable<string>): void {
  const open = openSync(file, "w");
  try {
    for (const part of parts) writeFileSync(open, part);
  } finally {
    closeSync(open);
  }
}

/** Puts exactly these files into a folder. Throws as a {@link FreshFolder} does, and leaves what was there. */
export function replaceFolder(folder: string, files: Files): void {
  const fresh = new FreshFolder(folder);
  try {
    for (const [path, content] of files) fresh.write(path, content);
    fresh.finish();
  } finally {
    fresh.discard();
  }
}

/**
 * Throws an InvalidInputError of the command `subject` if the folder of `--out` has anything but files of these names: whoever replaces a
 * folder deletes what else is in it.
 */
export function refuseForeignFiles(subject: string, folder: string, names: readonly string[]): void {
  const foreign = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => !names.includes(name))
        .sort()
    : [];
  if (foreign.length === 0) return;
  const rest = foreign.length > 3 ? ` and ${foreign.length - 3} more` : "";
  throw new InvalidInputError(subject, [
    {
      path: "--out",
      found: `${folder}, which has ${foreign.slice(0, 3).join(", ")}${rest}`,
      allowed: `a folder that is new, empty or has only ${names.join(", ")}: its content is replaced`,
      fix: "name another folder",
    },
  ]);
}

/**
 * Throws an InvalidInputError if one of the folders below that of `--out` holds something and not what a preview writes: whoever replaces or removes it
 * deletes what is in it.
 */
export function refuseOtherFolders(outFolder: string, names: readonly string[]): void {
  const others = names.filter((name) => {
    const folder = join(outFolder, name);
    if (!existsSync(folder) || existsSync(join(folder, OF_A_PREVIEW))) return false;
    return !statSync(folder).isDirectory() || readdirSync(folder).length > 0;
  });
  if (others.length === 0) return;
  throw new InvalidInputError(
    "preview",
    others.map((name) => ({
      path: "--out",
      found: `${join(outFolder, name)}, which is not a preview`,
      allowed: `a folder in which ${name} is new, empty or an earlier preview: its content is replaced`,
      fix: "name another folder",
    })),
  );
}

/** Every preview has this file. */
const OF_A_PREVIEW = "graph.json";

/** Removes a folder: what it says would be about another input. Throws as a {@link FreshFolder} does. */
export function removeFolder(folder: string): void {
  writing(folder, () => rmSync(folder, { recursive: true, force: true }));
}
