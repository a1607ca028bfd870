import { type AlertRow, alertCount } from "./alerts.ts";
import { messagesOf } from "./html-messages.ts";
import { type Content, type Html, html } from "./markup.ts";
import type { Report } from "./model.ts";
import { namespacesInWords, receiversInWords } from "./routes.ts";
import type { Section } from "./section.ts";
import { alertsInWords, isNotified, severityInWords, withBlanks } from "./sentences.ts";

export const SEVERITY_COLOURS: Readonly<Record<string, string>> = { critical: "bad", warning: "warn" };

/** Every alert as one folded row, below a form that the script of the page shows and applies. */
export function alertsSection({ alerts }: Report): Section | undefined {
  if (alerts.length === 0) return undefined;
  const severities = [...new Set(alerts.map(({ severity }) => severity))];
  return {
    id: "alerts",
    title: "Alerts",
    intro: html`${alertsInWords(alertCount(alerts))} Open a row for its condition, cost and runbook.`,
    content: html`${filterForm(alerts, severities)}
${severities.map((severity) => {
  const rows = alerts.filter((alert) => alert.severity === severity);
  return html`<div class="severity">
<header><h3><span class="tag ${SEVERITY_COLOURS[severity] ?? "calm"}">${severity}</span> ${rows.length}</h3><p>${severityInWords(severity)}</p></header>
<ul class="alerts">
${rows.map(alertRow)}</ul></div>
`;
})}`,
  };
}

function filterForm(alerts: readonly AlertRow[], severities: readonly string[]): Html {
  const values = (of: (alert: AlertRow) => readonly string[]) => [...new Set(alerts.flatMap(of))].sort();
  const select = (name: string, label: string, options: readonly string[]) =>
    html`<label>${label} <select name="${name}"><option value="">all</option>${options.map((option) => html`<option>${option}</option>`)}</select></label>
`;
  return html`<form class="filter" id="alert-filter" role="search" aria-label="Alerts" hidden>
<label class="text">Search <input type="search" name="text" autocomplete="off" spellcheck="false" placeholder="name, metric, service"></label>
${select("severity", "Severity", severities)}${select(
  "team",
  "Team",
  values(({ team }) => (team === "" ? [] : [team])),
)}${select("receiver", "Receiver", values(receiverNames))}<button type="reset">Clear</button>
<output aria-live="polite"></output>
</form>`;
}

/** As the filter and the rows name receivers. */
function receiverNames({ receivers, byNamespace }: AlertRow): readonly string[] {
  const elsewhere = byNamespace.flatMap((route) => route.receivers.map(({ name }) => name));
  const names = receivers.length === 0 ? [NO_RECEIVER] : receivers.map(({ name }) => name);
  return [...new Set([...names, ...elsewhere])];
}

const NO_RECEIVER = "no receiver";

function alertRow(alert: AlertRow): Html {
  const { id, name, severity, team, service, slo, by, summary, unproven } = alert;
  const about = [service, slo].filter((part) => part !== undefined).join(" ");
  return html`<li><details class="alert" id="${id}" data-name="${name}" data-severity="${severity}" data-team="${team}" data-receivers="${receiverNames(alert).join("\n")}">
<summary><span class="what"><span class="alert-name">${name}</span>${about === "" ? undefined : html` <span class="quiet">${about}</span>`}${by === "Grafana" ? html` <span class="quiet">in Grafana</span>` : undefined}${unproven ? html` <span class="tag warn">unproven</span>` : undefined}</span>
<span class="says">${blanks(summary)}</span>
<span class="held">${alert.for === "0s" ? "at once" : `for ${alert.for}`}</span>
<span class="to">${receiverCell(alert)}</span></summary>
${unfolded(alert)}</details></li>
`;
}

function unfolded(alert: AlertRow): Html {
  const { id, summary, description, expr, team, service, slo, by, severity, problem, reads } = alert;
  const { receivers, byNamespace, unproven } = alert;
  const facts: readonly (readonly [string, Content])[] = [
    ["Fires", firesInWords(alert)],
    [
      "Labels",
      [`severity ${severity}`, team && `team ${team}`, service && `service ${service}`, slo && `slo ${slo}`]
        .filter(Boolean)
        .join(", "),
    ],
    ["Evaluated by", by],
    ...(unproven ? [["Proof", UNPROVEN_IN_WORDS] as const] : []),
    ...(reads === undefined ? [] : [["Reads", reads] as const]),
    ["Notifies", problem ?? receiversInWords(receivers)],
    ...byNamespace.map(
      (route) =>
        [`Notifies ${namespacesInWords(route.namespaces)}`, receiversInWords(route.receivers)] as const,
    ),
  ];
  return html`<div class="inside">
${description === "" || description === summary ? undefined : html`<p>${blanks(description)}</p>\n`}<pre aria-label="Condition">${expr}</pre>
<dl>${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
<p class="links">${links(alert)}<a href="#${id}">Link to this alert</a></p>
${messagesOf(alert)}</div>
`;
}

const UNPROVEN_IN_WORDS = "none: the definition has no examples, so that no test says when it fires";

function firesInWords({ for: pending, keepFiringFor }: AlertRow): string {
  const first =
    pending === "0s" ? "as soon as the condition is true" : `when the condition has been true for ${pending}`;
  return keepFiringFor === undefined ? first : `${first}, and for ${keepFiringFor} after it was last true`;
}

function blanks(text: string): Content {
  return withBlanks(text).map((part) =>
    "text" in part ? part.text : html`<span class="blank">${part.blank}</span>`,
  );
}

function receiverCell(alert: AlertRow): Content {
  const { receivers, severity, problem } = alert;
  if (problem !== undefined) return html`<span class="tag bad">${NO_RECEIVER}</span>`;
  if (receivers.length > 0) return receiverNames(alert).join(", ");
  return html`<span class="quiet">${isNotified(severity) ? NO_RECEIVER : "no notification"}</span>`;
}

function links({ name, runbookUrl, dashboardUrl }: AlertRow): Content {
  const link = (url: string | undefined, text: string) =>
    url === undefined ? undefined : html`<a href="${url}" aria-label="${text} of ${name}">${text}</a> `;
  return [link(runbookUrl, "Runbook"), link(dashboardUrl, "Dashboard")];
}
