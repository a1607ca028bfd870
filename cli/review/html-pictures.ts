import { drawn } from "../report/dashboards.ts";
import { type Html, html } from "../report/markup.ts";
import { type ChangePictures, type DrawnPanel, MOST_PANELS, type PanelSide } from "./pictures.ts";

/** What the pictures of a review need beside the style of a report. */
export const PICTURE_STYLE = `.sides { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.4rem; margin: 0.6rem 0 0; }
.board.sides figure { height: auto; min-height: 6rem; }
.board.sides figure:has(img) { height: 15rem; }
.sides h3 { font-family: inherit; }
.sides h3, .sides .whole { grid-column: 1 / -1; margin: 0; font-size: 0.85rem; overflow-wrap: anywhere; }
.sides .why { margin: 0; padding: 0.4rem 0.55rem; color: var(--quiet); font-size: 0.85rem; overflow-wrap: anywhere; }
@media (max-width: 50rem) { .sides { display: block; } .board.sides figure { margin: 0.4rem 0; } }`;

/** The panels of a change before and after, and the names of those that are not drawn. */
export function picturesHtml({ drawn: panels, undrawn }: ChangePictures): Html {
  // A change of which nothing is drawn has their names already.
  const names = panels.length === 0 ? "" : `: ${undrawn.join("; ")}`;
  return html`${panels.map(panelHtml)}${
    undrawn.length === 0
      ? undefined
      : html`<p class="quiet">Without a picture, because a review draws ${MOST_PANELS} panels at most${names}.</p>`
  }`;
}

function panelHtml(panel: DrawnPanel): Html {
  const { about, environment, note } = panel;
  return html`<div class="board sides"><h3>${about} (${environment})</h3>
${sides(panel)}${note === undefined ? undefined : html`<p class="quiet whole">${note}.</p>`}</div>
`;
}

function sides({ about, before, after }: DrawnPanel): Html {
  const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(after);
  if (isSame && typeof before === "string") return html`<p class="why whole">Before and after: ${before}</p>`;
  if (isSame) return side("Before and after, which look the same", before, about);
  return html`${before === undefined ? undefined : side("Before", before, about)}${after === undefined ? undefined : side("After", after, about)}`;
}

function side(caption: string, of: PanelSide, about: string): Html {
  if (typeof of === "string") return html`<p class="why"><strong>${caption}</strong>: ${of}</p>\n`;
  return html`<figure><figcaption>${caption}</figcaption>${drawn(of, `${about}, ${caption.toLowerCase()}`)}</figure>\n`;
}
