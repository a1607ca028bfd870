import { escaped } from "../../report/markdown-text.ts";
import { type Html, html } from "../../report/markup.ts";
import { tableHtml } from "../../report/table.ts";
import type { Replay } from "./result.ts";
import { changedRows, incidentRows, notesOf, summaryOf, titleOf, totalRows } from "./words.ts";

const CHANGED = ["Alert", "Severity", "Receivers", "Before", "After"];
const INCIDENTS = ["Incident", "First alert before", "First alert after"];
const TOTALS = ["", "Before", "After"];

/** More rows are in review.html. */
const ROWS = 15;

/** A replay as a section of a comment, with at most so many rows of alerts and of incidents. */
export function replayMarkdown(replay: Replay, rows = ROWS): string {
  const table = (head: readonly string[], all: readonly (readonly string[])[]) =>
    all.length === 0
      ? []
      : [
          [
            line(head),
            line(head.map(() => "---")),
            ...all.slice(0, rows).map((cells) => line(cells.map(escaped))),
            ...(all.length > rows ? ["", `and ${all.length - rows} more, in review.html`] : []),
          ].join("\n"),
        ];
  return [
    `### ${escaped(titleOf(replay))}`,
    `${escaped(summaryOf(replay))}.`,
    ...table(TOTALS, totalRows(replay).slice(0, rows)),
    ...table(CHANGED, changedRows(replay)),
    ...table(INCIDENTS, incidentRows(replay)),
    `<sub>${notesOf(replay).map(shortened).map(escaped).join(" ")}</sub>`,
  ].join("\n\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

const LONGEST = 600;

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (review.html has all.)`;
}

/** A replay as a section of a page. */
export function replayHtml(replay: Replay): Html {
  const id = `replay-${replay.environment}`;
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${titleOf(replay)}</h2>
<p>${summaryOf(replay)}.</p>
${tableHtml("Firings", TOTALS, totalRows(replay))}${tableHtml("Alerts", CHANGED, changedRows(replay))}${tableHtml("Incidents", INCIDENTS, incidentRows(replay))}${notesOf(replay).map((note) => html`<p class="quiet">${note}</p>\n`)}</section>
`;
}
