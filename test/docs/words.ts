import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { filesIn, read } from "../support/repository.ts";

// The words that docs/glossary.md asks not to write, and the texts of the project in which they are searched.

const SECTION = "## Words that we do not use";

/** A text that somebody reads: `where` is its file, or the rendered file that it is in. */
export interface Text {
  readonly where: string;
  readonly text: string;
}

/** A word that was found, with some of the text around it. */
export interface Hit {
  readonly where: string;
  readonly pattern: string;
  readonly excerpt: string;
}

/** The regular expressions of the glossary's table. */
export function unwantedWords(glossary = read("docs/glossary.md")): readonly RegExp[] {
  const [, section = ""] = glossary.split(SECTION);
  const cells = section
    .split("\n")
    .filter((line) => /^\| `/.test(line))
    .map((line) => line.split(/(?<!\\)\|/)[1] ?? "");
  return cells.flatMap((cell) =>
    [...cell.replaceAll("\\|", "|").matchAll(/`([^`]+)`/g)].map(
      ([, source = ""]) => new RegExp(source, "gi"),
    ),
  );
}

export function hitsIn({ where, text }: Text, words: readonly RegExp[]): readonly Hit[] {
  return words.flatMap((word) =>
    [...text.matchAll(word)].map(({ index, 0: found }) => ({
      where,
      pattern: word.source,
      excerpt: text.slice(Math.max(0, index - 40), index + found.length + 30).replaceAll(/\s+/g, " "),
    })),
  );
}

/** The pages that people write or that are generated, without code and without the glossary's own table. */
export function pages(): readonly Text[] {
  const files = ["README.md", "CONTRIBUTING.md", ...filesIn("docs", ".md")];
  return files.map((where) => {
    const text = read(where);
    return { where, text: prose(where === "docs/glossary.md" ? (text.split(SECTION)[0] ?? "") : text) };
  });
}

/** The string literals of the sources that are sentences or parts of one: what has a blank in it. */
export function messages(): readonly Text[] {
  return ["components", "cli", "policies", "stacks"]
    .flatMap((folder) => filesIn(folder, ".ts"))
    .map((where) => ({ where, text: literals(read(where)).join("\n") }));
}

/** What a preview renders for people: annotations of alerts, texts of dashboards, and the report. */
export function rendered(previews: string, environment: string): readonly Text[] {
  const folder = join(previews, environment);
  const rules = readdirSync(join(folder, "prometheus/rules")).map(
    (file) => parse(readFileSync(join(folder, "prometheus/rules", file), "utf8")) as RuleFile,
  );
  const annotations = rules.flatMap(({ groups }) =>
    groups.flatMap(({ rules: all }) => all.flatMap(({ annotations: texts = {} }) => Object.values(texts))),
  );
  const dashboards = readdirSync(join(folder, "dashboards")).flatMap((file) =>
    textsOf(JSON.parse(readFileSync(join(folder, "dashboards", file), "utf8"))),
  );
  return [
    { where: "out/prometheus/rules/", text: annotations.join("\n") },
    { where: "out/dashboards/", text: dashboards.join("\n") },
    { where: "out/report.md", text: prose(readFileSync(join(folder, "report.md"), "utf8")) },
  ];
}

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly { readonly annotations?: Readonly<Record<string, string>> }[];
  }[];
}

/** The texts of a dashboard: titles, descriptions, labels and contents, wherever they are. */
function textsOf(value: unknown, key = ""): readonly string[] {
  if (typeof value === "string")
    return /^(title|description|label|content|displayName|text)$/.test(key) ? [value] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) => textsOf(inner, Array.isArray(value) ? key : name));
}

/** Markdown without code blocks, code spans and the targets of links. */
function prose(markdown: string): string {
  return markdown
    .replaceAll(/^```.*?^```/gms, "")
    .replaceAll(/`[^`\n]*`/g, "``")
    .replaceAll(/\]\([^)]*\)/g, "]");
}

function literals(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    ) {
      if (/\S\s|\s\S/.test(node.text)) found.push(node.text.replaceAll(/`[^`\n]*`/g, "``"));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("file.ts", source, ts.ScriptTarget.ESNext));
  return found;
}
