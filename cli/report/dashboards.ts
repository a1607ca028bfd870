import type { Figure, Picture } from "../pictures/kinds.ts";
import type { PanelPicture } from "../pictures/picture.ts";
import { type Content, type Html, html } from "./markup.ts";
import type { DashboardRow, Report } from "./model.ts";
import type { Section } from "./section.ts";

/** Every dashboard as one folded row, with its picture. */
export function dashboardSection({ dashboards, picturesFrom }: Report): Section | undefined {
  if (dashboards.length === 0) return undefined;
  return {
    id: "dashboards",
    title: "Dashboards",
    intro: html`Open one for its picture. ${picturesFrom}.`,
    content: html`${dashboards.map(board)}`,
  };
}

function board({ title, file, panels, picture }: DashboardRow): Html {
  if (picture === undefined)
    return html`<p class="quiet under"><a href="${file}">${title}</a>, ${panels} ${panels === 1 ? "panel" : "panels"}: without a picture, because the environment has so many dashboards</p>
`;
  return html`<details class="group board">
<summary><h3>${title}</h3> <span class="purpose">${picture.description}</span> <span class="number">${panels}<span class="quiet"> ${panels === 1 ? "panel" : "panels"}</span></span></summary>
${picture.note === undefined ? undefined : html`<p class="quiet under">${picture.note}.</p>\n`}${panelsHtml(picture.panels)}<p class="quiet under"><a href="${file}">${file}</a>, the file that Grafana imports</p>
</details>
`;
}

/** The panels of a dashboard at their places. */
export function panelsHtml(panels: readonly PanelPicture[]): Html {
  return html`<div class="panels">
${panels.map(panel)}</div>
`;
}

function panel({ title, description, at, picture }: PanelPicture): Html {
  const place = `grid-column:${at.x + 1}/span ${at.w};grid-row:${at.y + 1}/span ${at.h}`;
  if (picture === undefined) return html`<h4 style="${place}">${title}</h4>\n`;
  return html`<figure style="${place}"><figcaption title="${description}">${title}</figcaption>${drawn(picture, title)}</figure>
`;
}

/** A panel without its frame and title. */
export function drawn(picture: Picture, title: string): Html {
  switch (picture.kind) {
    case "empty":
      return html`<p class="none">The query returns nothing.</p>`;
    case "unknown":
      return html`<p class="none">No recording for this panel.</p>`;
    case "undrawn":
      return html`<p class="none">Previews do not draw panels of this type.</p>`;
    case "chart":
      return html`<img src="${picture.image}" alt="Lines over time: ${title}" loading="lazy"><p class="legend">${legend(picture.legend)}${picture.more > 0 ? html`<span>and ${picture.more} more</span>` : undefined}</p>`;
    case "numbers":
      return html`<p class="figures">${picture.figures.map(({ name, text, mood }) => html`<span class="figure ${mood}">${text}${picture.figures.length > 1 ? html`<small>${name}</small>` : undefined}</span>`)}</p>`;
    case "states":
      return html`<dl class="states">${picture.rows.map(({ name, states }) => html`<dt>${name}</dt><dd>${bars(states)}</dd>`)}</dl>`;
    case "table":
      return table(picture);
  }
}

function legend(names: readonly string[]): Content {
  return names.map((name, index) => html`<span class="s${index}">${name}</span>`);
}

/** Stretches of one state, as wide as they were long. */
function bars(states: readonly boolean[]): Content {
  const stretches: { state: boolean; length: number }[] = [];
  for (const state of states) {
    const last = stretches.at(-1);
    if (last?.state === state) last.length += 1;
    else stretches.push({ state, length: 1 });
  }
  return stretches.map(
    ({ state, length }) => html`<span class="${state ? "is-bad" : "is-good"}" style="flex:${length}"></span>`,
  );
}

function table({ headings, rows }: Extract<Picture, { kind: "table" }>): Html {
  return html`<div class="rows"><table><thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map(cell)}</tr>`)}</tbody></table></div>`;
}

function cell({ text, mood }: Figure): Html {
  return html`<td class="${mood}">${text}</td>`;
}
