import { Composer, type CST, type Document, isMap, isNode, isScalar, Lexer, LineCounter, Parser } from "yaml";
import { segmentsOf } from "./problem-path.ts";
import { joinPath, type Problem, shown } from "./problems.ts";
import type { Validated } from "./validation.ts";

// Aliases may be used, but not to write a gigabyte in ten lines.
const MOST_ALIASES = 100;
// An environment has seven levels.
const DEEPEST_NESTING = 200;

/** The YAML of a file, and where each thing stands in it. */
export interface ParsedYaml {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly value: unknown;
}

/** What a kind of file holds, for messages. */
export interface KindOfFile {
  /** Continues "allowed is". */
  readonly holds: string;
  /** What to do about an empty one, as an imperative sentence without its full stop. */
  readonly fill: string;
  /** The path of a value in problems, where it is not that in the file. */
  readonly named?: (segments: readonly PropertyKey[]) => readonly PropertyKey[];
}

/** Reads the YAML of a file that people write: one document, or every reason why it cannot be read. */
export function parseYaml(text: string, path: string, kind: KindOfFile): Validated<ParsedYaml> {
  const lines = new LineCounter();
  const tokens = tokensOf(text, lines);
  if (tokens === undefined)
    return refused({
      path,
      found: "maps or lists nested too deeply to read",
      allowed: `at most ${DEEPEST_NESTING} levels`,
      fix: "remove the nesting",
    });
  const [document, second] = new Composer({ merge: true, prettyErrors: false, logLevel: "error" }).compose(
    tokens,
  );
  if (document === undefined) return refused(emptyFile(path, kind));
  if (second !== undefined)
    return refused({
      path: at(path, lines, second.range[0]),
      found: "a second YAML document",
      allowed: "one document",
      fix: "remove the line --- and what does not belong",
    });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) =>
      syntaxProblem(error, { document, path, lines, text }, kind),
    );
    return { ok: false, problems };
  }
  if (document.contents === null) return refused(emptyFile(path, kind));
  try {
    return { ok: true, value: { document, lines, value: document.toJS({ maxAliasCount: MOST_ALIASES }) } };
  } catch (error) {
    // That is how the library says that there are too many.
    if (!(error instanceof ReferenceError)) throw error;
    return refused({
      path,
      found: "aliases that unfold to more than the file holds, or that name no anchor",
      allowed: `at most ${MOST_ALIASES} uses of anchors`,
      fix: "write the values out",
    });
  }
}

/** A problem of a value of the file, with its line. */
export function located(problem: Problem, parsed: ParsedYaml): Problem {
  const line = lineOf(parsed, segmentsOf(problem.path) ?? []);
  return line === undefined ? problem : { ...problem, found: `${problem.found}, in line ${line}` };
}

/** The line of a value, or of the nearest one around it that the file has. */
export function lineOf(parsed: ParsedYaml, segments: readonly PropertyKey[]): number | undefined {
  if (segments.length === 0) return undefined;
  const node = parsed.document.getIn(segments, true);
  if (isNode(node) && node.range) return parsed.lines.linePos(node.range[0]).line;
  return lineOf(parsed, segments.slice(0, -1));
}

/**
 * The parser's tokens, or undefined where they nest too deeply. What follows the parser is recursive, and a stack that ends
 * inside a regular expression ends the process, so this cannot be left to a caught error.
 */
function tokensOf(text: string, lines: LineCounter): CST.Token[] | undefined {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > DEEPEST_NESTING) return undefined;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function emptyFile(path: string, { holds, fill }: KindOfFile): Problem {
  return { path, found: "an empty file", allowed: holds, fix: fill };
}

interface Read extends Pick<ParsedYaml, "document" | "lines"> {
  readonly path: string;
  readonly text: string;
}

function syntaxProblem(
  error: { readonly code: string; readonly message: string; readonly pos: readonly [number, number] },
  { document, path, lines, text }: Read,
  { named = (segments) => segments }: KindOfFile,
): Problem {
  const position = at(path, lines, error.pos[0]);
  if (error.code === "DUPLICATE_KEY") {
    const key = text.slice(error.pos[0]).match(/^[^\s:]+(?::[^\s:]+)*/)?.[0] ?? "";
    return {
      path: pathOfDuplicate(document, key, error.pos[0], named) ?? position,
      found: `the key ${shown(key)} a second time, at ${position}`,
      allowed: "each key once in a map",
      fix: "remove one of the two",
    };
  }
  return {
    path: position,
    found: `YAML that cannot be read: ${firstSentence(error.message)}`,
    allowed: "a YAML map",
    fix: "correct the syntax at that line",
  };
}

function firstSentence(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/[.:]\s*$/, "");
}

/** The dotted path of the map entry whose key starts at `offset`. */
function pathOfDuplicate(
  document: Document,
  key: string,
  offset: number,
  named: (segments: readonly PropertyKey[]) => readonly PropertyKey[],
): string | undefined {
  const find = (node: unknown, segments: readonly PropertyKey[]): readonly PropertyKey[] | undefined => {
    if (!isMap(node)) return undefined;
    for (const pair of node.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : "";
      if (isScalar(pair.key) && name === key && pair.key.range?.[0] === offset) return [...segments, name];
      const below = find(pair.value, [...segments, name]);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  const segments = find(document.contents, []);
  return segments && joinPath("", named(segments));
}

function at(path: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${path}:${line}:${col}`;
}

function refused(problem: Problem): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: [problem] };
}
