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
  // Appended and not joined: the text of a large report is not copied for each element around it.
  let text = "";
  for (const [index, string] of strings.entries()) text += string + print(contents[index]);
  return new Html(text);
}

/** Text that is HTML already, such as the style sheet. Never for anything that an environment says. */
export function verbatim(text: string): Html {
  return new Html(text);
}

function print(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "string" || typeof content === "number") return escapeText(String(content));
  let text = "";
  for (const part of content) text += print(part);
  return text;
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
