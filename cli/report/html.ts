import { totalInWords } from "../estimate/words.ts";
import type { ComponentGroup, ListedResource } from "./components.ts";
import { costCells } from "./costs.ts";
import { dashboardSection } from "./dashboards.ts";
import type { Difference } from "./differences.ts";
import { ESTIMATE_COLUMNS, estimateNotes, estimateRows } from "./estimate.ts";
import { alertsSection } from "./html-alerts.ts";
import { routesSection } from "./html-routes.ts";
import { type Html, html, verbatim } from "./markup.ts";
import { type PolicyGroup, passes, type Report } from "./model.ts";
import { count } from "./numbers.ts";
import { documentHtml } from "./page.ts";
import { PROMISE_COLUMNS, PROMISE_INTRO, promiseCells } from "./promises.ts";
import { SCRIPT, SCRIPT_SOURCE } from "./script.ts";
import type { Section } from "./section.ts";
import { findingsInWords, sizeInWords, VERDICT_WORDS, verdictInWords } from "./sentences.ts";
import { STYLE } from "./style.ts";

/** The report for a browser: one file that asks nothing of the network, and says so to the browser. */
export function renderHtml(report: Report): string {
  const sections = [
    attention(report),
    provisioned(report),
    routesSection(report),
    alertsSection(report),
    promises(report),
    costs(report),
    estimates(report),
    policies(report),
    dashboardSection(report),
    comparison(report),
  ].filter((section) => section !== undefined);
  return documentHtml({
    title: `${report.environment}: ${verdictInWords(report)} · Bellwether`,
    style: STYLE,
    script: SCRIPT_SOURCE,
    body: html`<div class="page">
${header(report, sections)}
<main>
${glance(report)}
${sections.map(
  ({ id, title, intro, content }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p class="intro">${intro}</p>
${content}
</section>
`,
)}<a class="to-top" href="#top">Back to top</a>
</main>
<footer><p>Made by <code>npm run preview</code> as of ${report.today}, from this repository alone, without an account, a cluster or a secret. The same folder has the manifests, rules, routes, dashboards and the graph of all resources.</p></footer>
</div>
<script>${verbatim(SCRIPT)}</script>
`,
  });
}

function header(report: Report, sections: readonly Section[]): Html {
  const { outcome } = report;
  const marks = [
    outcome.violations === 0 ? "is-good" : "is-bad",
    outcome.routing.length === 0 ? "is-good" : "is-bad",
    outcome.secretsToSet === 0 ? "is-good" : "is-open",
  ];
  const colour = passes(report) ? (outcome.secretsToSet === 0 ? "good" : "warn") : "bad";
  return html`<header id="top">
<div class="eyebrow">Bellwether preview · ${report.tier}</div>
<h1>${report.environment}</h1>
<p><span class="pill ${colour}">${verdictInWords(report)}</span></p>
<p class="lede">${sizeInWords(report)}.</p>
<ul class="checks">
${findingsInWords(report).map((finding, index) => html`<li class="${marks[index]}">${finding}</li>\n`)}${report.notices.map((notice) => html`<li class="is-open">${notice}</li>\n`)}</ul>
<nav aria-label="Sections"><ul>
${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>\n`)}</ul></nav>
</header>`;
}

function glance({ facts, volumes }: Report): Html {
  const shown = [...facts, { term: "Volumes", value: volumes }];
  return html`<section aria-label="At a glance"><dl class="facts">
${shown.map(({ term, value }) => html`<div><dt>${term}</dt><dd>${value}</dd></div>\n`)}</dl></section>`;
}

function attention(report: Report): Section | undefined {
  const { outcome } = report;
  const missing = report.secrets.filter(({ set }) => !set);
  const violations = report.policies.filter(({ verdict }) => verdict === "violation");
  if (violations.length + outcome.routing.length + missing.length === 0) return undefined;
  return {
    id: "attention",
    title: "Before the deployment",
    intro: passes(report)
      ? "No check fails. This is still to be done."
      : "What prevents the deployment, and the fix.",
    content: html`<ul class="findings">
${violations.map(finding)}${outcome.routing.map(unrouted)}${missing.length === 0 ? undefined : secretsToSet(report)}</ul>`,
  };
}

function unrouted(problem: string): Html {
  return html`<li class="card finding is-violation"><header><strong>routing</strong></header>
<p>${problem}.</p></li>
`;
}

function secretsToSet({ secrets }: Report): Html {
  const missing = secrets.filter(({ set }) => !set);
  return html`<li class="card finding"><header><strong>${count(missing.length, "secret")} to set</strong>
<span class="quiet">the environment names them, and they have no value yet</span></header>
<pre>${missing.map(({ command }) => `${command}\n`)}</pre>
<details class="more"><summary>Which fields name them</summary>
<ul>${missing.map(({ name, path }) => html`<li><code>${name}</code> <span class="quiet">${path}</span></li>\n`)}</ul></details></li>
`;
}

function provisioned({ components }: Report): Section {
  return {
    id: "provisioned",
    title: "Resources",
    intro:
      "In the order in which they are created. Open a component for its resources; pulumi destroy does not delete a protected one.",
    content: html`${components.map(componentGroup)}`,
  };
}

function componentGroup({ title, purpose, resources }: ComponentGroup): Html {
  const kept = resources.filter(({ protect }) => protect).length;
  return html`<details class="group">
<summary><h3>${title}</h3> <span class="purpose">${purpose}</span> <span class="number">${resources.length}<span class="quiet">${kept > 0 ? ` · ${kept} protected` : ""}</span></span></summary>
<dl class="kinds">
${byKind(resources).map(
  ([
    kind,
    members,
  ]) => html`<dt>${kind}${members.length > 1 ? html` <span class="quiet">× ${members.length}</span>` : undefined}</dt>
<dd><ul>${members.map(resourceItem)}</ul></dd>
`,
)}</dl>
</details>
`;
}

function resourceItem({ name, where, protect }: ListedResource): Html {
  const badge = protect ? html` <span class="tag calm">protected</span>` : undefined;
  return html`<li>${where ?? name}${badge}</li>`;
}

function byKind(
  resources: readonly ListedResource[],
): readonly (readonly [string, readonly ListedResource[]])[] {
  const kinds = new Map<string, ListedResource[]>();
  for (const resource of resources) kinds.set(resource.kind, [...(kinds.get(resource.kind) ?? []), resource]);
  return [...kinds];
}

/** A table that scrolls by itself on a narrow page. The first cell of a row is what the row is about. */
function table(label: string, columns: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
<table class="promises"><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map(([about, ...cells]) => html`<tr><th scope="row">${about}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody></table></div>`;
}

function promises({ promises }: Report): Section | undefined {
  if (promises.length === 0) return undefined;
  return {
    id: "promises",
    title: "Objectives",
    intro: PROMISE_INTRO,
    content: table("Table of objectives", PROMISE_COLUMNS, promises.map(promiseCells)),
  };
}

function costs({ costs: { intro, columns, rows } }: Report): Section {
  return {
    id: "costs",
    title: "Cost of rules",
    intro,
    content: html`<details class="more"><summary>${count(rows.length, "row")}: what each objective and the alerts cost</summary>
${table("Table of costs", columns, rows.map(costCells))}</details>`,
  };
}

function estimates({ estimate }: Report): Section | undefined {
  if (estimate === undefined) return undefined;
  return {
    id: "estimate",
    title: "Cost of AWS in a month",
    intro: `${totalInWords(estimate)}.`,
    content: html`<details class="more"><summary>All ${count(estimate.lines.length, "line")}, and what is not in it</summary>
<p>${estimateNotes(estimate).join(" ")}</p>
${table("Table of the estimate", ESTIMATE_COLUMNS, estimateRows(estimate))}</details>`,
  };
}

function policies(report: Report): Section {
  const { outcome, policies: groups, policiesAsked, tier } = report;
  const visible = groups.filter(({ verdict }) => verdict === "advice" || verdict === "waived");
  const undecided = groups.filter(({ verdict }) => verdict === "undecided");
  return {
    id: "policies",
    title: "Policies",
    intro: `${count(policiesAsked, "policy", "policies")}, at the level of ${tier}: ${count(outcome.violations, "violation")}, ${outcome.advice} advisory, ${outcome.waived} waived or snoozed.`,
    content: html`${outcome.violations === 0 ? undefined : html`<p>Violations are <a href="#attention">above</a>, with the fix.</p>`}
${visible.length > 0 ? html`<ul class="findings">\n${visible.map(finding)}</ul>` : undefined}
${groups.length === 0 ? html`<p><span class="tag good">no finding</span></p>` : undefined}
${undecided.length === 0 ? undefined : later(undecided, outcome.undecided)}`,
  };
}

function later(groups: readonly PolicyGroup[], checks: number): Html {
  return html`<details class="more"><summary>${count(checks, "check")} that need values from the deployment, and run at pulumi up</summary>
<ul class="findings">
${groups.map(finding)}</ul></details>`;
}

const VERDICT_COLOURS = { violation: "bad", advice: "warn", waived: "calm", undecided: "calm" } as const;

function finding({ verdict, policy, fix, findings }: PolicyGroup): Html {
  return html`<li class="card finding${verdict === "violation" ? " is-violation" : ""}"><header><strong>${policy}</strong> <span class="tag ${VERDICT_COLOURS[verdict]}">${VERDICT_WORDS[verdict]}</span></header>
<ul>${findings.map(
    ({ resource, what, waived }) =>
      html`<li>${resource === undefined ? undefined : html`<code>${resource}</code> `}${what}.${waived === undefined ? undefined : html` <span class="quiet">It is ${waived}</span>`}</li>
`,
  )}</ul>
${fix === undefined ? undefined : html`<p><span class="quiet">Fix:</span> ${fix}.</p>`}</li>
`;
}

function comparison({ environment, compared, differences }: Report): Section | undefined {
  if (compared.length < 2 || differences.length === 0) return undefined;
  const sections = [...new Set(differences.map(({ section }) => section))];
  return {
    id: "differences",
    title: "Differences between environments",
    intro: html`The settings that are not the same in all environments. <span class="key">Marked</span> values differ from ${environment}.`,
    content: html`<details class="more"><summary>${count(differences.length, "setting")} in ${sections.join(", ")}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Settings by environment">
<table class="compare"><thead><tr><th scope="col">Setting</th>${compared.map((name) => html`<th scope="col" class="${name === environment ? "here" : ""}">${name}</th>`)}</tr></thead>
${sections.map(
  (
    section,
  ) => html`<tbody><tr class="section"><th scope="rowgroup" colspan="${compared.length + 1}">${section}</th></tr>
${differences.filter((difference) => difference.section === section).map((difference) => differenceRow(difference, compared, environment))}</tbody>
`,
)}</table></div></details>`,
  };
}

function differenceRow(
  { section, setting, values }: Difference,
  compared: readonly string[],
  environment: string,
): Html {
  const here = values.get(environment);
  return html`<tr><th scope="row">${setting === "" ? section : setting}</th>${compared.map((name) => {
    const value = values.get(name);
    const state = name === environment ? "here" : value === undefined || value === here ? "same" : "other";
    return html`<td class="${state}">${value ?? "–"}</td>`;
  })}</tr>
`;
}
