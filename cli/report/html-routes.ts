import { SEVERITY_COLOURS } from "./html-alerts.ts";
import { type Content, type Html, html } from "./markup.ts";
import type { Report } from "./model.ts";
import { count } from "./numbers.ts";
import { kindInWords, namespacesInWords, type RouteRow } from "./routes.ts";
import type { Section } from "./section.ts";

/** Which receivers each severity of each team notifies, and how the other environments have it. */
export function routesSection(report: Report): Section | undefined {
  const { routes, alerts } = report;
  if (routes.length === 0) return undefined;
  return {
    id: "routes",
    title: "Notifications",
    intro:
      "The receivers of each severity and team. Alertmanager sends the first notification of a group after its group wait, one about new alerts in the group after the group interval, and repeats it after the repeat interval.",
    content: html`<table class="routes"><caption hidden>Receivers by severity and team</caption>
<thead><tr><th scope="col">Alerts</th><th scope="col">Receiver</th><th scope="col">Group wait</th><th scope="col">Group interval</th><th scope="col">Repeat interval</th></tr></thead>
<tbody>
${routes.map((row) => routeRow(row, alerts))}</tbody></table>
${everywhere(report)}`,
  };
}

function routeRow(row: RouteRow, all: Report["alerts"]): Html {
  const { severity, team, namespaces, alerts, rules, receivers, pace } = row;
  const workloads = namespaces.length === 0 ? "" : `workloads ${namespacesInWords(namespaces)}`;
  const waits: readonly (readonly [string, string])[] = [
    ["group wait ", pace?.groupWait ?? "–"],
    ["group interval ", pace?.groupInterval ?? "–"],
    ["repeat interval ", pace?.repeatInterval ?? "–"],
  ];
  const notified: Content =
    receivers.length === 0
      ? html`<span class="quiet">no notification</span>`
      : receivers.map(
          (receiver, index) =>
            html`${index > 0 ? html`<br>` : undefined}${receiver.name} <span class="quiet">${kindInWords(receiver)}</span>`,
        );
  // A name leads to its first row, and the script opens all of them.
  const names = alerts.map((name, index) => {
    const row = all.find(
      (alert) =>
        alert.name === name && alert.severity === severity && (workloads !== "" || alert.team === team),
    );
    return html`${index > 0 ? ", " : ""}${row === undefined ? name : html`<a href="#${row.id}">${name}</a>`}`;
  });
  return html`<tr><td><span class="tag ${SEVERITY_COLOURS[severity] ?? "calm"}">${severity}</span> <strong>${team === "" ? "no team" : team}</strong>${workloads === "" ? undefined : html` <span class="quiet">${workloads}</span>`} <details><summary>${count(rules, "alert")}<span hidden> of ${team}${workloads && `, ${workloads}`}, ${severity}</span></summary><p class="names">${names}</p></details></td>
<td>${notified}</td>
${waits.map(([words, wait]) => html`<td class="wait${pace === undefined ? " is-none" : ""}"><span class="hold">${words}</span>${wait}</td>`)}</tr>
`;
}

function everywhere({ compared, routeComparison, environment }: Report): Html | undefined {
  if (compared.length < 2) return undefined;
  return html`<details class="more"><summary>Receivers in every environment</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Receivers by environment">
<table class="compare"><thead><tr><th scope="col">Team and severity</th>${compared.map((name) => html`<th scope="col" class="${name === environment ? "here" : ""}">${name}</th>`)}</tr></thead>
<tbody>
${routeComparison.map(({ about, values }) => {
  const here = values.get(environment);
  return html`<tr><th scope="row">${about}</th>${compared.map((name) => {
    const value = values.get(name);
    const state = name === environment ? "here" : value === undefined || value === here ? "same" : "other";
    return html`<td class="${state}">${value ?? "no such team"}</td>`;
  })}</tr>
`;
})}</tbody></table></div></details>`;
}
