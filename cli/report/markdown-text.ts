/** A table, of which at most so many rows are shown. `file` has all. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  most: number,
  file = "report.html",
): string {
  if (rows.length === 0) return "";
  const shown = [head, head.map(() => "---"), ...rows.slice(0, most)].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
  // A table ends at a blank line; what follows it is prose.
  return [...shown, ...(rows.length > most ? ["", cut(rows.length - most, file)] : [])].join("\n");
}

/** Items of a list, each with its mark. */
export function list(items: readonly string[], most: number, mark = "- "): string {
  const more = items.length > most ? [`${mark}${cut(items.length - most)}`] : [];
  return [...items.slice(0, most), ...more].join("\n");
}

function cut(amount: number, file = "report.html"): string {
  return `and ${amount} more, which ${file} lists`;
}

/**
 * Text that means nothing to Markdown, on one line. A comment parts `@` and `#` from what follows, or GitHub would notify a
 * person and link an issue of that name.
 */
export function escaped(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_{}[\]()|~!^$]/g, "\\$&")
    .replace(/(^|\s)([-+=])(?=\s)/g, "$1\\$2")
    .replace(/(^|\s)(\d+)\.(?=\s)/g, "$1$2\\.")
    .replace(/(?<![\w.])([@#])(?=\w)/g, "$1<!-- -->");
}

/** Text as code, whatever it holds: a fence longer than any run of backticks in it, and no bar that would end a cell. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}
