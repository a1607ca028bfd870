import { readFileSync } from "node:fs";
import { isIn, pathOf, placesIn, shownPath, shownPlace } from "../components/core/call-site.ts";
import { InvalidInputError, type Problem } from "../components/core/problems.ts";

// What users write in TypeScript is loaded as a module. A mistake in it is noticed by esbuild, which removes the types, by the module
// loader, or by the module itself when it runs; each reports the place in a form of its own.

/**
 * What a module exports that a user wrote. Throws an InvalidInputError with file, line and column if it cannot be loaded because of a
 * file in `folder`; any other error is thrown as it is.
 */
export async function loaded<Module>(load: () => Promise<Module>, folder: string): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof InvalidInputError) throw error;
    const problems = syntaxProblems(error, folder) ?? failureProblem(error, folder);
    throw problems === undefined ? error : new InvalidInputError(shownPath(folder), problems);
  }
}

/** The problems of an error that means that a file in the folder is no valid module; undefined for any other error. */
export function syntaxProblems(error: Error, folder: string): readonly Problem[] | undefined {
  return transformProblems(error, folder) ?? exportProblem(error, folder) ?? importProblem(error, folder);
}

/** esbuild lists every mistake as `<file>:<line>:<column>: ERROR: <what>`. Its first column is 0. */
function transformProblems({ message }: Error, folder: string): readonly Problem[] | undefined {
  const problems = [...message.matchAll(/^(.+):(\d+):(\d+): ERROR: (.+)$/gm)]
    .filter(([, file = ""]) => isIn(file, folder))
    .map(([, file = "", line, column, what = ""]) =>
      syntaxProblem({ file, line: Number(line), column: Number(column) + 1 }, what),
    );
  return problems.length > 0 ? problems : undefined;
}

/** V8 writes above the message: the file with the line, the text of the line, and a caret below the place. */
function exportProblem(error: Error, folder: string): readonly Problem[] | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const [, file = "", line, before = ""] = /^(.+):(\d+)\n.*\n([ \t]*)\^/.exec(error.stack ?? "") ?? [];
  if (line === undefined || !isIn(pathOf(file), folder)) return undefined;
  return [
    syntaxProblem({ file: pathOf(file), line: Number(line), column: before.length + 1 }, error.message),
  ];
}

/** A module that does not exist. Node names the file that imports it, and not the line. */
function importProblem(error: Error, folder: string): readonly Problem[] | undefined {
  if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") return undefined;
  const [, missing = "", importer = ""] =
    /^Cannot find (?:module|package) '(.+?)' imported from (.+)$/m.exec(error.message) ?? [];
  if (!isIn(pathOf(importer), folder)) return undefined;
  return [
    {
      path: placeOfImport(pathOf(importer), missing),
      found: `an import of ${shownPath(missing)}, which does not exist`,
      allowed: "a file that exists, or a package that is installed",
      fix: "correct the import",
    },
  ];
}

function placeOfImport(file: string, missing: string): string {
  const name = missing.split(/[\\/]/).at(-1) ?? missing;
  const lines = readFileSync(file, "utf8").split("\n");
  const index = lines.findIndex((text) => /\b(?:import|from)\b/.test(text) && text.includes(name));
  if (index < 0) return shownPath(file);
  return shownPlace({ file, line: index + 1, column: (lines[index] ?? "").indexOf(name) + 1 });
}

function syntaxProblem(place: Parameters<typeof shownPlace>[0], what: string): Problem {
  return {
    path: shownPlace(place),
    found: `code that cannot be loaded: ${what}`,
    allowed: "a module in TypeScript",
    fix: "correct the code there",
  };
}

/** What a module in the folder threw when it ran. What it calls elsewhere and fails is no mistake in the folder. */
function failureProblem(error: Error, folder: string): readonly Problem[] | undefined {
  const [place] = placesIn(error);
  if (place === undefined || !isIn(place.file, folder)) return undefined;
  return [
    {
      path: shownPlace(place),
      found: `${error.name}: ${error.message}`,
      allowed: "a module that can be loaded",
      fix: "correct the code there",
    },
  ];
}
