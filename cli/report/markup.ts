/** HTML that is safe to print. Only {@link html} makes it, and {@link verbatim} for what is ours from end to end. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template may hold: text, which is escaped, and HTML, which is not. Nothing stands for what is left out. */
export type Content = Html | string | number | undefined | readonly Content[];

/** A template literal as HTML: every text that it holds is escaped. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  const parts = strings.map((string, index) => string + print(contents[index]));
  return new Html(parts.join(""));
}

/** Text that is HTML already, such as the style sheet. Never for anything that an environment says. */
export function verbatim(text: string): Html {
  return new Html(text);
}

function print(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "string" || typeof content === "number") return escapeText(String(content));
  return content.map(print).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
