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
    return this.#parts.map((part, index) => (index % 2 === 0 ? part : (names.get(part) ?? part))).join("");
  }
}

/** A word as names of services and namespaces are. */
const WORD = /[a-z0-9-]+/g;
