import { html } from "./markup.ts";
import { type AlertRow, count, type PolicyFinding, type PolicyGroup, passes, type Report } from "./model.ts";
import { PROMISE_COLUMNS, promiseCells } from "./promises.ts";
import {
  findingsInWords,
  isHeard,
  sizeInWords,
  VERDICT_WORDS,
  verdictInWords,
  withBlanks,
} from "./sentences.ts";

/**
 * The report for a pull request: what matters first, the rest folded away. It stays far below the 65,536 characters that
 * GitHub takes, because resources are counted by kind and not listed.
 */
export function renderMarkdown(report: Report): string {
  const { environment, today } = report;
  const sections = [
    `## ${passes(report) ? "✅" : "❌"} ${escaped(environment)}: ${verdictInWords(report).toLowerCase()}`,
    `${sizeInWords(report)}. ${findingsInWords(report).join(" ")}`,
    violations(report),
    routing(report),
    secrets(report),
    folded("What is provisioned", components(report)),
    folded(`Who is told (${count(report.routes.length, "route")})`, routes(report)),
    folded(`Alerts (${report.alerts.length})`, alerts(report)),
    folded("What the objectives promise", promises(report)),
    folded(
      `Policy results below mandatory (${lesser(report).length})`,
      lesser(report).map(policyItem).join("\n"),
    ),
    folded(`Dashboards (${report.dashboards.length})`, dashboards(report)),
    folded("What differs between environments", differences(report)),
    `<sub>Bellwether preview as of ${escaped(today)}. No account, no cluster and no secret was touched.</sub>`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function violations({ policies, outcome }: Report): string {
  if (outcome.violations === 0) return "";
  const groups = policies.filter(({ verdict }) => verdict === "violation");
  return [`### ${count(outcome.violations, "policy violation")}`, ...groups.map(policyItem)].join("\n");
}

function lesser({ policies }: Report): readonly PolicyGroup[] {
  return policies.filter(({ verdict }) => verdict !== "violation");
}

function policyItem({ policy, findings, fix, verdict }: PolicyGroup): string {
  const mend = fix === undefined ? "" : `. Fix: ${escaped(fix)}`;
  return [`- **${escaped(policy)}**, ${VERDICT_WORDS[verdict]}${mend}`, ...findings.map(findingItem)].join(
    "\n",
  );
}

function findingItem({ resource, what, waived }: PolicyFinding): string {
  const about = resource === undefined ? "" : `${code(resource)}: `;
  return `  - ${about}${escaped(what)}${waived === undefined ? "" : ` (${escaped(waived)})`}`;
}

function routing({ outcome }: Report): string {
  if (outcome.routing.length === 0) return "";
  return [
    "### Alerts that would reach nobody",
    ...outcome.routing.map((problem) => `- ${escaped(problem)}`),
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

function components({ components }: Report): string {
  const rows = components.map(({ title, resources }) => {
    const kinds = new Map<string, number>();
    for (const { kind } of resources) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const kept = resources.filter(({ protect }) => protect).length;
    const list = [...kinds].map(([kind, amount]) => (amount === 1 ? kind : `${amount} × ${kind}`)).join(", ");
    return [escaped(title), String(resources.length), kept === 0 ? "" : String(kept), escaped(list)];
  });
  return table(["Component", "Resources", "Protected", "Kinds"], rows);
}

function routes({ routes, compared, routeComparison, environment }: Report): string {
  const here = table(
    ["Severity", "Team", "Alerts", "Goes to", "First after", "New ones after", "Again after"],
    routes.map(({ severity, team, rules, receivers, pace }) => [
      severity,
      escaped(team),
      String(rules),
      receivers.length === 0
        ? "nobody"
        : receivers.map(({ name, kind }) => `${code(name)} (${escaped(kind)})`).join(", "),
      pace?.groupWait ?? "",
      pace?.groupInterval ?? "",
      pace?.repeatInterval ?? "",
    ]),
  );
  if (compared.length < 2) return here;
  const everywhere = table(
    ["In every environment", ...environmentHeads(compared, environment)],
    routeComparison.map(({ about, values }) => [
      escaped(about),
      ...compared.map((name) => escaped(values.get(name) ?? "no such team")),
    ]),
  );
  return `${here}\n\n${everywhere}`;
}

/** The environments' names as heads of columns, the report's own in bold. */
function environmentHeads(compared: readonly string[], environment: string): readonly string[] {
  return compared.map((name) => (name === environment ? `**${escaped(name)}**` : escaped(name)));
}

function alerts({ alerts }: Report): string {
  return table(
    ["Alert", "Severity", "For", "Goes to", "What it says"],
    alerts.map((alert) => [alertName(alert), alert.severity, alert.for, receivers(alert), summary(alert)]),
  );
}

function summary({ summary }: AlertRow): string {
  return withBlanks(summary)
    .map((part) => ("text" in part ? escaped(part.text) : `_${escaped(part.blank)}_`))
    .join("");
}

function alertName({ name, runbookUrl }: AlertRow): string {
  return runbookUrl === undefined
    ? escaped(name)
    : `[${escaped(name)}](<${runbookUrl.replace(/[<>\s]/g, encodeURIComponent)}>)`;
}

function receivers({ receivers, severity }: AlertRow): string {
  if (receivers.length === 0) return isHeard(severity) ? "**nobody**" : "nobody";
  return receivers.map(({ name, kind }) => `${code(name)} (${escaped(kind)})`).join(", ");
}

function promises({ promises }: Report): string {
  return table(
    PROMISE_COLUMNS,
    promises.map((row) => promiseCells(row).map(escaped)),
  );
}

function dashboards({ dashboards }: Report): string {
  return dashboards
    .map(({ title, panels, file }) => `- ${escaped(title)}, ${count(panels, "panel")}: ${code(file)}`)
    .join("\n");
}

function differences({ compared, differences, environment }: Report): string {
  if (compared.length < 2) return "";
  return table(
    ["Setting", ...environmentHeads(compared, environment)],
    differences.map(({ section, setting, values }) => [
      code(setting === "" ? section : `${section}.${setting}`),
      ...compared.map((name) => escaped(values.get(name) ?? "–")),
    ]),
  );
}

function folded(summary: string, content: string): string {
  return content === ""
    ? ""
    : `<details><summary>${html`${summary}`.text}</summary>\n\n${content}\n\n</details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * Text that means nothing to Markdown, on one line. A comment parts `@` and `#` from what follows, or GitHub would notify a
 * person and link an issue of that name.
 */
export function escaped(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_{}[\]()|~!^$]/g, "\\$&")
    .replace(/(^|\s)([-+=])(?=\s)/g, "$1\\$2")
    .replace(/(^|\s)(\d+)\.(?=\s)/g, "$1$2\\.")
    .replace(/(?<![\w.])([@#])(?=\w)/g, "$1<!-- -->");
}

/** Text as code, whatever it holds: a fence longer than any run of backticks in it, and no bar that would end a cell. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}
