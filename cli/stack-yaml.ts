import { Composer, type CST, type Document, isMap, isScalar, Lexer, LineCounter, Parser } from "yaml";
import { joinPath, type Problem, shown } from "../components/core/problems.ts";
import type { Validated } from "../components/core/validation.ts";

/** The key of a stack's config that holds its environment. */
export const ENVIRONMENT_KEY = "bellwether:environment";

// Aliases may be used, but not to write a gigabyte in ten lines.
const MOST_ALIASES = 100;
// An environment has seven levels.
const DEEPEST_NESTING = 200;

/** The YAML of a stack's file, and where each thing stands in it. */
export interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly value: unknown;
}

/** Reads the YAML of a stack's file: one document, or every reason why it cannot be read. */
export function parse(text: string, path: string): Validated<Parsed> {
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
  if (document === undefined) return refused(emptyFile(path));
  if (second !== undefined)
    return refused({
      path: at(path, lines, second.range[0]),
      found: "a second YAML document",
      allowed: "one document",
      fix: "remove the line --- and what does not belong",
    });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => syntaxProblem(error, document, path, lines, text));
    return { ok: false, problems };
  }
  if (document.contents === null) return refused(emptyFile(path));
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

function emptyFile(path: string): Problem {
  return {
    path,
    found: "an empty file",
    allowed: `a map with config and, in it, ${ENVIRONMENT_KEY}`,
    fix: "copy stacks/Pulumi.local.yaml and change what differs",
  };
}

function syntaxProblem(
  error: { readonly code: string; readonly message: string; readonly pos: readonly [number, number] },
  document: Document,
  path: string,
  lines: LineCounter,
  text: string,
): Problem {
  const position = at(path, lines, error.pos[0]);
  if (error.code === "DUPLICATE_KEY") {
    const key = text.slice(error.pos[0]).match(/^[^\s:]+(?::[^\s:]+)*/)?.[0] ?? "";
    return {
      path: pathOfDuplicate(document, key, error.pos[0]) ?? position,
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
function pathOfDuplicate(document: Document, key: string, offset: number): string | undefined {
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
  return segments && joinPath("", inEnvironment(segments));
}

/** Problems name what is inside the environment from `environment` on, as the resolver does. */
function inEnvironment(segments: readonly PropertyKey[]): readonly PropertyKey[] {
  return segments[0] === "config" && segments[1] === ENVIRONMENT_KEY
    ? ["environment", ...segments.slice(2)]
    : segments;
}

function at(path: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${path}:${line}:${col}`;
}

function refused(problem: Problem): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: [problem] };
}
