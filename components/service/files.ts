import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type CallSite, placesIn, shownPath } from "../core/call-site.ts";
import { isJson } from "../core/json.ts";
import { joinPath, type Problem, shown } from "../core/problems.ts";

/** A field of a definition whose entries may be paths of files. */
export interface FileFormat {
  readonly field: string;
  /** What the path of such a file ends with. */
  readonly ending: RegExp;
  /** What a file may be, as a phrase. */
  readonly allowed: string;
  /** What stands beside the path in the place of the path, or what is wrong with the text as a phrase that continues the path. */
  readonly contentOf: (text: string) => Readonly<Record<string, unknown>> | string;
}

/** A definition whose paths of files are replaced by what the files contain, and what is wrong with the files. */
export interface WithFiles {
  readonly definition: unknown;
  readonly problems: readonly Problem[];
}

/** Reads the files of a definition. Their paths start at the folder of the file that calls; `root` starts the paths of problems. */
export function withFiles(
  definition: unknown,
  formats: readonly FileFormat[],
  call: CallSite,
  root: string,
): WithFiles {
  const problems: Problem[] = [];
  const read: Record<string, unknown> = {};
  for (const format of formats) {
    const entries = isJson(definition) ? definition[format.field] : undefined;
    if (!Array.isArray(entries) || !entries.some((entry) => typeof entry === "string")) continue;
    const [place] = placesIn(call);
    const folder = place === undefined ? process.cwd() : dirname(place.file);
    const found = entries.map((entry: unknown, index) =>
      entryOf(entry, format, folder, joinPath(root, [format.field, index])),
    );
    const wrong = found.flatMap((entry) => (entry instanceof Unread ? [entry.problem] : []));
    problems.push(...wrong);
    read[format.field] = wrong.length > 0 ? [] : found;
  }
  return { definition: isJson(definition) ? { ...definition, ...read } : definition, problems };
}

class Unread {
  readonly problem: Problem;
  constructor(problem: Problem) {
    this.problem = problem;
  }
}

function entryOf(
  entry: unknown,
  { ending, allowed, contentOf }: FileFormat,
  folder: string,
  path: string,
): unknown {
  // Texts that are no paths are for the schema.
  if (typeof entry !== "string" || !ending.test(entry)) return entry;
  const file = resolve(folder, entry);
  const text = textOf(file);
  const content = text instanceof Unreadable ? `${text.why} at ${shownPath(file)}` : contentOf(text);
  if (typeof content !== "string") return { file: entry, ...content };
  return new Unread({
    path,
    found: `${shown(entry)}, ${content}`,
    allowed,
    fix: "correct the path or the file",
  });
}

class Unreadable {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

function textOf(file: string): string | Unreadable {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return new Unreadable(
      code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : `cannot be read (${code})`,
    );
  }
}
