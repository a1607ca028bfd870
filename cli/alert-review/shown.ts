import type { Paint } from "../paint.ts";
import { escaped, table } from "../report/markdown-text.ts";
import { html } from "../report/markup.ts";
import { pageHtml } from "../report/page.ts";
import { tableHtml } from "../report/table.ts";
import type { AlertReview } from "./result.ts";
import {
  ALERT_HEAD,
  alertRows,
  INCIDENT_HEAD,
  incidentRows,
  PROPOSAL_HEAD,
  proposalRows,
  silentAlerts,
  summaryOf,
  TEAM_HEAD,
  teamRowsInWords,
  titleOf,
} from "./words.ts";

const FILE = "alert-review.html";
/** More rows are on the page. */
const ROWS = 25;

/** The teams that have alerts, in the order of their rows. */
function teamsOf({ teams }: AlertReview): readonly (string | null)[] {
  return teams.map(({ team }) => team);
}

/** A review of alerts as a comment or a page of a wiki. */
export function alertReviewMarkdown(review: AlertReview): string {
  const rows = (head: readonly string[], all: readonly (readonly string[])[]) =>
    table(
      head,
      all.map((cells) => cells.map(escaped)),
      ROWS,
      FILE,
    );
  const section = (title: string, content: string) => (content === "" ? [] : [`## ${title}`, content]);
  return `${[
    `# ${escaped(titleOf(review))}`,
    `${escaped(summaryOf(review))}.`,
    ...section("What to change", rows(PROPOSAL_HEAD, proposalRows(review.proposals))),
    ...section("Teams", rows(TEAM_HEAD, teamRowsInWords(review))),
    ...teamsOf(review).flatMap((team) =>
      section(
        `Alerts of ${escaped(team ?? "no team")}`,
        rows(ALERT_HEAD, alertRows(review.alerts.filter((row) => row.team === team))),
      ),
    ),
    ...section("Incidents", rows(INCIDENT_HEAD, incidentRows(review))),
    ...section("Never fired", rows(["Severity", "Alerts"], silentAlerts(review.alerts))),
    ...review.notes.map((note) => `<sub>${escaped(note)}</sub>`),
  ].join("\n\n")}\n`;
}

/** A review of alerts for a browser. */
export function alertReviewHtml(review: AlertReview): string {
  const sections = [
    {
      id: "changes",
      title: "What to change",
      content: tableHtml("Changes", PROPOSAL_HEAD, proposalRows(review.proposals)),
    },
    { id: "teams", title: "Teams", content: tableHtml("Teams", TEAM_HEAD, teamRowsInWords(review)) },
    ...teamsOf(review).map((team, index) => ({
      id: `team-${index}`,
      title: `Alerts of ${team ?? "no team"}`,
      content: tableHtml(
        `Alerts of ${team ?? "no team"}`,
        ALERT_HEAD,
        alertRows(review.alerts.filter((row) => row.team === team)),
      ),
    })),
    {
      id: "incidents",
      title: "Incidents",
      content: tableHtml("Incidents", INCIDENT_HEAD, incidentRows(review)),
    },
    {
      id: "never",
      title: "Never fired",
      content: tableHtml("Never fired", ["Severity", "Alerts"], silentAlerts(review.alerts)),
    },
  ].filter(({ content }) => content !== undefined);
  return pageHtml({
    title: `${titleOf(review)} · Bellwether`,
    eyebrow: "Bellwether alert review",
    heading: titleOf(review),
    lede: `${summaryOf(review)}.`,
    checks: undefined,
    sections,
    style:
      "td { min-width: 4.5rem; } td:first-child { min-width: 12rem; } .scroll th, .scroll td { padding: 0.5rem 0.9rem; font-size: 0.88rem; }",
    main: html`${sections.map(
      ({ id, title, content }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}</section>
`,
    )}<section id="notes" aria-labelledby="notes-title">
<h2 id="notes-title">How it was counted</h2>
${review.notes.map((note) => html`<p class="quiet">${note}</p>\n`)}</section>
`,
  });
}

/** A review of alerts for a terminal. */
export function alertReviewText(review: AlertReview, paint: Paint, file: string): string {
  return [
    paint.bold(`${titleOf(review)}: ${summaryOf(review)}.`),
    ...proposalRows(review.proposals)
      .slice(0, 10)
      .map(([change = "", , firings = ""]) => `  ${change} ${paint.dim(`(firings ${firings})`)}`),
    `Review: ${file}`,
    "",
  ].join("\n");
}
