import { shownPath } from "../components/core/call-site.ts";
import { InvalidInputError, type Problem } from "../components/core/problems.ts";

type Reason = Omit<Problem, "path">;

const NO_PERMISSION: Reason = {
  found: "a place that this user may not write to",
  allowed: "a place with write permission",
  fix: "change the permissions, or write to another folder",
};
const NO_SPACE: Reason = {
  found: "no space left",
  allowed: "a device and a quota with free space",
  fix: "free some space, or write to another folder",
};
const IN_THE_WAY: Reason = {
  found: "a file where a folder must be, or a folder where a file must be",
  allowed: "a place that is free",
  fix: "remove what is in the way, or write to another folder",
};

/** What the operating system says if it does not write, by its error code. It is never a defect of the program. */
const REASONS: Readonly<Record<string, Reason>> = {
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EROFS: { ...NO_PERMISSION, found: "a file system that is read-only" },
  ENOSPC: NO_SPACE,
  EDQUOT: NO_SPACE,
  EFBIG: { ...NO_SPACE, found: "a file that is larger than the limit of this user or file system" },
  EISDIR: IN_THE_WAY,
  ENOTDIR: IN_THE_WAY,
  EEXIST: IN_THE_WAY,
  ENAMETOOLONG: {
    found: "a path that is too long",
    allowed: "a path that the file system accepts",
    fix: "write to a folder with a shorter path",
  },
};

/**
 * Runs what writes to a file or a folder. Throws an InvalidInputError with the path if the operating system does not write, and any
 * other error as it is.
 */
export function writing<Result>(path: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    const problem = writeProblem(error, path);
    throw problem === undefined ? error : new InvalidInputError("The output", [problem]);
  }
}

/** The problem of an error of the operating system that means that nothing can be written; undefined for any other error. */
export function writeProblem(error: unknown, path: string): Problem | undefined {
  const { code, path: file, message } = error as Partial<NodeJS.ErrnoException>;
  const reason = code !== undefined && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (reason === undefined) return undefined;
  // An error of the call `write` names no path.
  return { path: shownPath(file ?? path), ...reason, found: `${reason.found} (${message})` };
}
