import { type Content, type Html, html } from "./markup.ts";
import { count, type Report } from "./model.ts";
import type { RouteRow } from "./routes.ts";
import { isHeard } from "./sentences.ts";

const SEVERITY_COLOURS: Readonly<Record<string, string>> = { critical: "bad", warning: "warn" };

/** Who is told of what: one row for each severity and team, and beside it how the other environments have it. */
export function routesSection(report: Report) {
  const { routes, outcome } = report;
  if (routes.length === 0) return undefined;
  const heard = routes.filter(({ severity }) => isHeard(severity)).reduce((sum, { rules }) => sum + rules, 0);
  const good = heard - outcome.routing.length;
  return {
    id: "routes",
    title: "Who is told",
    intro: `${good} of ${count(heard, "critical and warning alert")} match a route below the root and end at a receiver that notifies somebody. The last three columns say how long a first notification waits for company, how long a later one, and when it is repeated.`,
    content: html`<table class="routes"><caption hidden>Receivers by severity and team</caption>
<thead><tr><th scope="col">Alerts</th><th scope="col">Goes to</th><th scope="col">First</th><th scope="col">New ones</th><th scope="col">Again</th></tr></thead>
<tbody>
${routes.map(routeRow)}</tbody></table>
${everywhere(report)}`,
  };
}

function routeRow({ severity, team, alerts, rules, receivers, pace }: RouteRow): Html {
  const waits: readonly (readonly [string, Content])[] = [
    ["first ", pace === undefined ? "–" : firstAfter(pace.groupWait)],
    ["new ones ", pace === undefined ? "–" : `after ${pace.groupInterval}`],
    ["again ", pace === undefined ? "–" : `after ${pace.repeatInterval}`],
  ];
  const told: Content =
    receivers.length === 0
      ? html`<span class="quiet">nobody</span>`
      : receivers.map(
          ({ name, kind }, index) =>
            html`${index > 0 ? html`<br>` : undefined}${name} <span class="quiet">${kind}</span>`,
        );
  return html`<tr><td><span class="tag ${SEVERITY_COLOURS[severity] ?? "calm"}">${severity}</span> <strong>${team === "" ? "no team" : team}</strong>
<details><summary>${count(rules, "alert")}<span hidden> of ${team}, ${severity}</span></summary><p class="names">${alerts.join(", ")}</p></details></td>
<td>${told}</td>
${waits.map(([words, wait]) => html`<td class="wait${pace === undefined ? " is-none" : ""}"><span class="hold">${words}</span>${wait}</td>`)}</tr>
`;
}

function firstAfter(wait: string): string {
  return wait === "0s" ? "at once" : `after ${wait}`;
}

function everywhere({ compared, routeComparison, environment }: Report): Html | undefined {
  if (compared.length < 2) return undefined;
  return html`<details class="more"><summary>Who is told in every environment</summary>
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
