import { type Piece, piecesOf, type Token, UnknownConstruct } from "./tokens.ts";

// The grammar of Go's text/template, as far as the templates of notifications use it.

export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly value: Pipeline }
  | { readonly kind: "set"; readonly name: string; readonly declares: boolean; readonly value: Pipeline }
  | {
      readonly kind: "if" | "with";
      readonly value: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | {
      readonly kind: "range";
      readonly value: Pipeline;
      /** Variables of the index and the element; none without them. */
      readonly variables: readonly string[];
      readonly body: readonly Node[];
    }
  | { readonly kind: "template"; readonly name: string; readonly value: Pipeline };

/** Commands, each of which gets the result of the one before as its last argument. */
export type Pipeline = readonly Command[];

/** An operand alone, a function with its arguments, or a method with its arguments. */
export type Command = readonly [Operand, ...Operand[]];

export interface Operand {
  readonly base:
    | { readonly kind: "string"; readonly text: string }
    | { readonly kind: "number"; readonly value: number }
    | { readonly kind: "function"; readonly name: string }
    | { readonly kind: "variable"; readonly name: string }
    | { readonly kind: "dot" }
    | { readonly kind: "pipeline"; readonly pipeline: Pipeline };
  /** What is read of it: `Annotations`, `summary`. */
  readonly fields: readonly string[];
}

/** What a file of templates defines, by name. */
export type Definitions = ReadonlyMap<string, readonly Node[]>;

/** Reads a file of templates, which holds definitions and nothing else but blanks. */
export function parseDefinitions(file: string): Definitions {
  const parser = new Parser(piecesOf(file));
  const definitions = new Map<string, readonly Node[]>();
  for (;;) {
    const definition = parser.definition();
    if (definition === undefined) return definitions;
    definitions.set(definition.name, definition.body);
  }
}

/** Reads one template, such as the setting of a receiver. */
export function parseTemplate(template: string): readonly Node[] {
  return new Parser(piecesOf(template)).whole();
}

const BLOCKS = new Set(["if", "with", "range"]);
const REFUSED = new Set(["block", "break", "continue", "define", "nil", "true", "false"]);

class Parser {
  private readonly pieces: readonly Piece[];
  private at = 0;

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  whole(): readonly Node[] {
    const { nodes, end } = this.nodes();
    if (end !== undefined) throw new UnknownConstruct(`an action ${end[0]?.text} without a begin`);
    return nodes;
  }

  /** The next definition; undefined at the end. */
  definition(): { readonly name: string; readonly body: readonly Node[] } | undefined {
    for (;;) {
      const piece = this.pieces[this.at++];
      if (piece === undefined) return undefined;
      if ("text" in piece) {
        if (piece.text.trim() === "") continue;
        throw new UnknownConstruct(`text outside of a definition: ${JSON.stringify(piece.text.trim())}`);
      }
      const [keyword, name, ...rest] = piece.action;
      if (keyword?.text !== "define" || name?.kind !== "string" || rest.length > 0)
        throw new UnknownConstruct(`line ${piece.line} is no definition of a template`);
      const { nodes, end } = this.nodes();
      if (end?.length !== 1 || end[0]?.text !== "end")
        throw new UnknownConstruct(`the definition of ${name.text} has no end`);
      return { name: name.text, body: nodes };
    }
  }

  /** The nodes up to an `end` or `else`, and that action; undefined at the end of the template. */
  private nodes(): { readonly nodes: readonly Node[]; readonly end?: readonly Token[] } {
    const nodes: Node[] = [];
    for (;;) {
      const piece = this.pieces[this.at++];
      if (piece === undefined) return { nodes };
      if ("text" in piece) {
        nodes.push({ kind: "text", text: piece.text });
        continue;
      }
      const [first] = piece.action;
      if (first?.kind === "word" && (first.text === "end" || first.text === "else"))
        return { nodes, end: piece.action };
      nodes.push(this.action(piece.action, piece.line));
    }
  }

  private action(tokens: readonly Token[], line: number): Node {
    const [first, second] = tokens;
    if (first?.kind === "word") {
      if (REFUSED.has(first.text))
        throw new UnknownConstruct(`line ${line} uses ${first.text}, which is not known`);
      if (BLOCKS.has(first.text)) return this.block(first.text, tokens.slice(1), line);
      if (first.text === "template") return templateCall(tokens, line);
    }
    if (first?.kind === "variable" && (second?.text === ":=" || second?.text === "="))
      return {
        kind: "set",
        name: first.text,
        declares: second.text === ":=",
        value: pipelineOf(tokens.slice(2), line),
      };
    return { kind: "print", value: pipelineOf(tokens, line) };
  }

  private block(keyword: string, tokens: readonly Token[], line: number): Node {
    if (keyword === "range") return this.range(tokens, line);
    const kind = keyword === "if" ? "if" : "with";
    const value = pipelineOf(tokens, line);
    const { nodes: body, end } = this.nodes();
    return { kind, value, body, otherwise: this.otherwise(end, line) };
  }

  private otherwise(end: readonly Token[] | undefined, line: number): readonly Node[] {
    const [keyword, next, ...rest] = end ?? [];
    if (keyword?.text === "end" && next === undefined) return [];
    if (keyword?.text === "else" && next === undefined) {
      const { nodes, end: last } = this.nodes();
      if (last?.length === 1 && last[0]?.text === "end") return nodes;
    }
    // An `else if` shares its `end` with the `if` before it.
    if (keyword?.text === "else" && next?.text === "if") return [this.block("if", rest, line)];
    throw new UnknownConstruct(`the block of line ${line} does not end in else and end`);
  }

  private range(tokens: readonly Token[], line: number): Node {
    const assigns = tokens.findIndex(({ text, kind }) => kind === "mark" && text === ":=");
    const variables = assigns === -1 ? [] : tokens.slice(0, assigns).filter(({ text }) => text !== ",");
    if (variables.some(({ kind }) => kind !== "variable") || ![0, 2].includes(variables.length))
      throw new UnknownConstruct(`the range of line ${line} has other variables than index and element`);
    const value = pipelineOf(tokens.slice(assigns + 1), line);
    const { nodes: body, end } = this.nodes();
    if (end?.length !== 1 || end[0]?.text !== "end")
      throw new UnknownConstruct(`the range of line ${line} does not end in end`);
    return { kind: "range", value, variables: variables.map(({ text }) => text), body };
  }
}

function templateCall([, name, ...rest]: readonly Token[], line: number): Node {
  if (name?.kind !== "string" || rest.length === 0)
    throw new UnknownConstruct(`line ${line} calls a template without its name or its data`);
  return { kind: "template", name: name.text, value: pipelineOf(rest, line) };
}

function pipelineOf(tokens: readonly Token[], line: number): Pipeline {
  const reader = new PipelineReader(tokens, line);
  const pipeline = reader.pipeline();
  if (!reader.isDone) throw new UnknownConstruct(`line ${line} has something behind a pipeline`);
  return pipeline;
}

class PipelineReader {
  private readonly tokens: readonly Token[];
  private readonly line: number;
  private at = 0;

  constructor(tokens: readonly Token[], line: number) {
    this.tokens = tokens;
    this.line = line;
  }

  get isDone(): boolean {
    return this.at === this.tokens.length;
  }

  pipeline(): Pipeline {
    const commands = [this.command()];
    while (this.tokens[this.at]?.text === "|" && this.tokens[this.at]?.kind === "mark") {
      this.at++;
      commands.push(this.command());
    }
    return commands;
  }

  private command(): Command {
    const operands: [Operand, ...Operand[]] = [this.operand()];
    for (;;) {
      const next = this.tokens[this.at];
      if (next === undefined || (next.kind === "mark" && next.text !== "(")) return operands;
      operands.push(this.operand());
    }
  }

  private operand(): Operand {
    const token = this.tokens[this.at++];
    const base = this.base(token);
    // `.Alerts` is the field of the dot.
    const fields = token?.kind === "field" ? [token.text] : [];
    while (this.tokens[this.at]?.kind === "field" && this.tokens[this.at]?.glued === true)
      fields.push(this.tokens[this.at++]?.text ?? "");
    return { base, fields };
  }

  private base(token: Token | undefined): Operand["base"] {
    switch (token?.kind) {
      case "string":
        return { kind: "string", text: token.text };
      case "number":
        return { kind: "number", value: Number(token.text) };
      case "word":
        return { kind: "function", name: token.text };
      case "variable":
        return { kind: "variable", name: token.text };
      case "dot":
      case "field":
        return { kind: "dot" };
      default:
        return this.parenthesized(token);
    }
  }

  private parenthesized(token: Token | undefined): Operand["base"] {
    if (token?.text !== "(") throw new UnknownConstruct(`line ${this.line} lacks an operand`);
    const pipeline = this.pipeline();
    const close = this.tokens[this.at++];
    if (close?.text !== ")") throw new UnknownConstruct(`line ${this.line} lacks a closing parenthesis`);
    return { kind: "pipeline", pipeline };
  }
}
