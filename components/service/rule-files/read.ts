import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import { type CallSite, placesIn, shownPath } from "../../core/call-site.ts";
import { joinPath, type Problem, shown } from "../../core/problems.ts";

/** A definition whose paths of rule files are replaced by what the files contain, and what is wrong with the files. */
export interface WithFiles {
  readonly definition: unknown;
  readonly problems: readonly Problem[];
}

/** Reads the rule files of a definition. Their paths start at the folder of the file that calls; `root` starts the paths of problems. */
export function withRuleFiles(definition: unknown, call: CallSite, root: string): WithFiles {
  const rules = (definition as { readonly rules?: unknown } | null | undefined)?.rules;
  if (!Array.isArray(rules) || !rules.some((file) => typeof file === "string"))
    return { definition, problems: [] };
  const [place] = placesIn(call);
  const folder = place === undefined ? process.cwd() : dirname(place.file);
  const problems: Problem[] = [];
  const read = rules.map((file: unknown, index) => {
    // Texts that are no paths are for the schema.
    if (typeof file !== "string" || !/\.(?:ya?ml|json)$/.test(file)) return file;
    const content = contentOf(file, folder);
    if (typeof content !== "string") return { file, groups: content };
    problems.push({
      path: joinPath(root, ["rules", index]),
      found: `${shown(file)}, ${content}`,
      allowed: "a rule file of Prometheus, or one PrometheusRule, at a path from the file of the definition",
      fix: "correct the path or the file",
    });
    return undefined;
  });
  if (problems.length > 0) return { definition: { ...(definition as object), rules: [] }, problems };
  return { definition: { ...(definition as object), rules: read }, problems };
}

/** The groups of a file, or what is wrong with it. */
function contentOf(file: string, folder: string): unknown[] | string {
  const path = resolve(folder, file);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : `cannot be read (${code})`;
    return `${why} at ${shownPath(path)}`;
  }
  return groupsIn(text);
}

/** The groups of the text of a rule file or a PrometheusRule, or what is wrong with it. */
export function groupsIn(text: string): unknown[] | string {
  // Every scalar is the text that was written: Prometheus reads the label 1.10 as a text, too.
  const document = parseDocument(text, { schema: "failsafe", prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined)
    return `which is not one YAML document: ${error.message.split("\n")[0]?.replace(/:$/, "")}`;
  const file = document.toJS() as { readonly kind?: unknown; readonly spec?: unknown } | null;
  const holder = (file?.kind === "PrometheusRule" ? file.spec : file) as { readonly groups?: unknown } | null;
  if (!Array.isArray(holder?.groups)) return "which has no list of groups";
  return holder.groups.map(withNumbers);
}

/** Numbers are texts in the file. */
function withNumbers(group: unknown): unknown {
  const { limit } = (group ?? {}) as { readonly limit?: unknown };
  return typeof limit === "string" && /^\d+$/.test(limit)
    ? { ...(group as object), limit: Number(limit) }
    : group;
}
