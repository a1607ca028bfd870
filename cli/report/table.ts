import { type Content, type Html, html } from "./markup.ts";

/** A table that can be moved sideways where it is too wide; nothing without rows. */
export function tableHtml(
  label: string,
  head: readonly string[],
  rows: readonly (readonly Content[])[],
): Html | undefined {
  if (rows.length === 0) return undefined;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: ${label}"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody></table></div>
`;
}
