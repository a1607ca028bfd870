import { Document, stringify } from "yaml";
import { memoize } from "../../components/core/memoize.ts";

// Maps and lists as YAML in block style, with the bytes of the package `yaml` and about a fifth of its time: of a preview that writes four
// environments, the package took a seventh. What is rare, such as a text with control characters, is still written by the package.

const OPTIONS = { compat: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false } as const;

/** YAML that readers of YAML 1.1 and of 1.2 understand alike: "yes", "1e3" and "1_000" stay text. */
export function blockYaml(value: unknown): string {
  try {
    if (isList(value) && value.length > 0) return `${listLines(value, "")}\n`;
    if (isMap(value) && hasFields(value)) return `${mapLines(value, "")}\n`;
  } catch (error) {
    if (!(error instanceof Unusual)) throw error;
  }
  return stringify(value, OPTIONS);
}

/** Something that is left to the package with everything around it. */
class Unusual extends Error {}

type List = readonly unknown[];
type Fields = Readonly<Record<string, unknown>>;

const isList = (value: unknown): value is List => Array.isArray(value);

function isMap(value: unknown): value is Fields {
  if (value === null || typeof value !== "object" || isList(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || "toJSON" in value) throw new Unusual();
  return true;
}

/** The lines of a map, without the indent of the first. */
function mapLines(map: Fields, indent: string): string {
  const lines: string[] = [];
  const inner = `${indent}  `;
  for (const key of Object.keys(map)) {
    const value = map[key];
    if (value === undefined) continue;
    const name = keyText(key);
    if (isList(value) && value.length > 0) lines.push(`${name}:\n${inner}${listLines(value, inner)}`);
    else if (isMap(value) && hasFields(value)) lines.push(`${name}:\n${inner}${mapLines(value, inner)}`);
    else lines.push(`${name}: ${scalar(value, inner)}`);
  }
  return lines.join(`\n${indent}`);
}

function listLines(list: List, indent: string): string {
  const inner = `${indent}  `;
  return list.map((item) => `- ${itemLines(item, inner)}`).join(`\n${indent}`);
}

function itemLines(item: unknown, inner: string): string {
  if (isList(item) && item.length > 0) return listLines(item, inner);
  if (isMap(item) && hasFields(item)) return mapLines(item, inner);
  return scalar(item, inner);
}

function hasFields(map: Fields): boolean {
  for (const key in map) if (map[key] !== undefined) return true;
  return false;
}

/** A scalar, or a list or map without anything in it. `indent` is that of its second line. */
function scalar(value: unknown, indent: string): string {
  if (typeof value === "string") return text(value, indent);
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return String(value);
  if (value === null || value === undefined) return "null";
  if (isList(value)) return "[]";
  if (isMap(value)) return "{}";
  throw new Unusual();
}

function number(value: number): string {
  if (!Number.isFinite(value) || Object.is(value, -0)) throw new Unusual();
  return JSON.stringify(value);
}

// Beside letters, digits and signs: the line feed.
const CONTROLS = /[^\n\u0020-\u007e\u00a0-\ud7ff\ue000-\uffff]/;
// What must not stand plainly: an indicator at the start, and what would end the text or begin a comment.
const NOT_PLAIN = /^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/;
// A first line that does not begin with a space or line feed, and no line of spaces at the end.
const SIMPLE_LINES = /^[^\n\t ][\s\S]*[^\n\t ]\n?$/;

function text(value: string, indent: string): string {
  if (CONTROLS.test(value)) return byPackage(value, indent);
  if (!value.includes("\n")) return NOT_PLAIN.test(value) || readsAsOther(value) ? quoted(value) : value;
  if (!SIMPLE_LINES.test(value)) return byPackage(value, indent);
  const [body, header] = value.endsWith("\n") ? [value.slice(0, -1), "|"] : [value, "|-"];
  return `${header}\n${indent}${body.replace(/\n+/g, `$&${indent}`)}`;
}

function quoted(value: string): string {
  return value.includes('"') && !value.includes("'") ? `'${value}'` : JSON.stringify(value);
}

const { tags, compat } = new Document(null, OPTIONS).schema;
/** How numbers, booleans and the like are written, in both versions of YAML. */
const OTHERS = [...tags, ...(compat ?? [])].flatMap((tag) =>
  "test" in tag && tag.default && tag.tag !== "tag:yaml.org,2002:str" && tag.test !== undefined
    ? [tag.test]
    : [],
);
// Whatever is longer, or begins with a letter that no such word begins with, is a text.
const LONGEST_WORD = 5;

function readsAsOther(value: string): boolean {
  if (value.length > LONGEST_WORD && /^[A-Za-z_(/$]/.test(value)) return false;
  return OTHERS.some((test) => test.test(value));
}

// Names come again and again, and there are never many of them.
const keyText = memoize(
  (key: string): string => {
    if (key === "" || key.length > 1000 || key.includes("\n") || CONTROLS.test(key)) throw new Unusual();
    // The package has rules of its own for what looks like the start of a document in a key.
    if (/^(?:%|---|\.\.\.)/.test(key)) throw new Unusual();
    return NOT_PLAIN.test(key) || readsAsOther(key) ? quoted(key) : key;
  },
  { most: 10_000 },
);

/** As the package writes it below a key, moved to where it stands here. */
function byPackage(value: string, indent: string): string {
  const [first = "", ...others] = stringify({ k: value }, OPTIONS).slice(3, -1).split("\n");
  return [first, ...others.map((line) => (line === "" ? line : `${indent}${line.slice(2)}`))].join("\n");
}
