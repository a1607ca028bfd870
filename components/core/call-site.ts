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

/** Where a place in a compiled file stands in the source that it was compiled from. */
export type MapPlace = (place: Place) => Place;

let mapped: MapPlace = (place) => place;

/** Lets places be read from now on as `map` tells, for a program that was compiled into one file. */
export function readPlaces(map: MapPlace): void {
  mapped = map;
}

/** Where the running function was called. `callee` is that function. */
export function callSiteOf(callee: (...args: never[]) => unknown): CallSite {
  const site: CallSite = {};
  Error.captureStackTrace(site, callee);
  return site;
}

/** A frame: what comes before its place, the file, the line, the column, what comes after. */
const FRAME = /^(\s+at (?:.*\()?)((?:file:\/\/)?(?:[A-Za-z]:)?[\\/].*?):(\d+):(\d+)(\)?)$/gm;

/** The places of a stack, the innermost call first; frames without a file are left out. */
export function placesIn({ stack = "" }: CallSite): readonly Place[] {
  return [...stack.matchAll(FRAME)].map(([, , file = "", line, column]) =>
    mapped({ file: pathOf(file), line: Number(line), column: Number(column) }),
  );
}

/** The text of an error's stack, as {@link placesIn} reads its places. */
export function stackText({ stack = "" }: CallSite): string {
  return stack.replace(FRAME, (frame, before, file, line, column, after) => {
    const place = { file: pathOf(file), line: Number(line), column: Number(column) };
    const original = mapped(place);
    return original === place ? frame : `${before}${shownPlace(original)}${after}`;
  });
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
