import { InvalidInputError } from "../components/core/problems.ts";
import { readJsonFile } from "./json-file.ts";

/** What a command takes that reads the state of a stack. */
export const EXPORT = "what `pulumi stack export` writes";

/**
 * What `pulumi stack export` wrote, not yet checked. Throws an InvalidInputError, without any value of the file, if it is no JSON or cannot
 * be read.
 *
 * @param shownAs what the file is called in messages.
 */
export function readExport(file: string, shownAs: string, allowed = EXPORT): unknown {
  const read = readJsonFile(file);
  if (read.why !== undefined) throw noExport(shownAs, `a file that ${read.why}`, allowed);
  return read.content;
}

/** The error for a file that is something else. `found` must not have a value of the file in it: a state has secrets. */
export function noExport(shownAs: string, found: string, allowed = EXPORT): InvalidInputError {
  return new InvalidInputError(shownAs, [
    {
      path: shownAs,
      found,
      allowed,
      fix: "write it with: pulumi stack export --stack <stack> --file <file>",
    },
  ]);
}
