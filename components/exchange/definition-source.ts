import type { ServiceDefinition } from "../service/model.ts";

/** The widest line that the house's formatter leaves as it is. */
const WIDTH = 110;

/** Definitions as TypeScript, of a file under stacks/services if nothing else is said: what a person would have written. */
export function definitionSource(
  definitions: readonly ServiceDefinition[],
  from = "../../components/service/model.ts",
): string {
  const header = `import { defineService } from "${from}";\n`;
  const names = new Set<string>();
  const exports = definitions.map((definition) => {
    const name = constantName(definition.name, names);
    return `export const ${name} = defineService(${literal(definition, 0, `export const ${name} = defineService(`.length)});\n`;
  });
  return [header, ...exports].join("\n");
}

/** Words that no constant may be called, of those that could be the name of a service. */
const RESERVED = new Set(
  `break case catch class const continue debugger default delete do else enum export extends false finally for function if
   implements import in instanceof interface let new null package private protected public return static super switch this
   throw true try typeof var void while with yield await`.split(/\s+/),
);

function constantName(service: string, taken: Set<string>): string {
  const camel = service.replaceAll(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  let name = RESERVED.has(camel) ? `${camel}Service` : camel;
  while (taken.has(name)) name = `${name}Service`;
  taken.add(name);
  return name;
}

/** A value as TypeScript, on one line where it fits; `column` is where it begins. */
function literal(value: unknown, depth: number, column: number): string {
  if (Array.isArray(value)) return `[${value.map((each) => literal(each, depth, column)).join(", ")}]`;
  if (typeof value === "string") return stringLiteral(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (entries.length === 0) return "{}";
  if (depth > 1 || (depth === 1 && entries.every(([, inner]) => typeof inner === "string"))) {
    const line = `{ ${entries.map(([key, inner]) => `${keyLiteral(key)}: ${literal(inner, depth + 1, 0)}`).join(", ")} }`;
    if (!line.includes("\n") && column + line.length < WIDTH - 1) return line;
  }
  const indent = "  ".repeat(depth + 1);
  const lines = entries.map(([key, inner]) => {
    const start = `${indent}${keyLiteral(key)}: `;
    const text = literal(inner, depth + 1, start.length);
    const isTooWide =
      typeof inner === "string" && start.length + text.length + 1 > WIDTH && !text.includes("\n");
    return isTooWide ? `${start.trimEnd()}\n${indent}  ${text},` : `${start}${text},`;
  });
  return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
}

function keyLiteral(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

/** In the quotes that need fewer escapes; over several lines as a template, because a query is read by people. */
function stringLiteral(text: string): string {
  if (text.includes("\n")) return `\`${text.replaceAll(/[\\`]|\$\{/g, "\\$&").replaceAll("\r", "\\r")}\``;
  const json = JSON.stringify(text);
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  return doubles > singles ? `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : json;
}
