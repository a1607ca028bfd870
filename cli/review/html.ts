import { type Html, html } from "../report/markup.ts";
import { pageHtml } from "../report/page.ts";
import { AREAS } from "./change.ts";
import { PICTURE_STYLE, picturesHtml } from "./html-pictures.ts";
import type { ChangePictures, ReviewPictures } from "./pictures.ts";
import { replayHtml } from "./replay/shown.ts";
import type { Review, ReviewedChange } from "./review.ts";
import { changeInWords, remindersInWords, summaryInWords } from "./sentences.ts";

/** A review for a browser: all of it, in one file that asks nothing of the network. */
export function reviewHtml(review: Review, pictures?: ReviewPictures): string {
  const [first] = review.changes;
  const areas = [...new Set(review.changes.map(({ area }) => area))];
  const title =
    first === undefined ? "No change" : changeInWords({ ...first, about: first.about.slice(0, 1) });
  return pageHtml({
    title: `Review against ${review.base} · Bellwether`,
    eyebrow: "Bellwether review",
    heading: title,
    lede: `${summaryInWords(review)}.`,
    checks: html`${review.failed.map((gate) => html`<li class="is-bad">Fails --fail-on ${gate}.</li>\n`)}${review.environments
      .filter(({ problem }) => problem !== null)
      .map(({ name, problem }) => problemItem(name, problem ?? ""))}${remindersInWords(review).map(
      (reminder) => html`<li>${reminder}</li>\n`,
    )}`,
    sections: areas.map((area) => ({ id: area, title: AREAS[area] })),
    style: `.finding { overflow-wrap: anywhere; }\n${PICTURE_STYLE}`,
    main: html`${review.replays.map(replayHtml)}${areas.map(
      (area) => html`<section id="${area}" aria-labelledby="${area}-title">
<h2 id="${area}-title">${AREAS[area]}</h2>
${area === "dashboards" && pictures !== undefined ? html`<p class="quiet">${pictures.from}.</p>\n` : undefined}<ul class="findings">
${review.changes.map((change, index) => (change.area === area ? item(change, pictures?.ofChange.get(index)) : undefined))}</ul>
</section>
`,
    )}`,
  });
}

/** A message as a terminal shows it: its lines stay lines. */
function problemItem(name: string, problem: string): Html {
  const [first = "", ...rest] = problem.trimEnd().split("\n");
  return html`<li class="is-bad">${name}: ${first}${rest.length === 0 ? undefined : html`<pre>${rest.join("\n")}</pre>`}</li>\n`;
}

function item(change: ReviewedChange, pictures: ChangePictures | undefined): Html {
  const { what, about, environments, gate, location } = change;
  const all =
    about.length > 4
      ? html`<details class="more"><summary>All ${about.length}</summary><ul>${about.map((name) => html`<li>${name}</li>`)}</ul></details>`
      : undefined;
  return html`<li class="card finding${gate === null ? "" : " is-violation"}"><header><strong>${changeInWords({ ...change, what: "" }).replace(/: $/, "")}</strong>
<span class="tag calm">${environments.join(", ")}</span>${gate === null ? undefined : html` <span class="tag bad">${gate}</span>`}</header>
<p>${what}.${location === null ? undefined : html` <span class="quiet">${location.file}:${location.line}</span>`}</p>
${all}${details(change)}${pictures && picturesHtml(pictures)}</li>
`;
}

function details({ details: rows }: ReviewedChange): Html | undefined {
  if (rows.length === 0) return undefined;
  const lines = rows.flatMap(({ label, before, after }) => [
    ...(before === null && after === null ? [`  ${label}\n`] : []),
    ...(before === null ? [] : [`- ${label}: ${before}\n`]),
    ...(after === null ? [] : [`+ ${label}: ${after}\n`]),
  ]);
  return html`<details class="more"${rows.length <= 6 ? html` open` : undefined}><summary>Before and after</summary><pre>${lines}</pre></details>`;
}
