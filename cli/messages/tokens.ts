// The tokens of Go's text/template, as far as the templates of notifications use them. Everything else is refused, so that no message is
// drawn otherwise than Alertmanager sends it.

/** A template uses what this interpreter does not know. The message says what, and where. */
export class UnknownConstruct extends Error {
  override readonly name = "UnknownConstruct";
}

export interface Token {
  readonly kind: "string" | "number" | "word" | "field" | "variable" | "dot" | "mark";
  /** A string without its quotes and escapes, a field without its dot, a variable with its `$`. */
  readonly text: string;
  /** Whether it follows the token before it without a space: `$label.Name` is one operand, `$label .Name` two. */
  readonly glued: boolean;
}

/** A piece of a template: text, or the tokens of an action. */
export type Piece = { readonly text: string } | { readonly action: readonly Token[]; readonly line: number };

const BLANK = " \t\r\n";

/** Splits a template into text and actions. Comments and the blanks that `{{-` and `-}}` remove are gone. */
export function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let trims = false;
  for (let at = 0; at < template.length; ) {
    const open = template.indexOf("{{", at);
    const end = open === -1 ? template.length : open;
    const trimsBefore = open !== -1 && template[open + 2] === "-" && BLANK.includes(template[open + 3] ?? "");
    const text = trimmed(template.slice(at, end), trims, trimsBefore);
    if (text !== "") pieces.push({ text });
    if (open === -1) break;
    const line = template.slice(0, open).split("\n").length;
    const action = new ActionReader(template, open + (trimsBefore ? 3 : 2), line);
    if (action.tokens.length > 0) pieces.push({ action: action.tokens, line });
    trims = action.trims;
    at = action.end;
  }
  return pieces;
}

function trimmed(text: string, atStart: boolean, atEnd: boolean): string {
  const from = atStart ? text.search(/[^ \t\r\n]|$/) : 0;
  const left = text.slice(from);
  return atEnd ? left.replace(/[ \t\r\n]+$/, "") : left;
}

const TOKENS: readonly (readonly [Token["kind"], RegExp])[] = [
  ["string", /"(?:[^"\\\n]|\\.)*"/y],
  ["number", /\d+/y],
  ["field", /\.[A-Za-z_]\w*/y],
  ["variable", /\$\w*/y],
  ["word", /[A-Za-z_]\w*/y],
  ["dot", /\./y],
  ["mark", /:=|[=|(),]/y],
];

const ESCAPES: Readonly<Record<string, string>> = {
  "\\n": "\n",
  "\\t": "\t",
  "\\r": "\r",
  '\\"': '"',
  "\\\\": "\\",
};

/** Reads one action, from behind its `{{` to behind its `}}`. */
class ActionReader {
  readonly tokens: Token[] = [];
  readonly end: number;
  /** Whether it ends in `-}}`. */
  readonly trims: boolean;
  private readonly template: string;
  private readonly line: number;
  private at: number;

  constructor(template: string, from: number, line: number) {
    this.template = template;
    this.at = from;
    this.line = line;
    this.skipBlanks();
    if (template.startsWith("/*", this.at)) this.skipComment();
    for (;;) {
      const spaced = this.skipBlanks();
      const close = this.closing();
      if (close !== undefined) {
        this.trims = close === 3;
        this.end = this.at + close;
        return;
      }
      this.tokens.push(this.token(!spaced));
    }
  }

  private closing(): number | undefined {
    if (this.template.startsWith("-}}", this.at)) return 3;
    return this.template.startsWith("}}", this.at) ? 2 : undefined;
  }

  private skipBlanks(): boolean {
    const from = this.at;
    while (this.at < this.template.length && BLANK.includes(this.template[this.at] ?? "")) this.at++;
    return this.at > from;
  }

  private skipComment(): void {
    const end = this.template.indexOf("*/", this.at);
    if (end === -1) throw new UnknownConstruct(`line ${this.line} has a comment without an end`);
    this.at = end + 2;
  }

  private token(glued: boolean): Token {
    for (const [kind, pattern] of TOKENS) {
      pattern.lastIndex = this.at;
      const [found] = pattern.exec(this.template) ?? [];
      if (found === undefined) continue;
      this.at += found.length;
      return { kind, text: this.contentOf(kind, found), glued };
    }
    const rest = this.template.slice(this.at, this.at + 20).split("\n")[0];
    throw new UnknownConstruct(
      `line ${this.line} has ${JSON.stringify(rest)}, which is no token that is known`,
    );
  }

  private contentOf(kind: Token["kind"], found: string): string {
    if (kind === "field") return found.slice(1);
    if (kind !== "string") return found;
    return found.slice(1, -1).replaceAll(/\\./g, (pair) => {
      const character = ESCAPES[pair];
      if (character === undefined)
        throw new UnknownConstruct(`line ${this.line} has the escape ${pair}, which is not known`);
      return character;
    });
  }
}
