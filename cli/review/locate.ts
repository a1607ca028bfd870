import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { ENVIRONMENT_KEY } from "../stack-yaml.ts";
import type { GroupedChange } from "./change.ts";
import type { ReviewedChange } from "./review.ts";

type Location = ReviewedChange["location"];

/** Finds the line of a change: that of its setting in the stack file of its first environment, of its service's definition, or of the waivers. */
export function locator(root: string, stacksFolder: string): (change: GroupedChange) => Location {
  const services = join(stacksFolder, "services");
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
    const waivers = join(root, "policies/waivers.ts");
    if (cause.waiver === true && existsSync(waivers))
      return { file: shown(waivers), line: lineOf(read(waivers), "export const waivers") ?? 1 };
    const stack = join(stacksFolder, `Pulumi.${environment}.yaml`);
    if (!existsSync(stack)) return null;
    return { file: shown(stack), line: lineOfSetting(read(stack), cause.setting?.split(".") ?? []) };
  };
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
