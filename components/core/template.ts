/** The names of one thing, each by the placeholder that has its place in a template. */
export type Names = ReadonlyMap<string, string>;

/** A text with placeholders for names. It takes one search to make, and each text that it is filled to takes one concatenation. */
export class Template {
  readonly #parts: readonly string[];
  readonly #words: ReadonlySet<string>;

  /** Every occurrence of a placeholder is one; they are of letters, digits and hyphens, and none is part of another. */
  constructor(text: string, placeholders: readonly string[]) {
    this.#parts = text.split(new RegExp(`(${placeholders.join("|")})`));
    this.#words = new Set(
      this.#parts.filter((_, index) => index % 2 === 0).flatMap((part) => part.match(WORD) ?? []),
    );
  }

  /** Whether the text has a word by itself, beside the placeholders. */
  has(word: string): boolean {
    return this.#words.has(word);
  }

  fill(names: Names): string {
    return [...this.filled(names)].join("");
  }

  /** The text in parts of some ten thousand characters: none of them is so long that V8 keeps it until it collects all garbage. */
  *filled(names: Names): Generator<string> {
    let text = "";
    for (const [index, part] of this.#parts.entries()) {
      text += index % 2 === 0 ? part : (names.get(part) ?? part);
      if (text.length < PART) continue;
      yield text;
      text = "";
    }
    yield text;
  }
}

const PART = 32_768;

/** A word as names of services and namespaces are. */
const WORD = /[a-z0-9-]+/g;
