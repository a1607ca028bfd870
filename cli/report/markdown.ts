import { totalInWords } from "../estimate/words.ts";
import { costCells } from "./costs.ts";
import { ESTIMATE_COLUMNS, estimateNotes, estimateRows } from "./estimate.ts";
import { type AlertDetail, alertsInMarkdown, shortestOfAlerts } from "./markdown-alerts.ts";
import { code, escaped, list, table } from "./markdown-text.ts";
import { html } from "./markup.ts";
import { type PolicyFinding, type PolicyGroup, passes, type Report } from "./model.ts";
import { count } from "./numbers.ts";
import { PROMISE_COLUMNS, promiseCells } from "./promises.ts";
import { kindInWords, namespacesInWords } from "./routes.ts";
import { findingsInWords, sizeInWords, VERDICT_WORDS, verdictInWords } from "./sentences.ts";

/** GitHub takes 65,536 characters for a comment; what posts it may add some of its own. */
const LONGEST = 60_000;

/** How much of the lists is shown. */
interface Detail {
  readonly alerts: AlertDetail;
  /** Of the other lists. */
  readonly rows: number;
}

const EVERYTHING = Number.POSITIVE_INFINITY;

/** Long conditions are left out first, then other lists are cut, and the name of an alert is never left out. */
const DETAILS: readonly Detail[] = [
  ...[EVERYTHING, 1000, 600, 400, 300, 200, 100, 0].map((conditions) => ({
    alerts: { kind: "rows", conditions } as const,
    rows: EVERYTHING,
  })),
  ...[100, 50, 20, 10].map((rows) => ({ alerts: { kind: "rows", conditions: 0 } as const, rows })),
  ...[100, 50, 20, 10, 5].map((rows) => ({ alerts: { kind: "names" } as const, rows })),
];

/**
 * The report for a pull request: what a reviewer must see first, the rest folded. Resources are counted by kind. If the text would not
 * fit into a comment, conditions and rows are left out, and the text says so.
 */
export function renderMarkdown(report: Report): string {
  let text = "";
  for (const detail of DETAILS) {
    if (shortestOfAlerts(report.alerts, detail.alerts) > LONGEST) continue;
    text = renderDetail(report, detail);
    if (text.length <= LONGEST) break;
  }
  return text;
}

function renderDetail(report: Report, { rows: most, alerts: ofAlerts }: Detail): string {
  const { environment, today } = report;
  const sections = [
    `## ${passes(report) ? "✅" : "❌"} ${escaped(environment)}: ${verdictInWords(report).toLowerCase()}`,
    `${sizeInWords(report)}. ${findingsInWords(report).join(" ")}`,
    `Volumes: ${escaped(report.volumes)}.`,
    notices(report),
    violations(report, most),
    routing(report, most),
    secrets(report),
    folded("Resources", components(report, most)),
    folded(`Notifications (${count(report.routes.length, "row")})`, routes(report, most)),
    folded(`Alerts (${report.alerts.length})`, alertsInMarkdown(report.alerts, ofAlerts)),
    folded("Objectives", promises(report, most)),
    folded("Cost of rules", costs(report)),
    ...estimates(report),
    folded(
      `Policy results below mandatory (${lesser(report).length})`,
      list(
        lesser(report).map((group) => policyItem(group, most)),
        most,
      ),
    ),
    folded(`Dashboards (${report.dashboards.length})`, dashboards(report, most)),
    folded("Differences between environments", differences(report, most)),
    `<sub>Bellwether preview as of ${escaped(today)}. Made without an account, a cluster or a secret.</sub>`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function notices({ notices: all }: Report): string {
  return all.map((notice) => `> ${escaped(notice)}`).join("\n>\n");
}

function violations({ policies, outcome }: Report, most: number): string {
  if (outcome.violations === 0) return "";
  const groups = policies.filter(({ verdict }) => verdict === "violation");
  return [
    `### ${count(outcome.violations, "policy violation")}`,
    ...groups.map((group) => policyItem(group, most)),
  ].join("\n");
}

function lesser({ policies }: Report): readonly PolicyGroup[] {
  return policies.filter(({ verdict }) => verdict !== "violation");
}

function policyItem({ policy, findings, fix, verdict }: PolicyGroup, most: number): string {
  const fixed = fix === undefined ? "" : `. Fix: ${escaped(fix)}`;
  const heading = `- **${escaped(policy)}**, ${VERDICT_WORDS[verdict]}${fixed}`;
  return [heading, ...(findings.length > 0 ? [list(findings.map(findingItem), most, "  - ")] : [])].join(
    "\n",
  );
}

function findingItem({ resource, what, waived }: PolicyFinding): string {
  const about = resource === undefined ? "" : `${code(resource)}: `;
  return `  - ${about}${escaped(what)}${waived === undefined ? "" : ` (${escaped(waived)})`}`;
}

function routing({ outcome }: Report, most: number): string {
  if (outcome.routing.length === 0) return "";
  return [
    "### Critical and warning alerts without a receiver",
    list(
      outcome.routing.map((problem) => `- ${escaped(problem)}`),
      most,
    ),
  ].join("\n");
}

function secrets(report: Report): string {
  const missing = report.secrets.filter(({ set }) => !set);
  if (missing.length === 0) return "";
  return [
    `### ${count(missing.length, "secret")} to set before \`pulumi up\``,
    "```sh",
    ...missing.map(({ command }) => command),
    "```",
  ].join("\n");
}

function components({ components }: Report, most: number): string {
  const rows = components.map(({ title, resources }) => {
    const kinds = new Map<string, number>();
    for (const { kind } of resources) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const kept = resources.filter(({ protect }) => protect).length;
    const list = [...kinds].map(([kind, amount]) => (amount === 1 ? kind : `${amount} × ${kind}`)).join(", ");
    return [escaped(title), String(resources.length), kept === 0 ? "" : String(kept), escaped(list)];
  });
  return table(["Component", "Resources", "Protected", "Kinds"], rows, most);
}

function routes({ routes, compared, routeComparison, environment }: Report, most: number): string {
  const here = table(
    ["Severity", "Team", "Alerts", "Receiver", "Group wait", "Group interval", "Repeat interval"],
    routes.map(({ severity, team, namespaces, rules, receivers, pace }) => [
      severity,
      escaped([team, ...(namespaces.length === 0 ? [] : [namespacesInWords(namespaces)])].join(", ")),
      String(rules),
      receivers.length === 0
        ? "no notification"
        : receivers
            .map((receiver) => `${code(receiver.name)} (${escaped(kindInWords(receiver))})`)
            .join(", "),
      pace?.groupWait ?? "",
      pace?.groupInterval ?? "",
      pace?.repeatInterval ?? "",
    ]),
    most,
  );
  if (compared.length < 2) return here;
  const everywhere = table(
    ["Receivers by environment", ...environmentHeads(compared, environment)],
    routeComparison.map(({ about, values }) => [
      escaped(about),
      ...compared.map((name) => escaped(values.get(name) ?? "no such team")),
    ]),
    most,
  );
  return `${here}\n\n${everywhere}`;
}

/** The environments' names as heads of columns, the report's own in bold. */
function environmentHeads(compared: readonly string[], environment: string): readonly string[] {
  return compared.map((name) => (name === environment ? `**${escaped(name)}**` : escaped(name)));
}

function promises({ promises }: Report, most: number): string {
  return table(
    PROMISE_COLUMNS,
    promises.map((row) => promiseCells(row).map(escaped)),
    most,
  );
}

function costs({ costs: { intro, columns, rows } }: Report): string {
  const cells = rows.map((row) => costCells(row).map(escaped));
  return `${escaped(intro)}\n\n${table(columns, cells, Number.POSITIVE_INFINITY)}`;
}

function estimates({ estimate }: Report): readonly string[] {
  if (estimate === undefined) return [];
  const rows = estimateRows(estimate).map((cells) => cells.map(escaped));
  return [
    folded(
      `Cost of AWS in a month (${totalInWords(estimate)})`,
      `${estimateNotes(estimate).map(escaped).join(" ")}\n\n${table(ESTIMATE_COLUMNS, rows, EVERYTHING)}`,
    ),
  ];
}

function dashboards({ dashboards }: Report, most: number): string {
  const lines = dashboards.map(
    ({ title, panels, file }) => `- ${escaped(title)}, ${count(panels, "panel")}: ${code(file)}`,
  );
  return list(lines, most);
}

function differences({ compared, differences, environment }: Report, most: number): string {
  if (compared.length < 2) return "";
  return table(
    ["Setting", ...environmentHeads(compared, environment)],
    differences.map(({ section, setting, values }) => [
      code(setting === "" ? section : `${section}.${setting}`),
      ...compared.map((name) => escaped(values.get(name) ?? "–")),
    ]),
    most,
  );
}

function folded(summary: string, content: string): string {
  return content === ""
    ? ""
    : `<details><summary>${html`${summary}`.text}</summary>\n\n${content}\n\n</details>`;
}
