import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { covers, type Waiver } from "../../policies/rules/waiver.ts";
import { lineOfEntry } from "../../policies/rules/waivers-file.ts";
import { WAIVERS_FILE } from "../../policies/rules/waivers-variable.ts";
import { ENVIRONMENT_KEY } from "../stack-yaml.ts";
import type { GroupedChange } from "./change.ts";
import type { ChangedLines } from "./changed-lines.ts";
import type { Location, Reminder } from "./review.ts";

/**
 * Finds the line of a change: that of its setting in the stack file of its first environment, of its service's definition, or of the
 * waivers. If git says which lines were changed and that one was not, it is the changed line that has most of the change's words.
 */
export function locator(
  root: string,
  stacksFolder: string,
  lines: readonly ChangedLines[] = [],
): (change: GroupedChange) => Location {
  const find = placeFinder(root, stacksFolder);
  return (change) => {
    const place = find(change);
    if (place !== null && lines.some((each) => isWithin(place, each))) return place;
    return likeliest(change, place, lines) ?? place;
  };
}

function isWithin({ file, line }: NonNullable<Location>, changed: ChangedLines): boolean {
  return file === changed.file && line >= changed.line && line < changed.line + Math.max(1, changed.count);
}

/** The changed lines that have most of a change's words; of several, those in the file that it was looked for in. */
function likeliest(
  { abouts, what, details, cause }: GroupedChange,
  place: Location,
  lines: readonly ChangedLines[],
): Location {
  const said = [
    ...abouts.slice(0, 4),
    what,
    cause?.setting ?? "",
    ...details.slice(0, 12).flatMap(({ label, before = "", after = "" }) => [label, before, after]),
  ].join(" ");
  const words = new Set(said.match(/[A-Za-z][\w-]{3,}|\d[\w./]*/g) ?? []);
  const scored = lines.map((each) => {
    const has = new Set(each.text.match(/[A-Za-z][\w-]{3,}|\d[\w./]*/g) ?? []);
    const same = [...words].filter((word) => has.has(word)).length;
    return { each, score: same === 0 ? 0 : same + (each.file === place?.file ? 0.5 : 0) };
  });
  const [best] = scored.sort((a, b) => b.score - a.score);
  if (best !== undefined && best.score > 0) return { file: best.each.file, line: best.each.line };
  // The cause is one of them: any is nearer than a line that stays as it is.
  const [first] = lines;
  return first === undefined ? null : { file: first.file, line: first.line };
}

function placeFinder(root: string, stacksFolder: string): (change: GroupedChange) => Location {
  const services = join(stacksFolder, "services");
  const waivers = join(stacksFolder, WAIVERS_FILE);
  const texts = new Map<string, string>();
  const read = (path: string) => {
    const text = texts.get(path) ?? (existsSync(path) ? readFileSync(path, "utf8") : "");
    texts.set(path, text);
    return text;
  };
  const shown = (path: string) => relative(root, path).split(sep).join("/");
  return ({ cause = {}, environments: [environment = ""] }) => {
    if (cause.service !== undefined)
      for (const file of existsSync(services) ? readdirSync(services).sort() : []) {
        const path = join(services, file);
        const line = lineOf(read(path), `name: ${JSON.stringify(cause.service)}`);
        if (line !== undefined) return { file: shown(path), line };
      }
    const { waived } = cause;
    const line = waived && lineOfEntry(read(waivers), shown(waivers), (entry) => isAbout(entry, waived));
    if (line !== undefined) return { file: shown(waivers), line };
    const stack = join(stacksFolder, `Pulumi.${environment}.yaml`);
    if (!existsSync(stack)) return null;
    return { file: shown(stack), line: lineOfSetting(read(stack), cause.setting?.split(".") ?? []) };
  };
}

/** Finds the line of a waiver that somebody must do something about. */
export function waiverLocator(root: string, stacksFolder: string): (reminder: Reminder) => Location {
  const path = join(stacksFolder, WAIVERS_FILE);
  if (!existsSync(path)) return () => null;
  const [text, file] = [readFileSync(path, "utf8"), relative(root, path).split(sep).join("/")];
  return ({ policy, environment, owner, expires }) => {
    const line = lineOfEntry(
      text,
      file,
      (entry) =>
        entry.owner === owner &&
        entry.expires === expires &&
        // A snooze names a check of the policy, and no environment.
        (entry.policy === undefined || entry.policy === policy) &&
        (entry.environments?.includes(environment) ?? true),
    );
    return line === undefined ? null : { file, line };
  };
}

function isAbout(entry: Partial<Waiver>, { policy, urn }: { readonly policy: string; readonly urn: string }) {
  const { resource, environments } = entry;
  return resource !== undefined && environments !== undefined && covers(entry as Waiver, policy, urn);
}

function lineOf(text: string, part: string): number | undefined {
  const index = text.split("\n").findIndex((line) => line.includes(part));
  return index < 0 ? undefined : index + 1;
}

/** The line of a setting, or of the nearest one above it that the file has: the rest is a default. */
function lineOfSetting(text: string, path: readonly string[]): number {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, keepSourceTokens: true });
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(["config", ENVIRONMENT_KEY, ...path.slice(0, depth)], true) as
      | { readonly range?: readonly [number, number, number] | null }
      | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
