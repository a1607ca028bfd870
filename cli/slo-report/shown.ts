import type { Paint } from "../paint.ts";
import { type Html, html } from "../report/markup.ts";
import { toTheMinute } from "../report/moments.ts";
import { pageHtml } from "../report/page.ts";
import { tableHtml } from "../report/table.ts";
import type { ObjectiveRow, SloReport } from "./result.ts";
import {
  factsOf,
  JOURNEY_HEAD,
  journeyRows,
  NOTES,
  PAGE_HEAD,
  pageRows,
  percent,
  summaryOf,
  TEAM_HEAD,
  teamRowsInWords,
  titleOf,
  verdictOf,
  WINDOW_HEAD,
  windowRows,
} from "./words.ts";

const STYLE = `
.budget { height: 0.7rem; border-radius: 99px; background: var(--wash); overflow: hidden; max-width: 32rem; margin: 0.5rem 0; }
.budget > div { height: 100%; background: var(--good); } .budget.is-bad > div { background: var(--bad); }
.objective { padding: 1rem 1.2rem; margin-top: 0.8rem; }
.objective header { display: flex; flex-wrap: wrap; gap: 0.2rem 0.8rem; align-items: baseline; }
.objective h4 { margin: 0.9rem 0 0.3rem; font-size: 0.9rem; }
.scroll th, .scroll td { padding: 0.5rem 0.9rem; font-size: 0.88rem; min-width: 6rem; }`;

/** A report for a browser. */
export function sloReportHtml(report: SloReport): string {
  const sections = [
    ...(report.journeys.length === 0
      ? []
      : [
          {
            id: "journeys",
            title: "Journeys",
            content: tableHtml("Journeys", JOURNEY_HEAD, journeyRows(report.journeys)),
          },
        ]),
    { id: "teams", title: "Teams", content: tableHtml("Teams", TEAM_HEAD, teamRowsInWords(report)) },
    ...report.teams.map(({ team }, index) => ({
      id: `team-${index}`,
      title: `Objectives of ${team ?? "no team"}`,
      content: html`${report.objectives.filter((row) => row.team === team).map((row) => objectiveHtml(row, report))}`,
    })),
    ...(report.maintenance.length === 0
      ? []
      : [{ id: "maintenance", title: "Maintenance", content: maintenanceHtml(report) }]),
    {
      id: "notes",
      title: "How it was counted",
      content: html`${NOTES.map((note) => html`<p class="quiet">${note}</p>\n`)}`,
    },
  ];
  return pageHtml({
    title: `${titleOf(report)} · Bellwether`,
    eyebrow: "Bellwether report of service levels",
    heading: titleOf(report),
    lede: `${summaryOf(report)}.`,
    checks: undefined,
    sections,
    style: STYLE,
    main: html`${sections.map(
      ({ id, title, content }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}</section>
`,
    )}`,
  });
}

function objectiveHtml(row: ObjectiveRow, report: SloReport): Html {
  const { service, slo, spentWithout, percent: objective, missed } = row;
  const about = `${service} ${slo}`;
  const isBad = row.isMetWithout === false;
  const table = (title: string, head: readonly string[], rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? undefined : html`<h4>${title}</h4>\n${tableHtml(`${title}, ${about}`, head, rows)}`;
  return html`<div class="card objective"><header><h3>${about}</h3> <span class="quiet">${objective}%</span>
<span class="tag ${isBad ? "bad" : "good"}">${verdictOf(row, report)}</span> <span>${percent(spentWithout)} of the budget spent</span></header>
<div class="budget${isBad ? " is-bad" : ""}" role="img" aria-label="${percent(spentWithout)} of the budget of ${about} spent"><div style="width: ${Math.min(100, 100 * (spentWithout ?? 0)).toFixed(1)}%"></div></div>
<dl class="facts">${factsOf(row, report).map(([what, value]) => html`<div><dt>${what}</dt><dd>${value}</dd></div>`)}</dl>
${table("What spent the budget", WINDOW_HEAD, windowRows(row))}${table("Pages", PAGE_HEAD, pageRows(row))}${missed.length === 0 ? undefined : html`<p>No page in hours in which one was due, from: ${missed.map((at) => at.slice(0, 16).replace("T", " ")).join(", ")}.</p>`}</div>
`;
}

function maintenanceHtml({ maintenance }: SloReport): Html | undefined {
  return tableHtml(
    "Maintenance",
    ["From", "To", "Services", "Owner", "Reason"],
    maintenance.map(({ start, end, services, owner, reason }) => [
      toTheMinute(start),
      toTheMinute(end),
      services.join(", "),
      owner,
      reason,
    ]),
  );
}

/** A report for a terminal. */
export function sloReportText(report: SloReport, paint: Paint, file: string): string {
  const lines = report.objectives.map((row) => {
    const text = `${row.service} ${row.slo} ${row.percent}%: ${verdictOf(row, report)}, ${percent(row.spentWithout)} of the budget spent`;
    return `  ${row.isMetWithout === false ? paint.red(text) : text}`;
  });
  return [
    paint.bold(`${titleOf(report)}: ${summaryOf(report)}.`),
    ...lines.slice(0, 20),
    ...(lines.length > 20 ? [paint.dim(`  and ${lines.length - 20} more`)] : []),
    `Report: ${file}`,
    "",
  ].join("\n");
}
