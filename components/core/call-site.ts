import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** A call in a program. The text of a stack is made only when it is read, so that keeping one costs microseconds. */
export interface CallSite {
  readonly stack?: string;
}

/** A place in a file. Lines and columns begin at 1. */
export interface Place {
  /** An absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where the running function was called. `callee` is that function. */
export function callSiteOf(callee: (...args: never[]) => unknown): CallSite {
  const site: CallSite = {};
  Error.captureStackTrace(site, callee);
  return site;
}

/** The places of a stack, the innermost call first; frames without a file are left out. */
export function placesIn({ stack = "" }: CallSite): readonly Place[] {
  return [...stack.matchAll(/^\s+at (?:.*\()?((?:file:\/\/)?(?:[A-Za-z]:)?[\\/].*?):(\d+):(\d+)\)?$/gm)].map(
    ([, file = "", line, column]) => ({ file: pathOf(file), line: Number(line), column: Number(column) }),
  );
}

/** As editors and terminals open it: `stacks/services/shop.ts:4:27`. */
export function shownPlace({ file, line, column }: Place): string {
  return `${shownPath(file)}:${line}:${column}`;
}

/** A file as people write it: from the working directory if it is below it. */
export function shownPath(file: string): string {
  return isIn(file, process.cwd()) ? relative("", file) : file;
}

/** Whether a file is in a folder or below it. */
export function isIn(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== "" && !/^\.\.(?:[\\/]|$)/.test(path) && !isAbsolute(path);
}

/** The path in a stack, which has paths and URLs. */
export function pathOf(file: string): string {
  return file.startsWith("file://") ? fileURLToPath(file) : file;
}
