/** The services' listing, `stacks/services/index.ts`, with one more; undefined if it has another form. */
export function withListed(listing: string, constant: string, team: string): string | undefined {
  const imports = new Map(
    [...listing.matchAll(/^import \{([^}]+)\} from "(\.\/[^"]+)";\n/gm)].map(([, names = "", file = ""]) => [
      file,
      names
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean),
    ]),
  );
  const list = /(=\s*)\[([^\]]*)\];/.exec(listing);
  const head = /^import type .*\n/m.exec(listing)?.[0];
  const comment = /^(?:\/\*\*[\s\S]*?\*\/|\/\/.*)\n(?=export const services)/m.exec(listing)?.[0];
  const declaration = /^export const services[^=]*/m.exec(listing)?.[0];
  if (!list || head === undefined || comment === undefined || declaration === undefined) return undefined;
  const file = `./${team}.ts`;
  imports.set(file, [...new Set([...(imports.get(file) ?? []), constant])].sort());
  const listed = [...new Set([...(list[2] ?? "").split(",").map((name) => name.trim()), constant])].filter(
    Boolean,
  );
  return [
    head,
    ...[...imports]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([from, names]) => `${onOneLineOrMore(`import { `, names, ` } from "${from}";`)}\n`),
    `\n${comment}`,
    `${onOneLineOrMore(`${declaration}= [`, listed, "];")}\n`,
  ].join("");
}

/** As the formatter of this repository lays it out. */
function onOneLineOrMore(before: string, names: readonly string[], after: string): string {
  const line = `${before}${names.join(", ")}${after}`;
  if (line.length <= 110) return line;
  return `${before.trimEnd()}\n${names.map((name) => `  ${name},\n`).join("")}${after.trimStart()}`;
}

/** A team's file with one more definition, whose own source it is; `source` begins with the import that it needs. */
export function withDefinition(file: string | undefined, source: string): string {
  if (file === undefined) return source;
  const [, definition = source] = /^import [^\n]*\n\n([\s\S]*)$/.exec(source) ?? [];
  return `${file.trimEnd()}\n\n${definition}`;
}

/** The name of the constant that a definition's source exports. */
export function constantIn(source: string): string {
  const name = /^export const (\w+)/m.exec(source)?.[1];
  if (name === undefined) throw new Error("a definition's source that exports no constant");
  return name;
}
